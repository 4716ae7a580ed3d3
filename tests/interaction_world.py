"""Towns at random with known margins, for tests of spatial interaction."""

import numpy as np

from comarca.model.matrices import FlowMatrix, TravelMatrix


def travel_of(time_min: list[list[float]] | np.ndarray) -> TravelMatrix:
    times = np.asarray(time_min, dtype=float)
    ids = tuple(f"town{town:02}" for town in range(len(times)))
    return TravelMatrix(ids, "car", times, times, "table")


def scattered(n_towns: int, seed: int) -> tuple[np.ndarray, np.ndarray, TravelMatrix]:
    """Workers, jobs and times of towns 10 km apart, jobs drawn to the larger ones."""
    random = np.random.default_rng(seed)
    place = random.uniform(0, 10 * np.sqrt(n_towns), (n_towns, 2))
    times = 1.5 * np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    workers = np.exp(random.normal(6, 1, n_towns))
    jobs = workers**1.1 * np.exp(random.normal(0, 0.2, n_towns))
    return workers, jobs * workers.sum() / jobs.sum(), travel_of(times)


def drawn(flows: FlowMatrix, seed: int) -> FlowMatrix:
    """Whole persons at random about the flows, as if each chose independently."""
    persons = flows.persons.astype(float)
    persons.data = np.random.default_rng(seed).poisson(persons.data).astype(float)
    return FlowMatrix(flows.town_ids, persons, skill=flows.skill, period=flows.period)
