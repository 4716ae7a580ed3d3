"""A region's flows from the best it tells: counts by skill and week, margins, a mean trip."""

import numpy as np
import pandas as pd
import pytest

import comarca.commuting.flow_study as module
from comarca.commuting import InteractionParams, WeeklyParams, study_flows
from comarca.commuting.interaction import Exponential, WorkerGroup, estimate_joint_flows
from comarca.errors import ParameterError
from comarca.model.matrices import SparseTravelMatrix, TravelMatrix
from comarca.model.region import Region, typed_frame
from comarca.travel import travel_matrix
from interaction_world import drawn

BETAS = {"basic": 0.12, "secondary": 0.08, "higher": 0.05}
WEEKLY = WeeklyParams(deterrence=Exponential(beta_per_min=0.01), preference=-4.0)


def region_of(n_towns: int, tables: dict[str, pd.DataFrame] | None = None) -> Region:
    random = np.random.default_rng(3)
    workers = np.round(np.exp(random.normal(7, 0.8, n_towns)))
    towns = pd.DataFrame(
        {
            "town_id": [f"{at:03}" for at in range(n_towns)],
            "name": [f"Town {at}" for at in range(n_towns)],
            "lat": random.uniform(49, 51, n_towns),
            "lon": random.uniform(60, 62.5, n_towns),
            "population": 3 * workers,
            "labour_force": workers,
            "unemployed": 0,
            "jobs": workers[::-1],
        }
    )
    typed = {name: typed_frame(name, table) for name, table in (tables or {}).items()}
    return Region(name="Steppe", towns=typed_frame("towns", towns), tables=typed)


@pytest.fixture(scope="module")
def counted() -> Region:
    """Flows drawn from a known law, by skill, daily and weekly."""
    bare = region_of(40)
    workers = bare.towns["labour_force"].to_numpy(dtype=float)
    groups = [
        WorkerGroup(
            workers=20 * workers / 3, skill=skill, params=InteractionParams(beta_per_min=beta)
        )
        for skill, beta in BETAS.items()
    ]
    jobs = 20 * bare.towns["jobs"].to_numpy(dtype=float)
    made = estimate_joint_flows(groups, jobs, travel_matrix(bare, "car"), WEEKLY)
    tables = []
    for at, flows in enumerate(made.flows):
        trips = drawn(flows, at).persons.tocoo()
        ids = np.array(bare.town_ids)
        tables.append(
            pd.DataFrame(
                {
                    "origin": ids[trips.row],
                    "destination": ids[trips.col],
                    "skill": flows.skill,
                    "period": flows.period,
                    "persons": trips.data,
                }
            )
        )
    return region_of(40, {"flows": pd.concat(tables, ignore_index=True)})


def test_skills_and_weeks_are_told_apart_where_they_are_counted(counted: Region):
    made = study_flows(counted, by_skill=True, weekly=WeeklyParams())
    assert made.basis == "flows"
    found = {parameter.name: parameter for parameter in made.parameters}
    for skill, beta in BETAS.items():
        parameter = found[f"beta_per_min ({skill})"]
        assert abs(parameter.value - beta) < 4 * parameter.standard_error
    assert found["weekly_preference"].value == pytest.approx(-4.0, abs=0.3)
    assert made.agreement.all_trips.cpc > 0.9
    table = made.table()
    assert set(zip(table["skill"], table["period"], strict=True)) == {
        (skill, period) for skill in BETAS for period in ("daily", "weekly")
    }
    counts = counted.tables["flows"].groupby("skill")["persons"].sum()
    assert table.groupby("skill")["persons"].sum().to_dict() == pytest.approx(counts.to_dict())
    assert "beta_per_min (higher)" in made.summary()


def test_all_skills_together_are_one_daily_matrix(counted: Region):
    made = study_flows(counted)
    (flows,) = made.flows
    rows = counted.tables["flows"]
    assert flows.persons.sum() == pytest.approx(
        rows.loc[rows["period"] == "daily", "persons"].sum()
    )


def test_towns_that_tell_no_margins_are_left_out_and_counted(counted: Region):
    bare = region_of(40)
    flows = counted.tables["flows"]
    daily = flows[flows["period"] == "daily"]
    own = daily["origin"] == daily["destination"]
    few = list(bare.town_ids[:30])
    margins = pd.DataFrame(
        {
            "town_id": few,
            "staying": daily[own].groupby("origin")["persons"].sum().reindex(few).to_numpy(),
            "leaving": daily[~own].groupby("origin")["persons"].sum().reindex(few).to_numpy(),
            "coming": daily[~own].groupby("destination")["persons"].sum().reindex(few).to_numpy(),
        }
    )
    made = study_flows(
        region_of(40, {"margins": margins}),
        params=InteractionParams(own_town_preference=None, daily_limit_min=np.inf),
    )
    assert made.basis == "margins"
    assert made.flows[0].town_ids == tuple(few)
    assert "10 towns without margins left out" in made.notes
    assert made.fit["staying"].tolist() == margins["staying"].tolist()
    assert made.flows[0].persons.diagonal() == pytest.approx(margins["staying"].to_numpy())


def test_very_many_towns_are_joined_by_near_ways_alone(monkeypatch: pytest.MonkeyPatch):
    region = region_of(30)
    params = InteractionParams(mean_time_min=25)
    all_ways = module.ways_within(region, "car", params)
    monkeypatch.setattr(module, "SPARSE_FROM", 20)
    near = module.ways_within(region, "car", params)
    assert isinstance(all_ways, TravelMatrix)
    assert isinstance(near, SparseTravelMatrix)
    one, other = (
        study_flows(region, ways, params).flows[0].persons.toarray() for ways in (all_ways, near)
    )
    assert one == pytest.approx(other, rel=1e-4, abs=1e-4)


def test_a_short_limit_still_sees_the_nearest_town(monkeypatch: pytest.MonkeyPatch):
    """A trip within a town takes half the way to the nearest other, be that beyond the limit."""
    region = region_of(30)
    params = InteractionParams(beta_per_min=0.1, daily_limit_min=9.9)
    all_ways = module.ways_within(region, "car", params)
    monkeypatch.setattr(module, "SPARSE_FROM", 20)
    near = module.ways_within(region, "car", params)
    one, other = (
        study_flows(region, ways, params).flows[0].persons.toarray() for ways in (all_ways, near)
    )
    assert one == pytest.approx(other)


def test_a_basis_the_region_lacks_is_refused(counted: Region):
    with pytest.raises(ParameterError, match="no table margins"):
        study_flows(counted, basis="margins")
    with pytest.raises(ParameterError, match="counts no daily flows"):
        study_flows(region_of(10), basis="flows")
