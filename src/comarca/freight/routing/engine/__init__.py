"""
The compiled search for rounds: depots, customers and trucks as numbers.
"""
