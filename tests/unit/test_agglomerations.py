"""Instances of the freight benchmark."""

import pandas as pd
import pytest

from comarca.errors import ParameterError
from comarca.examples import copy_example
from comarca.examples.agglomerations import agglomeration, named_agglomeration
from comarca.io import check_report


@pytest.fixture(scope="module")
def instance():
    return agglomeration(40, 2)


def test_same_seed_gives_the_same_region_and_another_another(instance):
    again, other = agglomeration(40, 2), agglomeration(40, 5)

    for name, table in instance.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name])
    assert not instance.tables["processes"].equals(other.tables["processes"])


def test_every_feature_of_the_problem_is_there(instance):
    bases, work = instance.tables["enterprises"], agglomeration(100, 1).tables["processes"]

    assert len(instance.towns) == 40
    assert bases["opening_cost"].notna().any()
    assert bases["opening_cost"].isna().any()
    assert agglomeration(100, 1).tables["enterprises"]["capacity_t_per_day"].notna().any()
    assert (work["output_share"] > 1).any()
    assert (work["output_share"] < 1).any()
    assert set(work["skill"]) == {"basic", "secondary", "higher"}
    assert instance.tables["vehicles"]["number"].notna().sum() == 1


def test_commuters_and_residents_add_up(instance):
    flows = instance.tables["flows"]
    workers = instance.tables["labour"].groupby("town_id")["workers"].sum()

    assert (flows["persons"] >= 0).all()
    pd.testing.assert_series_equal(
        flows.groupby("origin")["persons"].sum().sort_index(),
        workers.sort_index(),
        check_names=False,
        check_dtype=False,
        check_index_type=False,
    )


def test_copied_instance_is_a_sound_region(tmp_path):
    copy_example("agglomeration-12-3", tmp_path / "instance")
    report = check_report(tmp_path / "instance")

    assert report.faults == ()
    assert report.region is not None
    assert len(report.region.towns) == 12


@pytest.mark.parametrize("name", ["agglomeration-4-1", "agglomeration-2001-1", "agglomeration-9-0"])
def test_sizes_and_seeds_out_of_range_are_refused(name):
    with pytest.raises(ParameterError, match="expected"):
        named_agglomeration(name)
