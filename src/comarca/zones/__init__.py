"""
Who lies beside whom: neighbours of shapes, of points, and islands joined to the land.

A layer of its own above ``travel``, whose plane around a region it measures in, and beside
``demography``: areas, maps and roads may all ask for neighbours, and none of these is needed to
tell them. The type they share, :class:`comarca.model.contiguity.Contiguity`, stands in the model.
"""

from comarca.zones.params import ContiguityParams
from comarca.zones.points import contiguity_from_points
from comarca.zones.polygons import contiguity_from_polygons

__all__ = ["ContiguityParams", "contiguity_from_points", "contiguity_from_polygons"]
