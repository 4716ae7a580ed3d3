"""The examples that ship with the package."""

import tomllib

import pytest

from comarca.errors import OutputError, ParameterError
from comarca.examples import copy_example, four_towns, list_examples, oaxaca
from comarca.io import read_region
from comarca.model.flow_totals import pair_totals


def test_every_example_is_listed_with_its_meaning():
    assert list(list_examples()) == ["four_towns", "oaxaca", "agglomeration-TOWNS-SEED"]
    assert all(list_examples().values())


def test_four_towns_is_in_balance():
    """27,000 people work in 27,000 jobs, and each table says so."""
    region = four_towns()
    flows, labour = pair_totals(region.tables["flows"]), region.tables["labour"]
    workers = labour.groupby("town_id")["workers"].sum()
    home = flows.groupby("origin")["persons"].sum()
    work = flows.groupby("destination")["persons"].sum()
    leaving = flows[flows["origin"] != flows["destination"]].groupby("origin")["persons"].sum()

    assert workers.sum() == 27_000
    assert home.to_dict() == workers.to_dict()
    assert work.to_dict() == region.towns["jobs"].to_dict()
    assert leaving.to_dict() == labour.groupby("town_id")["commuting_out"].sum().to_dict()
    unemployed = labour.groupby("town_id")["unemployed"].sum()
    assert unemployed.to_dict() == region.towns["unemployed"].to_dict()
    assert (workers + unemployed).to_dict() == region.towns["labour_force"].to_dict()
    assert region.warnings == ()


def test_what_binds_in_four_towns():
    """Labour in Birch, floor in Cedar, the tonnes of the process in Dale."""
    region = four_towns()
    processes = region.tables["processes"].set_index("process_id")
    floor = region.tables["facilities"].groupby("town_id")["floor_m2"].sum()
    unemployed = region.towns["unemployed"]
    by_tonnes = processes["input_t_per_day"] * processes["labour_h_per_t"] / 8

    assert by_tonnes.to_dict() == {"sewing": 50, "harness": 20, "furniture": 30}
    for process in ("sewing", "harness", "furniture"):
        by_floor = floor / processes.loc[process, "m2_per_worker"]
        assert unemployed["birch"] < by_floor["birch"]
        assert by_floor["cedar"] < unemployed["cedar"]
    assert by_tonnes["furniture"] < min(unemployed["dale"], by_floor["dale"])


def test_oaxaca_has_the_towns_of_the_gazetteer_and_the_table_of_the_paper():
    region = oaxaca()

    assert region.country == "MX"
    assert region.n_towns > 1_200
    named = {
        region.name_of(town)
        for table in ("population", "institutions")
        for town in region.tables[table]["town_id"]
    }
    assert named == {
        "Ciudad de Huajuapan de León",
        "San Pedro Pochutla",
        "Miahuatlán de Porfirio Díaz",
        "Puerto Ángel",
    }
    assert region.tables["institutions"]["opened_year"].tolist() == [1990, 1991, 2000]


def test_the_misprint_of_the_paper_is_kept_and_told():
    (warning,) = oaxaca().warnings

    assert warning.place == "population.csv line 5"
    assert warning.value == "5,808"
    assert "53,219 in 2000 and 69,839 in 2010" in warning.expectation


def test_oaxaca_names_the_sources_that_the_gazetteer_asks_for(tmp_path):
    from comarca.io.gazetteer import gazetteer_region

    copied = tomllib.loads((copy_example("oaxaca", tmp_path / "o") / "region.toml").read_text())

    assert set(gazetteer_region("MX", "MX-OAX").sources) <= set(copied["sources"])


def test_a_copy_is_a_region_and_replaces_nothing(tmp_path):
    folder = copy_example("four_towns", tmp_path / "mine")

    assert read_region(folder).name == "Four towns"
    with pytest.raises(OutputError):
        copy_example("oaxaca", folder)


def test_an_example_nobody_knows_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="oaxaca"):
        copy_example("atlantis", tmp_path / "a")
