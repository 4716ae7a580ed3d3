"""The region, what stages hand on, the data dictionary and the checks; imports no other part."""
