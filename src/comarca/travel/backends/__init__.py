"""
Travel times from other routers, behind the interface of every other source.

``ServerSource`` asks an OSRM or Valhalla server on the user's own host; ``ValhallaSource`` and
``OsrmSource`` ask the libraries, where they are installed (``pip install comarca[valhalla]``,
``comarca[osrm]``; wheels exist for Python 3.12 and later). None of them is needed: Comarca's own
roads do without.
"""

from comarca.travel.backends.asking import Router, RouterSource
from comarca.travel.backends.osrm import OsrmRouter, OsrmSource
from comarca.travel.backends.server import ServerSource
from comarca.travel.backends.valhalla import ValhallaRouter, ValhallaSource

__all__ = [
    "OsrmRouter",
    "OsrmSource",
    "Router",
    "RouterSource",
    "ServerSource",
    "ValhallaRouter",
    "ValhallaSource",
]
