"""
What the tags of an OpenStreetMap way or node mean for a car, a truck and a bus.

The more particular key wins: ``motorcar`` over ``motor_vehicle`` over ``vehicle`` over ``access``.
A value nobody can read is taken as absent, never as a limit. Conditional limits, turn restrictions
and lanes are not read.

References
----------
.. [1] OpenStreetMap Wiki: Key:access, Key:maxspeed, Key:oneway, Key:barrier, Key:surface.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from comarca.model.roads import (
    CLASSES,
    EVERY_VEHICLE,
    SMOOTHNESSES,
    STOPS,
    SURFACES,
    VEHICLES,
    ZONES,
    position_of,
)

KM_PER_MILE = 1.609344
KM_PER_NAUTICAL_MILE = 1.852
M_PER_FOOT = 0.3048
M_PER_INCH = 0.0254
T_PER_POUND = 0.00045359237
T_PER_SHORT_TON = 0.90718474
WALKING_KM_PER_H = 7.0  # what "walk" on a traffic sign is read as by courts and routers

Tags = Mapping[str, str]


def words(text: str) -> frozenset[str]:
    """Words between blanks."""
    return frozenset(text.split())


_ACCESS_KEYS: Mapping[str, tuple[str, ...]] = {
    "car": ("access", "vehicle", "motor_vehicle", "motorcar"),
    "goods": ("access", "vehicle", "motor_vehicle", "goods"),
    "hgv": ("access", "vehicle", "motor_vehicle", "hgv"),
    "bus": ("access", "vehicle", "motor_vehicle", "psv", "bus"),
}
_NO = words(
    "no private agricultural forestry agricultural;forestry forestry;agricultural "
    "emergency military none restricted discouraged_all use_sidepath residents employees"
)
_YES = words(
    "yes permissive designated official destination delivery customers public permit "
    "unknown discouraged toll"
)
_AGAINST = ("-1", "reverse")
_ONE_WAY = ("yes", "true", "1")
_ROUND = ("roundabout", "circular", "mini_roundabout")

_SURFACE_GROUPS: Mapping[str, str] = {
    **dict.fromkeys(
        words(
            "paved asphalt concrete concrete:plates concrete:lanes paving_stones "
            "paving_stones:lanes chipseal metal metal_grid wood bricks brick tarmac"
        ),
        "paved",
    ),
    **dict.fromkeys(words("sett cobblestone unhewn_cobblestone cobblestone:flattened"), "sett"),
    **dict.fromkeys(words("compacted fine_gravel"), "compacted"),
    **dict.fromkeys(words("gravel pebblestone rock stone grass_paver"), "gravel"),
    **dict.fromkeys(words("unpaved salt woodchips"), "unpaved"),
    **dict.fromkeys(words("dirt earth ground grass clay"), "earth"),
    **dict.fromkeys(words("sand mud snow ice"), "sand"),
}
_TRACK_SURFACES: Mapping[str, str] = {
    "grade1": "paved",
    "grade2": "compacted",
    "grade3": "gravel",
    "grade4": "earth",
    "grade5": "sand",
}
# Of node barriers only those that stand across the road; a gate may be opened.
_PASSABLE_BARRIERS = words(
    "gate lift_gate swing_gate sliding_gate toll_booth border_control checkpoint "
    "cattle_grid entrance kerb sally_port rising_bollard height_restrictor wedge"
)
_CLOSING_BARRIERS = words(
    "bollard block jersey_barrier log debris chain cycle_barrier stile kissing_gate "
    "turnstile motorcycle_barrier full-height_turnstile planter sump_buster bus_trap"
)
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z/\"']*)")
_ZONE = re.compile(r"(?:([A-Z]{2})(?:-[A-Z]+)?:)?([a-z_]+):?(\d+)?")


@dataclass(frozen=True, slots=True)
class Way:
    """Attributes of one way, as :class:`comarca.model.roads.RoadWays` keeps them."""

    road_class: int
    surface: int
    smoothness: int
    zone: int
    limit_forward: float
    limit_backward: float
    may_forward: int
    may_backward: int
    max_weight_t: float
    max_height_m: float
    crossing_min: float
    zone_country: int
    name: str


def way_of(tags: Tags) -> Way | None:
    """
    Read a way's tags.

    Parameters
    ----------
    tags
        Keys and values of the way.

    Returns
    -------
    Way or None
        ``None`` for a way no motor vehicle may drive along, or that is no road.
    """
    road_class = _class_of(tags)
    if road_class is None:
        return None
    forward, backward = _directions(tags, road_class)
    if not (forward or backward):
        return None
    zone, zone_country = _zone(tags)
    return Way(
        road_class=CLASSES.index(road_class),
        surface=SURFACES.index(_surface(tags)),
        smoothness=_smoothness(tags),
        zone=zone,
        limit_forward=_limit(tags, "forward"),
        limit_backward=_limit(tags, "backward"),
        may_forward=forward,
        may_backward=backward,
        max_weight_t=_least(tags, ("maxweight", "maxweight:signed", "maxgcweight"), weight_t),
        max_height_m=_least(tags, ("maxheight", "maxheight:physical"), height_m),
        crossing_min=duration_min(tags["duration"]) if "duration" in tags else math.nan,
        zone_country=zone_country,
        name=tags.get("name") or tags.get("ref") or "",
    )


def node_of(tags: Tags) -> tuple[int, int]:
    """
    Read a node's tags.

    Returns
    -------
    stop, blocked
        Position in :data:`comarca.model.roads.STOPS`, and the vehicles it stops for good, as bits.
    """
    barrier = tags.get("barrier")
    if barrier in _PASSABLE_BARRIERS or barrier in _CLOSING_BARRIERS:
        closes = 0 if barrier in _PASSABLE_BARRIERS else EVERY_VEHICLE
        blocked = EVERY_VEHICLE & ~_allowed(tags, EVERY_VEHICLE & ~closes)
        slows = barrier not in ("entrance", "kerb")
        return STOPS.index("barrier") if slows else 0, blocked
    is_signal = tags.get("highway") == "traffic_signals"
    return STOPS.index("signals") if is_signal else 0, 0


def _class_of(tags: Tags) -> str | None:
    if tags.get("route") in ("ferry", "shuttle_train") and "highway" not in tags:
        return "ferry"
    highway = tags.get("highway", "")
    if highway == "bus_guideway":
        return None
    if highway == "minor":
        return "road"
    if tags.get("area") == "yes" or highway in ("rough_track", "ferry"):
        return None
    return highway if highway in CLASSES else None


def _directions(tags: Tags, road_class: str) -> tuple[int, int]:
    """Which vehicles may drive along the way, and against it."""
    usual = EVERY_VEHICLE
    if road_class == "busway":
        usual = 1 << VEHICLES.index("bus")
    if road_class == "ferry" and tags.get("foot") == "designated" and "motor_vehicle" not in tags:
        usual = 0
    allowed = _allowed(tags, usual)
    forward = backward = allowed
    one_way = tags.get("oneway", "")
    is_round = tags.get("junction") in _ROUND
    if one_way == "reversible":
        return 0, 0  # which way it may be driven depends on the hour
    if one_way in _AGAINST:
        forward = 0
    elif one_way in _ONE_WAY or (one_way != "no" and (is_round or road_class == "motorway")):
        backward = 0
    bus = 1 << VEHICLES.index("bus")
    for key in ("oneway:psv", "oneway:bus"):
        if tags.get(key) == "no":
            forward, backward = forward | allowed & bus, backward | allowed & bus
    return forward, backward


def _allowed(tags: Tags, usual: int) -> int:
    """Vehicles allowed, as bits; the more particular key wins, what is unreadable says nothing."""
    allowed = 0
    for position, vehicle in enumerate(VEHICLES):
        may = bool(usual & 1 << position)
        for key in _ACCESS_KEYS[vehicle]:
            value = tags.get(key)
            if value is None:
                continue
            if value in _NO:
                may = False
            elif value in _YES:
                may = True
        allowed |= may << position
    return allowed


def _surface(tags: Tags) -> str:
    told = tags.get("surface", "").partition(";")[0].strip()
    if told in _SURFACE_GROUPS:
        return _SURFACE_GROUPS[told]
    return _TRACK_SURFACES.get(tags.get("tracktype", ""), "unknown")


def _smoothness(tags: Tags) -> int:
    try:
        return position_of(SMOOTHNESSES, tags.get("smoothness", "unknown"))
    except KeyError:
        return 0


def _limit(tags: Tags, direction: str) -> float:
    for key in (f"maxspeed:{direction}", "maxspeed"):
        if key in tags and not math.isnan(limit := speed_km_per_h(tags[key])):
            return limit
    return math.nan


def speed_km_per_h(text: str) -> float:
    """
    Read a speed limit.

    Parameters
    ----------
    text
        ``"50"``, ``"30 mph"``, ``"5 knots"``, ``"none"``, ``"walk"``, ``"DE:zone:30"``, or several
        for lanes (``"100|80"``: the highest) or seasons (``"50;70"``: the lowest).

    Returns
    -------
    float
        Kilometres per hour; ``inf`` for ``"none"``; ``nan`` for what tells no number.
    """
    if "|" in text:
        return _of_several(text.split("|"), max)
    if ";" in text:
        return _of_several(text.split(";"), min)
    word = text.strip()
    if word in ("none", "unlimited"):
        return math.inf
    if word in ("walk", "walking"):
        return WALKING_KM_PER_H
    if zone := _ZONE.fullmatch(word):
        if zone[2] in ("walk", "living_street"):
            return WALKING_KM_PER_H
        return float(zone[3]) if zone[3] and zone[2] == "zone" else math.nan
    match = _NUMBER.fullmatch(word.lower())
    if match is None:
        return math.nan
    factor = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": KM_PER_MILE}.get(match[2])
    factor = KM_PER_NAUTICAL_MILE if match[2] == "knots" else factor
    speed = _number(match[1]) * factor if factor else math.nan
    return speed if speed > 0 else math.nan


def _of_several(parts: list[str], choose: Callable[[list[float]], float]) -> float:
    known = [speed for part in parts if not math.isnan(speed := speed_km_per_h(part))]
    return choose(known) if known else math.nan


def _zone(tags: Tags) -> tuple[int, int]:
    """Kind of place whose general limit holds, and its country; from whichever key tells it."""
    for key in ("maxspeed", "maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic"):
        match = _ZONE.fullmatch(tags.get(key, "").strip())
        if match and match[2] in ZONES[1:]:
            country = match[1] or ""
            return ZONES.index(match[2]), country_number(country)
    return 0, 0


def country_number(code: str) -> int:
    """Two letters as a number; 0 for none."""
    return ord(code[0]) * 256 + ord(code[1]) if code else 0


def country_code(number: int) -> str | None:
    """Two letters of a number, or ``None`` for 0."""
    return chr(number // 256) + chr(number % 256) if number else None


def _least(tags: Tags, keys: tuple[str, ...], read: Callable[[str], float]) -> float:
    """The least of several limits; ``inf`` where none can be read."""
    values = [read(tags[key]) for key in keys if key in tags]
    return min((value for value in values if not math.isnan(value)), default=math.inf)


def weight_t(text: str) -> float:
    """Tonnes of a weight limit: ``"7.5"``, ``"3.5 t"``, ``"7500 kg"``, ``"10000 lbs"``."""
    match = _NUMBER.fullmatch(text.strip().lower())
    factors = {
        "": 1.0,
        "t": 1.0,
        "kg": 0.001,
        "lbs": T_PER_POUND,
        "lb": T_PER_POUND,
        "st": T_PER_SHORT_TON,
    }
    if match is None or match[2] not in factors:
        return math.nan
    return _number(match[1]) * factors[match[2]]


def height_m(text: str) -> float:
    """Metres of a height limit: ``"3.5"``, ``"3.5 m"``, ``"350 cm"``, ``12'6"``, ``"12 ft"``."""
    word = text.strip().lower()
    if feet := re.fullmatch(r"(\d+)\s*'\s*(?:(\d+)\s*\"?)?", word):
        return int(feet[1]) * M_PER_FOOT + int(feet[2] or 0) * M_PER_INCH
    match = _NUMBER.fullmatch(word)
    factors = {"": 1.0, "m": 1.0, "cm": 0.01, "ft": M_PER_FOOT}
    if match is None or match[2] not in factors:
        return math.nan
    return _number(match[1]) * factors[match[2]]


def duration_min(text: str) -> float:
    """Minutes of ``"00:35"``, ``"1:20:00"``, ``"PT1H20M"`` or ``"35"``; ``nan`` if unreadable."""
    word = text.strip()
    if clock := re.fullmatch(r"(\d+):(\d{2})(?::(\d{2}))?", word):
        return int(clock[1]) * 60 + int(clock[2]) + int(clock[3] or 0) / 60
    if iso := re.fullmatch(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", word):
        days, hours, minutes, seconds = (int(part or 0) for part in iso.groups())
        total = days * 1_440 + hours * 60 + minutes + seconds / 60
        return total if total else math.nan
    return float(word) if re.fullmatch(r"\d+(\.\d+)?", word) else math.nan


def _number(text: str) -> float:
    return float(text.replace(",", "."))
