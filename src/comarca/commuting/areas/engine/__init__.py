"""
The machinery of labour market areas: compiled loops over towns and groups as numbers.
"""
