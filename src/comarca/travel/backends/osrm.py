"""
OSRM: its table service, over HTTP or through its Python library.

References
----------
.. [1] Luxen, D. and Vetter, C. (2011). Real-time routing with OpenStreetMap data. ACM SIGSPATIAL
       GIS 2011, 513-516.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.errors import ParameterError, RouterError
from comarca.model.matrices import Mode
from comarca.travel.backends.asking import Answer, RouterSource
from comarca.units import M_PER_KM, SECONDS_PER_MIN

FloatArray = NDArray[np.float64]


def osrm_profile(mode: Mode) -> str:
    """Name of a profile in the address; a server answers by the one it was prepared with."""
    return {"car": "driving", "truck": "driving", "bus": "driving"}[mode]


def osrm_answer(content: Any, shape: tuple[int, int], name: str) -> Answer:
    """
    Read an answer of the table service.

    Raises
    ------
    RouterError
        When it is no such answer.
    """
    if not isinstance(content, dict) or content.get("code", "Ok") != "Ok":
        told = content.get("message", content.get("code")) if isinstance(content, dict) else content
        raise RouterError(f"{name} refuses: {told}.")
    try:
        minutes = np.array(content["durations"], dtype=np.float64) / SECONDS_PER_MIN
        km = np.array(content["distances"], dtype=np.float64) / M_PER_KM
    except (KeyError, TypeError, ValueError):
        raise RouterError(f"{name} answers something else than a table.") from None
    if minutes.shape != shape or km.shape != shape:
        raise RouterError(f"{name} answers a table of shape {minutes.shape}; expected {shape}.")
    return minutes, km


class OsrmRouter:
    """
    The library, over data that ``osrm-extract`` and its companions prepared.

    Parameters
    ----------
    data
        The prepared file, such as ``region.osrm``.
    algorithm
        ``"CH"`` or ``"MLD"``, as the data were prepared.

    Raises
    ------
    ParameterError
        When the library is not installed.
    """

    name = "OSRM"

    def __init__(self, data: Path | str, *, algorithm: str = "MLD") -> None:
        try:
            import osrm
        except ImportError:
            raise ParameterError(
                "OSRM's library is not installed; pip install comarca[osrm] "
                "(Python 3.12 and later)."
            ) from None
        self._library = osrm
        self._engine = osrm.OSRM(
            storage_config=str(data), algorithm=algorithm, use_shared_memory=False
        )

    def block(self, mode: Mode, origins: FloatArray, destinations: FloatArray) -> Answer:
        """Ask for a block, as :class:`comarca.travel.backends.Router` says."""
        places = np.concatenate((origins, destinations))
        question = self._library.TableParameters(
            coordinates=[(float(lon), float(lat)) for lat, lon in places],
            sources=list(range(len(origins))),
            destinations=list(range(len(origins), len(places))),
            annotations=["duration", "distance"],
        )
        try:
            answer = self._engine.Table(question)
            content = {key: _plain(answer[key]) for key in ("durations", "distances")}
        except RuntimeError as error:
            raise RouterError(f"OSRM refuses: {error}.") from None
        return osrm_answer(content, (len(origins), len(destinations)), self.name)


def _plain(rows: Any) -> list[list[Any]]:
    """The library's own arrays as lists."""
    return [list(row) for row in rows]


class OsrmSource(RouterSource):
    """The library as the source of a region's travel times; parameters as for the router."""

    def __init__(self, data: Path | str, *, algorithm: str = "MLD", otherwise: Any = None) -> None:
        super().__init__(router=OsrmRouter(data, algorithm=algorithm), otherwise=otherwise)
