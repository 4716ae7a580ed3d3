"""Spanning trees in compiled loops, and the multipliers under which they bound rounds best."""
