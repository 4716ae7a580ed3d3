"""
Road networks on disk: one file whose arrays are read by memory map.

The file begins with a line of JSON that tells every array's type, length and place; the arrays
follow, each at a multiple of 64 bytes, in the byte order of small machines. Nothing is unpacked:
what a computation does not touch is never read.
"""

from __future__ import annotations

import json
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.errors import Fault, OutputError, RoadFileError
from comarca.model.roads import CLASSES, SMOOTHNESSES, SURFACES, RoadNetwork, RoadWays

ROADS_FILE = "roads.network"
"""Name of the file in the folder of a region."""
OSM_FILE = "roads.osm.pbf"
"""Name of an OpenStreetMap extract in the folder of a region."""

FORMAT = "comarca-roads"
VERSION = 1
_ALIGNED_TO = 64
_WAYS = "ways."
_WORDS = {"CLASSES": CLASSES, "SURFACES": SURFACES, "SMOOTHNESSES": SMOOTHNESSES}


def write_roads(network: RoadNetwork, path: Path | str) -> Path:
    """
    Write a network as one file.

    Parameters
    ----------
    network
        What to write.
    path
        The file; an older one is replaced once the new one is whole.

    Raises
    ------
    OutputError
        When it cannot be written there.
    """
    file = Path(path)
    arrays = _arrays(network)
    places: dict[str, dict[str, Any]] = {}
    end = 0
    for name, values in arrays.items():
        start = -(-end // _ALIGNED_TO) * _ALIGNED_TO
        places[name] = {"type": values.dtype.str, "length": len(values), "start": start}
        end = start + values.nbytes
    header = {
        "format": FORMAT,
        "version": VERSION,
        "bytes": end,
        "source": network.source,
        "words": {name: list(words) for name, words in _WORDS.items()},
        "arrays": places,
    }
    line = json.dumps(header, ensure_ascii=False).encode("utf-8")
    line += b" " * (-(len(line) + 1) % _ALIGNED_TO) + b"\n"
    unfinished = file.with_name(f".{file.name}-unfinished")
    try:
        with unfinished.open("wb") as stream:
            stream.write(line)
            for name, values in arrays.items():
                stream.seek(len(line) + places[name]["start"])
                np.ascontiguousarray(values).tofile(stream)
            stream.truncate(len(line) + end)
        os.replace(unfinished, file)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise OutputError(f"{file} cannot be written: {error.strerror}.") from error
    return file


def read_roads(path: Path | str) -> RoadNetwork:
    """
    Open a network that was written before.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    RoadNetwork
        Its arrays are memory maps, read-only.

    Raises
    ------
    RoadFileError
        When there is no such file, it is damaged, or it is of another version.
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            line = stream.readline(1_000_000)
        header = json.loads(line)
        told = (header["format"], header["version"])
        is_ours = told == (FORMAT, VERSION) and header["words"] == {
            name: list(words) for name, words in _WORDS.items()
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        value = f"not readable ({getattr(error, 'strerror', None) or 'damaged'})"
        raise _refused(file, value) from None
    if not is_ours:
        raise _refused(file, "of another version of Comarca")
    if file.stat().st_size != len(line) + header["bytes"]:
        raise _refused(file, "cut off")
    try:
        return _network(file, header, len(line))
    except (KeyError, TypeError, ValueError):
        raise _refused(file, "damaged") from None


def _refused(file: Path, value: str) -> RoadFileError:
    return RoadFileError(
        Fault(
            place=file.name,
            object="the file",
            value=value,
            expectation="a road network; comarca roads writes it anew",
        )
    )


def _arrays(network: RoadNetwork) -> dict[str, NDArray[Any]]:
    """Every array by name, small end first; names of roads as UTF-8 with their ends."""
    arrays = {f"{_WAYS}{f.name}": getattr(network.ways, f.name) for f in fields(network.ways)}
    for f in fields(network):
        if isinstance(values := getattr(network, f.name), np.ndarray):
            arrays[f.name] = values
    letters = [name.encode("utf-8") for name in network.names]
    arrays["names.letters"] = np.frombuffer(b"".join(letters), dtype=np.uint8)
    arrays["names.ends"] = np.cumsum([len(name) for name in letters], dtype=np.int64)
    return {
        name: values.astype(values.dtype.newbyteorder("<"), copy=False)
        for name, values in arrays.items()
    }


def _network(file: Path, header: dict[str, Any], start: int) -> RoadNetwork:
    whole = np.memmap(file, dtype=np.uint8, mode="r")
    arrays = {}
    for name, place in header["arrays"].items():
        dtype = np.dtype(place["type"])
        begin = start + place["start"]
        piece = whole[begin : begin + dtype.itemsize * place["length"]]
        arrays[name] = piece.view(dtype).view(np.ndarray)
    letters, ends = arrays.pop("names.letters").tobytes(), arrays.pop("names.ends")
    starts = np.concatenate(([0], ends[:-1]))
    names = tuple(
        letters[begin:end].decode("utf-8") for begin, end in zip(starts, ends, strict=True)
    )
    ways = {
        name.removeprefix(_WAYS): arrays.pop(name) for name in list(arrays) if _WAYS in name[:5]
    }
    return RoadNetwork(ways=RoadWays(**ways), names=names, source=header["source"], **arrays)
