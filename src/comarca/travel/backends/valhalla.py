"""
Valhalla: its matrix, over HTTP or through its Python library.

The library is asked with the limits on matrices raised, since a region has more towns than a public
server would answer for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.errors import ParameterError, RouterError
from comarca.model.matrices import Mode
from comarca.travel.backends.asking import Answer, RouterSource
from comarca.units import SECONDS_PER_MIN

FloatArray = NDArray[np.float64]

_COSTINGS: Mapping[Mode, str] = {"car": "auto", "truck": "auto", "bus": "bus"}
"""A light truck is no truck to Valhalla, whose trucks are heavy: it drives as a car."""

_RAISED = {
    "max_locations": 100_000,
    "max_matrix_locations": 100_000_000,
    "max_matrix_location_pairs": 100_000_000,
    "max_matrix_distance": 5_000_000.0,
    "max_distance": 5_000_000.0,
    "max_timedep_distance_matrix": 0,
}
_COSTING_LIMITS = ("auto", "bus", "truck")


def valhalla_question(mode: Mode, origins: FloatArray, destinations: FloatArray) -> dict[str, Any]:
    """Build a question for the matrix service."""
    return {
        "sources": [{"lat": float(lat), "lon": float(lon)} for lat, lon in origins],
        "targets": [{"lat": float(lat), "lon": float(lon)} for lat, lon in destinations],
        "costing": _COSTINGS[mode],
        "units": "kilometers",
        "verbose": True,
    }


def valhalla_answer(content: Any, shape: tuple[int, int], name: str) -> Answer:
    """
    Read an answer of the matrix service.

    Raises
    ------
    RouterError
        When it is no such answer.
    """
    minutes, km = np.full((2, *shape), np.nan)
    try:
        for row in content["sources_to_targets"]:
            for cell in row:
                if cell["time"] is not None and cell["distance"] is not None:
                    at = (cell["from_index"], cell["to_index"])
                    minutes[at] = cell["time"] / SECONDS_PER_MIN
                    km[at] = cell["distance"]
    except (KeyError, TypeError, IndexError):
        told = content.get("error") if isinstance(content, dict) else None
        raise RouterError(
            f"{name} refuses: {told}." if told else f"{name} answers something else than a matrix."
        ) from None
    return minutes, km


class ValhallaRouter:
    """
    The library, over tiles that ``valhalla_build_tiles`` made.

    Parameters
    ----------
    config
        The configuration the tiles were made with, a JSON file.

    Raises
    ------
    ParameterError
        When the library is not installed, or the configuration cannot be read.
    """

    name = "Valhalla"

    def __init__(self, config: Path | str) -> None:
        try:
            import valhalla
        except ImportError:
            raise ParameterError(
                "Valhalla's library is not installed; pip install comarca[valhalla] "
                "(Python 3.12 and later)."
            ) from None
        self._actor = valhalla.Actor(raised_limits(_read_config(Path(config))))

    def block(self, mode: Mode, origins: FloatArray, destinations: FloatArray) -> Answer:
        """Ask for a block, as :class:`comarca.travel.backends.Router` says."""
        question = valhalla_question(mode, origins, destinations)
        try:
            content = json.loads(self._actor.matrix(json.dumps(question)))
        except (RuntimeError, ValueError) as error:
            raise RouterError(f"Valhalla refuses: {error}.") from None
        return valhalla_answer(content, (len(origins), len(destinations)), self.name)


def _read_config(file: Path) -> dict[str, Any]:
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
        config["service_limits"]["auto"]["max_locations"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ParameterError(
            f"{file.name} is no configuration of Valhalla; expected the JSON that "
            "valhalla_build_config writes."
        ) from None
    return dict(config)


def raised_limits(config: Mapping[str, Any]) -> dict[str, Any]:
    """The same configuration, with limits that let a region's matrix through."""
    limits = {
        costing: {**own, **{key: value for key, value in _RAISED.items() if key in own}}
        if costing in _COSTING_LIMITS and isinstance(own, Mapping)
        else own
        for costing, own in config["service_limits"].items()
    }
    return {**config, "service_limits": limits}


class ValhallaSource(RouterSource):
    """The library as the source of a region's travel times; parameters as for the router."""

    def __init__(self, config: Path | str, *, otherwise: Any = None) -> None:
        super().__init__(router=ValhallaRouter(config), block_size=50, otherwise=otherwise)
