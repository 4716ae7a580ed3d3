"""
The few conversions that units need; everything else carries its unit in its name.

``_min`` minutes, ``_h`` hours, ``_km`` kilometres, ``_t`` tonnes, ``_m2`` square metres,
``_m3`` cubic metres, ``_per_year`` for each calendar year. Money is in the region's currency.
"""

from __future__ import annotations

from typing import Final

MIN_PER_H: Final = 60.0
HOURS_PER_DAY: Final = 24.0
SECONDS_PER_MIN: Final = 60.0
KG_PER_T: Final = 1_000.0
M_PER_KM: Final = 1_000.0
EARTH_RADIUS_KM: Final = 6_371.0088  # mean radius R1, IUGG 1980 (Moritz 2000)
