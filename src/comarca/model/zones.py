"""The shapes of towns on the map: municipalities, communes, cells of a grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from comarca.errors import Fault, ParameterError
from comarca.model.town_index import TownIndex, unique_ids
from comarca.wording import counted

if TYPE_CHECKING:
    import geopandas as gpd

_LONGEST_CODE = 20
_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True, eq=False, kw_only=True)
class Zones(TownIndex):
    """
    One shape a town.

    Parameters
    ----------
    town_ids
        Each once.
    shapes
        Valid polygons or multipolygons in the coordinates of ``crs``, shape ``(n_towns,)``; an
        empty one where nobody drew the town.
    crs
        Coordinate system, as pyproj reads it: ``"EPSG:4326"``.
    names
        By town, where known.
    place
        What they were read from.
    warnings
        What was mended or left as it is.

    Raises
    ------
    ParameterError
        When there are not as many shapes as towns, or one is no valid polygon.
    """

    town_ids: tuple[str, ...]
    shapes: NDArray[np.object_]
    crs: str
    names: Mapping[str, str] = field(default_factory=dict)
    place: str = "zones"
    warnings: tuple[Fault, ...] = ()

    def __post_init__(self) -> None:
        shapes: NDArray[Any] = np.array(self.shapes, dtype=object)
        shapes.setflags(write=False)
        object.__setattr__(self, "shapes", shapes)
        object.__setattr__(self, "town_ids", unique_ids(self.town_ids))
        object.__setattr__(self, "names", MappingProxyType(dict(self.names)))
        if shapes.shape != (len(self.town_ids),):
            raise ParameterError(f"{shapes.shape} shapes for {len(self.town_ids):,} towns.")
        is_sound = np.isin(shapely.get_type_id(shapes), _POLYGONS) & shapely.is_valid(shapes)
        if not is_sound.all():
            raise ParameterError(
                f"the shape of {self.town_ids[int(is_sound.argmin())]} is no valid polygon."
            )

    def subset(self, town_ids: Iterable[str]) -> Zones:
        """Shapes of some towns, in the order given, or :class:`UnknownTownError`."""
        chosen = tuple(town_ids)
        return replace(self, town_ids=chosen, shapes=self.shapes[self.positions(chosen)])

    def to_geodataframe(self) -> gpd.GeoDataFrame:
        """One row a town: index ``town_id``, ``name`` (blank = unknown), the geometry."""
        import geopandas as gpd
        import pandas as pd

        return gpd.GeoDataFrame(
            {"name": [self.names.get(town_id) for town_id in self.town_ids]},
            geometry=list(self.shapes),
            crs=self.crs,
            index=pd.Index(self.town_ids, name="town_id"),
        )

    def summary(self) -> str:
        """Say in a line what is drawn."""
        n_drawn = int((~shapely.is_empty(self.shapes)).sum())
        towns = counted(len(self.town_ids), "town")
        return f"{self.place}: {n_drawn:,} of {towns} drawn, in {crs_name(self.crs)}"


def crs_name(crs: str) -> str:
    """A code such as ``EPSG:4326`` as it stands; a long description by the name within it."""
    from pyproj import CRS

    return crs if len(crs) <= _LONGEST_CODE else str(CRS.from_user_input(crs).name)
