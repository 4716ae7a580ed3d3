"""
The whole freight problem solved exactly, to check the solver by.

Nothing of the solver is used but its input type. ``proof.py`` has the method, ``relaxation.py`` and
``programme.py`` the formulation.
"""
