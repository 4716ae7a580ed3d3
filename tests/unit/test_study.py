"""The stages wired together, and a plan that is not trusted until a second program judged it."""

from __future__ import annotations

import dataclasses

import pytest

import comarca
from comarca.errors import FaultyPlanError, ParameterError
from comarca.model.plan_file import read_plan, write_plan

QUICK = {"freight": {"rounds": 1, "routing_iterations": 50}}


@pytest.fixture(scope="module")
def plan() -> comarca.Plan:
    region = comarca.examples.four_towns()
    return comarca.make_plan(region, comarca.study_for(region, QUICK))


def test_a_plan_that_breaks_a_rule_is_withheld(monkeypatch: pytest.MonkeyPatch):
    import comarca.study as study

    def overloading(*inputs: object, **options: object):
        made = comarca.design_freight(*inputs, **options)
        heavier = dataclasses.replace(made.workshops[0], input_t_per_day=99.0)
        return dataclasses.replace(made, workshops=(heavier, *made.workshops[1:]))

    monkeypatch.setattr(study, "design_freight", overloading)

    with pytest.raises(FaultyPlanError, match="second program") as refusal:
        comarca.make_plan(comarca.examples.four_towns())

    assert refusal.value.violations


def test_a_plan_that_is_read_again_is_the_plan_that_was_written(plan, tmp_path):
    write_plan(plan, tmp_path)

    again = read_plan(tmp_path)

    assert again.summary() == plan.summary()
    assert again.freight.workshops == plan.freight.workshops
    assert again.freight.routes == plan.freight.routes
    assert again.assumed == plan.assumed
    write_plan(again, tmp_path)
    assert read_plan(tmp_path).comparison.ledgers.equals(plan.comparison.ledgers)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "no JSON from line 1, column 2 on"),
        ("[" * 100_000, "lists within lists"),
        ("[]", "not a plan"),
        ('{"format": "comarca-plan"}', "version"),
        ('{"format": "comarca-plan", "version": 1, "plan": {"a": 1}}', "a Plan without completion"),
        ('{"format": "comarca-plan", "version": 1, "plan": [1]}', "a Plan without completion"),
        ('{"format": "comarca-plan", "version": 1, "plan": 7}', "not what Comarca writes"),
        ('{"format": "comarca-plan", "version": 1}', "not what Comarca writes"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path, text, told):
    (tmp_path / "plan.json").write_text(text)

    with pytest.raises(comarca.errors.PlanFileError, match=told):
        read_plan(tmp_path)


def test_what_the_study_sets_is_not_called_a_default(plan):
    region = comarca.examples.four_towns()
    wages = {"wage_basic_per_h": 3.0, "tax_rule": "residence"}

    study = comarca.study_for(region, QUICK | {"prices": wages})
    settings = {used.setting for used in comarca.make_plan(region, study).assumed}

    assert "Prices.wage_basic_per_h" in {used.setting for used in plan.assumed}
    assert "Prices.wage_basic_per_h" not in settings
    assert "Prices.tax_rule" not in settings


def test_assumed_amounts_are_told_in_the_currency_of_the_region():
    """Two pesos to the dollar here: every assumed price is twice what it is in dollars."""
    region = comarca.examples.oaxaca()
    pesos = dataclasses.replace(region, currency="MXN", usd_exchange_rate=2.0)

    dollars = comarca.study_for(region).prices
    prices = comarca.study_for(pesos).prices

    assert prices.wage_basic_per_h == 2 * dollars.wage_basic_per_h
    used = {one.setting: one for one in prices.defaults_used()}
    assert used["Prices.wage_basic_per_h"].unit == "MXN/h"
    assert used["Prices.wage_basic_per_h"].value == prices.wage_basic_per_h


def test_no_price_is_assumed_in_a_currency_without_a_rate():
    region = comarca.examples.four_towns()
    unknown = dataclasses.replace(region, currency="XAU", usd_exchange_rate=None)

    with pytest.raises(ParameterError, match="usd_exchange_rate"):
        comarca.study_for(unknown)


def test_every_fault_of_a_study_is_told_at_once():
    region = comarca.examples.four_towns()
    settings = {"travle": {}, "prices": {"hours_per_day": 30}, "freight": {"trucks": 3}}

    with pytest.raises(ParameterError) as refusal:
        comarca.study_for(region, settings)

    for told in ("travle", "hours_per_day is 30", "trucks is not a setting"):
        assert told in str(refusal.value)


def test_public_names_are_exactly_those_listed():
    listed = set(comarca.__all__)

    assert {name for name in dir(comarca) if not name.startswith("_")} == listed
    for name in listed:
        assert getattr(comarca, name) is not None


def test_the_same_seed_gives_the_same_plan(plan):
    region = comarca.examples.four_towns()

    again = comarca.make_plan(region, comarca.study_for(region, QUICK))

    assert again.freight == plan.freight


@pytest.mark.parametrize(
    ("settings", "seed"),
    [
        ({}, 1),
        ({"study": {"seed": 7}}, 7),
        ({"freight": {"seed": 0}}, 0),
        ({"study": {"seed": 7}, "freight": {"seed": 5}, "projection": {"seed": 3}}, 5),
    ],
)
def test_the_seed_of_a_stage_wins_over_that_of_the_study_and_the_manifest_tells_it(
    monkeypatch: pytest.MonkeyPatch, settings, seed
):
    import comarca.study as study

    used = []

    def designing(*inputs: object, **options: object):
        used.append(inputs[-1].seed)
        return comarca.design_freight(*inputs, **options)

    monkeypatch.setattr(study, "design_freight", designing)
    region = comarca.examples.four_towns()
    asked = comarca.study_for(
        region, {**settings, "freight": QUICK["freight"] | settings.get("freight", {})}
    )
    manifest = comarca.make_plan(region, asked).manifest

    assert used == [seed]
    assert manifest.seed == seed
    assert manifest.parameters["freight"]["seed"] == seed
    assert asked.seeded().projection.seed == settings.get("projection", {}).get(
        "seed", asked.study.seed
    )


def test_a_commute_without_a_limit_holds_for_every_stage():
    """Each stage that asks how far people travel takes ``inf``, as the flows do."""
    region = comarca.examples.four_towns()
    study = comarca.study_for(region, {"commuting": {"daily_limit_min": float("inf")}})

    reach = comarca.make_plan(region, study).comparison.reach

    by_car = reach[reach["regime"] == "commuting by car"]
    assert (by_car["towns"] == region.n_towns).all()


def test_a_plan_tells_given_tables_from_assumed_ones(plan):
    towns = comarca.examples.oaxaca()
    bare = dataclasses.replace(towns, tables={}, towns=towns.towns.iloc[:6])

    told = comarca.make_plan(bare, comarca.study_for(bare, QUICK)).summary()

    assert "tables beside towns: none" in told
    assert "in part: enterprises, facilities, labour, processes, vehicles" in told
    assert "assumed, wholly or in part: facilities\n" in plan.summary()
    assert "enterprises, facilities, flows, institutions" in plan.summary()


def test_a_plan_notes_what_counted_flows_leave_out():
    region = comarca.examples.four_towns()
    flows = region.tables["flows"]
    part = flows[flows["origin"] != "cedar"].reset_index(drop=True)
    partial = dataclasses.replace(region, tables={**region.tables, "flows": part})

    plan = comarca.make_plan(partial, comarca.study_for(partial, QUICK))

    assert "no workers are counted in 1 town" in plan.notes
