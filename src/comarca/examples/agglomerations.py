"""
Instances of the whole freight problem, made from real towns.

``agglomeration-100-1`` has 100 towns by seed 1: those nearest to a city, from the gazetteer. Their
labour, commuters, premises, enterprises, processes and trucks are drawn at random within ranges
below and, for work, in ``defaults/agglomeration_works.toml``, with every feature of the problem:
existing bases and sites that must be opened, with and without a capacity; three skills; goods that
grow or shrink under work, dense or bulky; two types of truck, one of them few; towns with two
premises. Travel is left to circles. The same size and seed give the same region everywhere; nothing
in it is observed but the towns.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from importlib.resources import files
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.errors import ParameterError
from comarca.model.region import Region, typed_frame

NAME = re.compile(r"agglomeration-(\d{1,4})-(\d{1,6})")
SIZES = (5, 2_000)  # towns
LEAST_PEOPLE = 300
KM_PER_DEGREE = 111.195
# Country and city whose surroundings are taken, by seed in turn.
CITIES = (("RO", "Cluj-Napoca"), ("ES", "Valladolid"), ("PL", "Lublin"))
TOWNS_A_BASE, MOST_BASES = 25, 8
SKILLS = ("basic", "secondary", "higher")
SKILL_SHARES = (0.45, 0.40, 0.15)
HOURS = 8.0


@dataclass(frozen=True, kw_only=True)
class Work:
    """Ranges of an archetype of work: hours a tonne, tonnes back, t/m3, m2 and wage."""

    name: str
    skill: str
    labour_h_per_t: tuple[float, float]
    output_share: tuple[float, float]
    density_t_per_m3: tuple[float, float]
    m2_per_worker: tuple[float, float]
    wage_per_h: tuple[float, float]
    min_workers: tuple[int, int]


def works() -> tuple[Work, ...]:
    """Archetypes that enterprises draw from, as ``defaults/agglomeration_works.toml`` has them."""
    folder = files("comarca.defaults")
    table = tomllib.loads((folder / "agglomeration_works.toml").read_text(encoding="utf-8"))
    return tuple(Work(**{key: _pair(value) for key, value in row.items()}) for row in table["work"])


def _pair(value: Any) -> Any:
    """A range as a pair; a name as it is."""
    return tuple(value) if isinstance(value, list) else value


def is_agglomeration(name: str) -> bool:
    """Whether a name is one of an instance."""
    return NAME.fullmatch(name) is not None


def agglomeration(n_towns: int, seed: int) -> Region:
    """
    Make an instance of the whole freight problem.

    Parameters
    ----------
    n_towns
        From 5 to 2,000.
    seed
        Of the draw, 1 or more; it also chooses the city.

    Raises
    ------
    ParameterError
        When the size or the seed is out of range.
    """
    if not SIZES[0] <= n_towns <= SIZES[1]:
        raise ParameterError(f"n_towns is {n_towns}; expected {SIZES[0]} to {SIZES[1]:,}.")
    if seed < 1:
        raise ParameterError(f"seed is {seed}; expected 1 or more.")
    return _Drawing(n_towns, seed).done()


def named_agglomeration(name: str) -> Region:
    """Make the instance of a name such as ``agglomeration-100-1``."""
    match = NAME.fullmatch(name)
    if match is None:
        raise ParameterError(f'"{name}" is no instance; expected agglomeration-TOWNS-SEED.')
    return agglomeration(int(match[1]), int(match[2]))


class _Drawing:
    """The work of :func:`agglomeration`, one table a method."""

    def __init__(self, n_towns: int, seed: int) -> None:
        self.n_towns, self.seed = n_towns, seed
        self.random = np.random.default_rng([n_towns, seed])
        self.works = works()

    def done(self) -> Region:
        found, towns = self._towns()
        self.ids = towns["town_id"].astype(str).tolist()
        self.people = towns["population"].to_numpy(dtype=np.float64)
        self.n_bases = min(max(2, ceil(self.n_towns / TOWNS_A_BASE)), MOST_BASES)
        self.homes = np.argsort(-self.people, kind="stable")[: self.n_bases]
        labour = self._labour()
        enterprises = self._enterprises()
        tables = {
            "labour": labour,
            "flows": self._flows(towns, labour),
            "processes": self._processes(enterprises),
            "facilities": self._facilities(),
            "vehicles": self._vehicles(),
            "enterprises": enterprises.drop(columns="scale"),
        }
        return replace(
            found,
            name=f"Agglomeration of {self.n_towns} towns, seed {self.seed}",
            towns=typed_frame("towns", towns),
            tables={key: typed_frame(key, table) for key, table in tables.items()},
            currency="USD",
            price_year=2024,
            usd_exchange_rate=1.0,
            sources=(*found.sources, "All but the towns: drawn at random for a benchmark"),
            warnings=(),
        )

    def _towns(self) -> tuple[Region, pd.DataFrame]:
        """The city and the towns nearest to it."""
        from comarca.io.gazetteer import gazetteer_region

        country, city = CITIES[(self.seed - 1) % len(CITIES)]
        found = gazetteer_region(country)
        towns = found.towns.reset_index()
        towns = towns[towns["population"] >= LEAST_PEOPLE]
        named = towns[towns["name"] == city]
        middle = named.nlargest(1, "population")
        km = _km(towns, float(middle["lat"].iloc[0]), float(middle["lon"].iloc[0]))
        nearest = np.lexsort((towns["town_id"].astype(str), np.round(km, 3)))[: self.n_towns]
        return found, towns.iloc[np.sort(nearest)].reset_index(drop=True)

    def _labour(self) -> pd.DataFrame:
        """Workers and unemployed of each skill."""
        rows: list[dict[str, Any]] = []
        for town, people in zip(self.ids, self.people, strict=True):
            force = people * self.random.uniform(0.38, 0.48)
            idle = force * self.random.uniform(0.05, 0.14)
            shares = np.array(SKILL_SHARES) * self.random.uniform(0.7, 1.3, 3)
            for skill, share in zip(SKILLS, shares / shares.sum(), strict=True):
                wage = {"basic": 2.8, "secondary": 3.8, "higher": 6.0}[skill]
                rows.append(
                    {
                        "town_id": town,
                        "skill": skill,
                        "workers": int((force - idle) * share),
                        "unemployed": int(idle * share),
                        "wage_per_h": round(wage * self.random.uniform(0.9, 1.1), 2),
                    }
                )
        return pd.DataFrame(rows)

    def _flows(self, towns: pd.DataFrame, labour: pd.DataFrame) -> pd.DataFrame:
        """Each town's commuters go to two base towns."""
        workers = labour.groupby("town_id", sort=False)["workers"].sum()
        rows = []
        for at, town in enumerate(self.ids):
            here = int(workers[town])
            leaving = 0
            for home in self.random.choice(self.homes, 2, replace=False).tolist():
                if home != at and at not in self.homes:
                    persons = int(here * self.random.uniform(0.05, 0.2))
                    leaving += persons
                    rows.append((town, self.ids[home], persons))
            rows.append((town, town, here - leaving))
        return pd.DataFrame(rows, columns=["origin", "destination", "persons"])

    def _enterprises(self) -> pd.DataFrame:
        """Every second one is a site yet to be opened; every third lets out little."""
        rows = []
        for number, home in enumerate(self.homes.tolist()):
            scale = self.random.uniform(0.6, 1.4)
            opening = round(self.random.uniform(40_000, 160_000), -3) if number % 2 else np.nan
            capacity = round(self.random.uniform(4.0, 9.0), 1) if number % 3 == 2 else np.nan
            rows.append(
                {
                    "enterprise_id": f"base-{number + 1:02d}",
                    "name": f"Works {number + 1}",
                    "town_id": self.ids[home],
                    "isic": "C",
                    "jobs": int(100 * scale) + 50,
                    "candidate_base": True,
                    "opening_cost": opening,
                    "capacity_t_per_day": capacity,
                    "scale": scale,
                }
            )
        return pd.DataFrame(rows)

    def _processes(self, enterprises: pd.DataFrame) -> pd.DataFrame:
        """Three kinds of work of each enterprise."""
        rows = []
        for base, scale in zip(enterprises["enterprise_id"], enterprises["scale"], strict=True):
            kinds = np.sort(self.random.choice(len(self.works), 3, replace=False))
            rows += [self._process(base, self.works[kind], scale) for kind in kinds.tolist()]
        return pd.DataFrame(rows)

    def _process(self, base: str, work: Work, scale: float) -> dict[str, Any]:
        hours = round(self.random.uniform(*work.labour_h_per_t))
        wage = round(self.random.uniform(*work.wage_per_h), 2)
        least = int(self.random.integers(*work.min_workers, endpoint=True))
        most = scale * self.random.uniform(30, 90)
        return {
            "process_id": f"{base}-{work.name.lower()}",
            "enterprise_id": base,
            "name": work.name,
            "labour_h_per_t": float(hours),
            "input_t_per_day": round(most * HOURS / hours, 3),
            "output_share": round(self.random.uniform(*work.output_share), 2),
            "density_t_per_m3": round(self.random.uniform(*work.density_t_per_m3), 2),
            "value_per_t": round(hours * wage * self.random.uniform(1.35, 1.9), 1),
            "skill": work.skill,
            "wage_per_h": wage,
            "m2_per_worker": round(self.random.uniform(*work.m2_per_worker), 1),
            "storage_m2_per_t": 4.0,
            "min_workers": least,
        }

    def _facilities(self) -> pd.DataFrame:
        """None in the towns of enterprises and in every second other town; two in one of twenty."""
        rows = []
        for at, town in enumerate(self.ids):
            draw = self.random.random()
            count = 0 if at in self.homes or draw < 0.5 else 2 if draw > 0.95 else 1
            for number in range(count):
                floor = round(self.random.uniform(80, 360), -1)
                cost = floor * self.random.uniform(30, 120)
                rows.append(
                    {
                        "facility_id": f"{town}-{number + 1}",
                        "town_id": town,
                        "floor_m2": floor,
                        "condition": "fair",
                        "renovation_cost": round(cost, -2),
                        "annual_rent": round(floor * 6.0),
                    }
                )
        return pd.DataFrame(rows)

    def _vehicles(self) -> pd.DataFrame:
        """Vans as many as wanted, and a few trucks at each base."""
        van = ("van", "Van", 0.9, 7.0, 0.20, 6.0, 16.0, 8.0, np.nan)
        truck = ("truck", "Light truck", 1.8, 14.0, 0.32, 6.5, 28.0, 9.0, 2)
        columns = ["vehicle_id", "name", "payload_t", "volume_m3", "cost_per_km", "cost_per_h"]
        columns += ["fixed_per_day", "shift_h", "number"]
        return pd.DataFrame([van, truck], columns=columns)


def _km(towns: pd.DataFrame, lat: float, lon: float) -> NDArray[np.float64]:
    """Distance from a place, near enough to tell which towns are nearest."""
    north = towns["lat"].to_numpy(dtype=np.float64) - lat
    east = (towns["lon"].to_numpy(dtype=np.float64) - lon) * np.cos(np.radians(lat))
    return np.asarray(KM_PER_DEGREE * np.hypot(north, east))
