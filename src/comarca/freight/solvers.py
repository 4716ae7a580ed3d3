"""The libraries that solve; a machine may lack them although Comarca was installed."""

from __future__ import annotations

from importlib import import_module

from comarca.errors import SolverMissingError

SOLVERS = ("highspy", "pyvrp")


def require_solvers() -> None:
    """
    Make sure that the solvers can be loaded, before anything is computed.

    Raises
    ------
    SolverMissingError
        With those that cannot, and why.
    """
    reasons = {}
    for name in SOLVERS:
        try:
            import_module(name)
        except ImportError as error:
            reasons[name] = str(error)
    if reasons:
        raise SolverMissingError(reasons)
