"""
The compiled part of the bound: cheapest rounds that may visit a customer again, but not at once.
"""
