"""
Location without rounds, compiled: knapsacks that bound it, and customers moved between sites.
"""
