"""
The machinery of Intramax and of commuting zones: a compiled loop over zones as numbers.
"""
