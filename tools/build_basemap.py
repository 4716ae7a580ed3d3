"""
Build ``src/comarca/defaults/natural_earth/admin.npz`` from QGIS's ``world_map.gpkg``.

The GeoPackage holds Natural Earth's 1:10m countries and first-level divisions (public domain), as
QGIS simplified them. They are simplified once more, with shared borders kept shared, rounded, and
packed as differences of whole numbers, which takes a third of the space of any standard format.

    apt-get download qgis-common && dpkg -x qgis-common_*.deb qgis
    python tools/build_basemap.py qgis/usr/share/qgis/resources/data/world_map.gpkg

Debian's qgis-common 3.22.16 carries Natural Earth 4.1.0 of 2018-05.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import shapely

TARGET = Path(__file__).resolve().parents[1] / "src/comarca/defaults/natural_earth/admin.npz"
TOLERANCE_DEGREES = 0.005  # about 500 m; Visvalingam's area is its square
STEPS_PER_DEGREE = 10_000  # about 10 m
CUT_AT_DEGREES = 179.899
NO_CODE = {"-1", "-99", None}


def main() -> None:
    """Read the GeoPackage named on the command line and write the packed map."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("geopackage", type=Path)
    source = parser.parse_args().geopackage
    divisions = pyogrio.read_dataframe(source, layer="states_provinces")
    countries = pyogrio.read_dataframe(source, layer="countries")
    alpha2 = [code_of(code) for code in divisions["iso_a2"]]
    packed = pack(shapely.coverage_simplify(divisions.geometry.values, TOLERANCE_DEGREES))
    TARGET.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        TARGET,
        **packed,
        steps_per_degree=np.array(STEPS_PER_DEGREE),
        name=text(divisions["name"].fillna("")),
        country=text(alpha2),
        country_name=text(names_of(divisions, countries)),
    )
    print(f"{TARGET.name}: {TARGET.stat().st_size / 1e6:.2f} MB")  # noqa: T201


def names_of(divisions: pd.DataFrame, countries: pd.DataFrame) -> list[str]:
    """Name of each division's country, or of its disputed territory where it has no code."""
    known = {code_of(row.iso_a2): row.NAME for row in countries.itertuples() if row.NAME}
    known.pop("", None)
    return [str(known.get(code_of(row.iso_a2)) or row.admin) for row in divisions.itertuples()]


def code_of(code: str | None) -> str:
    """ISO 3166-1 alpha-2 code, empty where Natural Earth has none."""
    return "" if code in NO_CODE else str(code)


def text(values: object) -> np.ndarray:
    """Words as one array of fixed width, which needs no pickle."""
    return np.array(list(values))  # type: ignore[call-overload]  # any iterable of text


def pack(polygons: np.ndarray) -> dict[str, np.ndarray]:
    """Coordinates as differences of whole steps, low and high bytes apart, and ring offsets."""
    _, degrees, (ring_ends, part_ends, shape_ends) = shapely.to_ragged_array(polygons)
    # QGIS's copy leaves out a strip along the date line; close it, or no land would cross it.
    degrees[:, 0] = np.where(
        np.abs(degrees[:, 0]) > CUT_AT_DEGREES, np.copysign(180, degrees[:, 0]), degrees[:, 0]
    )
    steps = np.rint(degrees * STEPS_PER_DEGREE).astype(np.int32)
    differences = np.diff(steps, axis=0, prepend=np.zeros((1, 2), dtype=np.int32))
    # Small numbers of either sign become small numbers without one.
    zigzag = ((differences << 1) ^ (differences >> 31)).astype(np.uint32)
    columns = zigzag.T.copy().view(np.uint8).reshape(2, -1, 4)
    return {
        "is_coast": np.packbits(starts_coast(steps, ring_ends)),
        "coordinate_bytes": np.ascontiguousarray(columns.transpose(0, 2, 1)),
        "ring_sizes": np.diff(ring_ends).astype(np.uint32),
        "part_sizes": np.diff(part_ends).astype(np.uint16),
        "shape_sizes": np.diff(shape_ends).astype(np.uint16),
    }


def starts_coast(steps: np.ndarray, ring_ends: np.ndarray) -> np.ndarray:
    """Whether the edge from each point to the next is no border: no other ring shares it."""
    points = steps[:, 0].astype(np.int64) * 2**32 + steps[:, 1]
    edges = np.sort(np.column_stack((points[:-1], points[1:])), axis=1)
    _, which, n_times = np.unique(edges, axis=0, return_inverse=True, return_counts=True)
    is_coast = np.append(n_times[which.ravel()] == 1, False)
    is_coast[ring_ends[1:] - 1] = False  # from a ring's last point no edge starts
    return is_coast


if __name__ == "__main__":
    main()
