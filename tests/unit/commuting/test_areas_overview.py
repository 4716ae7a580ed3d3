"""Areas taken together: every figure can be added up by hand."""

import numpy as np
import pytest

from area_world import PERSONS, TOWNS, drawn, flows
from comarca.commuting import areas_overview, flows_between_areas
from comarca.errors import UnknownTownError
from comarca.model.matrices import FlowMatrix


def overview(**given):
    matrix, areas = drawn(**given)
    return areas_overview(areas, matrix)


def test_towns_are_counted_by_what_became_of_them():
    found = overview()

    assert (found.n_areas, found.n_towns, found.n_in_areas) == (2, 5, 4)
    assert found.by_status == {"core": 2, "member": 2, "no-flow": 1}
    assert (found.n_one_town, found.n_below_rule, found.n_detached) == (0, 0, 0)


def test_persons_are_counted_by_where_they_work():
    """Of 1,855 all but 30 + 40 work in their own area, or like those of lone in no area."""
    found = overview()

    assert found.persons == PERSONS.sum() == 1855
    assert found.in_own_town == 40 + 30 + 900 + 700 + 25
    assert found.in_own_area == 1010 + 750
    assert (found.residents, found.jobs, found.inside) == (1830, 1830, 1760)


def test_each_area_counts_once_in_the_spread():
    spread = overview().spread

    assert spread.loc["residents"].to_dict() == pytest.approx(
        {
            "min": 790,
            "lower_quartile": 852.5,
            "median": 915,
            "mean": 915,
            "upper_quartile": 977.5,
            "max": 1040,
        }
    )
    assert spread.loc["self_containment_supply", "min"] == pytest.approx(750 / 790)


def test_no_areas_have_no_spread():
    found = overview(persons=np.diag([5, 5, 5, 5, 5]))

    assert (found.n_areas, found.n_in_areas, found.residents) == (0, 0, 0)
    assert found.spread.empty


def test_flows_go_from_area_to_area_and_to_none():
    matrix, areas = drawn()
    table = flows_between_areas(areas.partition, matrix)

    assert list(table.columns) == ["origin_area", "destination_area", "persons", "share_of_origin"]
    assert [tuple(row) for row in table.itertuples(index=False)] == [
        ("100", "100", 1010, 1010 / 1040),
        ("200", "200", 750, 750 / 790),
        ("200", "100", 40, 40 / 790),
        ("100", "200", 30, 30 / 1040),
        (None, None, 25, 1),
    ]


def test_persons_between_areas_add_up_to_the_flows():
    matrix, areas = drawn()
    table = flows_between_areas(areas.partition, matrix)

    assert table["persons"].sum() == matrix.persons.sum()
    shares = table.groupby("origin_area", dropna=False)["share_of_origin"].sum()
    assert shares.tolist() == pytest.approx([1.0] * len(shares))


def test_flows_of_other_towns_are_refused():
    _, areas = drawn()
    with pytest.raises(UnknownTownError, match="lone"):
        areas_overview(areas, FlowMatrix(TOWNS[:4], PERSONS[:4, :4]))
    assert flows().persons.sum() == 1855
