"""
A running OSRM or Valhalla server on the user's own host, asked over HTTP.

Nothing is sent anywhere but to the address given, and no proxy is asked.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from comarca.errors import ParameterError, RouterError
from comarca.model.matrices import Mode
from comarca.travel.backends.asking import Answer, RouterSource
from comarca.travel.backends.osrm import osrm_answer, osrm_profile
from comarca.travel.backends.valhalla import valhalla_answer, valhalla_question

FloatArray = NDArray[np.float64]

_BLOCK_SIZES = {"osrm": 50, "valhalla": 50}
"""Towns on either side that servers answer without a changed configuration."""


class ServerRouter:
    """
    A server, as a :class:`comarca.travel.backends.Router`.

    Parameters
    ----------
    address
        Such as ``"http://localhost:5000"``.
    kind
        ``"osrm"`` or ``"valhalla"``.
    timeout_s
        How long to wait for one answer, seconds.
    """

    def __init__(
        self, address: str, kind: Literal["osrm", "valhalla"], *, timeout_s: float = 60.0
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ParameterError(
                f'"{address}" is no address; expected one such as http://localhost:5000.'
            )
        if kind not in _BLOCK_SIZES:
            raise ParameterError(f'"{kind}" is no kind of server; expected osrm or valhalla.')
        self.address = address.rstrip("/")
        self.kind = kind
        self.timeout_s = timeout_s
        # A user's own host needs no proxy, and nothing must leave it through one.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    @property
    def name(self) -> str:
        """Kind and address."""
        return f"{'OSRM' if self.kind == 'osrm' else 'Valhalla'} at {self.address}"

    def block(self, mode: Mode, origins: FloatArray, destinations: FloatArray) -> Answer:
        """Ask for a block, as :class:`comarca.travel.backends.Router` says."""
        shape = (len(origins), len(destinations))
        if self.kind == "osrm":
            return osrm_answer(self._ask(_osrm_path(mode, origins, destinations)), shape, self.name)
        question = valhalla_question(mode, origins, destinations)
        return valhalla_answer(self._ask("/sources_to_targets", question), shape, self.name)

    def _ask(self, path: str, content: Mapping[str, Any] | None = None) -> Any:
        data = None if content is None else json.dumps(content).encode("utf-8")
        request = urllib.request.Request(  # noqa: S310  # the scheme was looked at above
            self.address + path, data=data, headers={"Content-Type": "application/json"}
        )
        try:
            with self._opener.open(request, timeout=self.timeout_s) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise RouterError(f"{self.name} refuses: {_told(error)}.") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise RouterError(f"{self.name} does not answer: {reason}.") from None


def _told(error: urllib.error.HTTPError) -> str:
    """What a server says of why it refuses, in a line."""
    try:
        content = json.load(error)
        return str(content.get("message") or content.get("error") or error.reason)
    except (ValueError, AttributeError):
        return f"{error.code} {error.reason}"


def _osrm_path(mode: Mode, origins: FloatArray, destinations: FloatArray) -> str:
    places = np.concatenate((origins, destinations))
    told = ";".join(f"{lon:.6f},{lat:.6f}" for lat, lon in places)
    n = len(origins)
    sources = ";".join(map(str, range(n)))
    targets = ";".join(map(str, range(n, len(places))))
    return (
        f"/table/v1/{osrm_profile(mode)}/{told}?annotations=duration,distance"
        f"&sources={sources}&destinations={targets}"
    )


class ServerSource(RouterSource):
    """
    A server as the source of a region's travel times.

    Parameters
    ----------
    address, kind, timeout_s
        As for :class:`ServerRouter`.
    otherwise
        Another source for pairs the server does not tell.

    Raises
    ------
    ParameterError
        When the address or the kind is none.
    """

    def __init__(
        self,
        address: str,
        kind: Literal["osrm", "valhalla"],
        *,
        timeout_s: float = 60.0,
        otherwise: Any = None,
    ) -> None:
        router = ServerRouter(address, kind, timeout_s=timeout_s)
        super().__init__(router=router, block_size=_BLOCK_SIZES[kind], otherwise=otherwise)
