"""Parameters check themselves, and say where every number nobody set comes from."""

import tomllib
from importlib.resources import files

import pandas as pd
import pytest

from comarca.errors import ParameterError
from comarca.model.completion import CompletionParams
from comarca.model.labour import LabourParams
from comarca.model.parameters import assumptions, default_used
from comarca.model.prices import Prices
from comarca.model.region import Region, typed_frame


def region(**facts):
    towns = pd.DataFrame(
        {
            "town_id": ["a", "b"],
            "name": ["A", "B"],
            "lat": [0.0, 1.0],
            "lon": [0.0, 1.0],
            "population": [10, 20],
        }
    )
    return Region(name="two", towns=typed_frame("towns", towns), **facts)


def countries():
    text = (files("comarca.defaults") / "countries.toml").read_text(encoding="utf-8")
    return sorted(tomllib.loads(text))


@pytest.mark.parametrize("country", [None, *countries()])
def test_every_default_is_complete_and_within_its_own_range(country):
    for name, entry in assumptions(country).items():
        assert entry.basis in {"assumed", "sourced"}, name
        assert all([entry.unit, entry.source, entry.date, entry.meaning]), name
        if entry.low is not None and isinstance(entry.value, int | float):
            assert entry.low <= entry.value <= entry.high, name


def test_every_parameter_starts_from_an_entry_that_exists():
    for params in (Prices, LabourParams, CompletionParams):
        for name in params.default_names().values():
            assert name in assumptions()


def test_a_country_replaces_only_what_it_tells():
    world, mexico = assumptions(), assumptions("mx")

    assert mexico["prices.wage_basic_per_h"].value != world["prices.wage_basic_per_h"].value
    assert mexico["prices.wage_basic_per_h"].unit == world["prices.wage_basic_per_h"].unit
    assert mexico["prices.hours_per_day"] == world["prices.hours_per_day"]
    assert assumptions("XX") == world


def test_all_faults_are_told_together_with_name_value_and_expectation():
    with pytest.raises(ParameterError) as caught:
        Prices(discount_rate=0, hours=8, income_tax_rate=2)

    text = str(caught.value)
    assert "hours is not a setting of Prices" in text
    assert "discount_rate is 0" in text
    assert "income_tax_rate is 2" in text


def test_parameters_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        Prices().hours_per_day = 9


def test_what_was_set_is_no_default():
    used = {one.setting for one in Prices(hours_per_day=7).defaults_used()}

    assert "Prices.hours_per_day" not in used
    assert "Prices.days_per_year" in used
    assert len(used) == len(Prices.default_names()) - 1


def test_amounts_follow_the_currency_of_the_region():
    """Twenty pesos a dollar: every amount and its range times twenty; a share stays."""
    pesos = region(country="MX", currency="MXN", usd_exchange_rate=20.0)
    entry = assumptions("MX")["prices.wage_basic_per_h"]

    prices = Prices.for_region(pesos)
    used = {one.setting: one for one in prices.defaults_used()}

    assert prices.wage_basic_per_h == pytest.approx(entry.value * 20)
    assert prices.margin_on_wage == assumptions()["prices.margin_on_wage"].value
    wage = used["Prices.wage_basic_per_h"]
    assert wage.value == prices.wage_basic_per_h
    assert (wage.low, wage.high) == pytest.approx((entry.low * 20, entry.high * 20))
    assert wage.unit == "MXN/h"
    assert used["Prices.margin_on_wage"].unit == "1"


def test_what_the_study_sets_is_already_in_the_region_s_currency():
    pesos = region(currency="MXN", usd_exchange_rate=20.0)
    prices = Prices.for_region(pesos, wage_basic_per_h=55)

    assert prices.wage_basic_per_h == 55
    assert "Prices.wage_basic_per_h" not in {one.setting for one in prices.defaults_used()}


def test_without_a_rate_an_amount_cannot_be_assumed():
    unknown = region(currency="MXN", usd_exchange_rate=None)

    with pytest.raises(ParameterError, match="set usd_exchange_rate"):
        Prices.for_region(unknown)
    amounts = {
        "wage_basic_per_h": 50,
        "wage_secondary_per_h": 80,
        "wage_higher_per_h": 150,
        "commute_cost_per_km": 1.5,
    }
    assert Prices.for_region(unknown, **amounts).wage_basic_per_h == 50
    assert LabourParams.for_region(unknown).adult_share == LabourParams().adult_share  # no amount


def test_a_copy_with_a_change_keeps_country_and_currency():
    pesos = region(country="MX", currency="MXN", usd_exchange_rate=20.0)
    copy = Prices.for_region(pesos).model_copy(update={"tax_rule": "residence"})
    used = {one.setting: one for one in copy.defaults_used()}

    assert used["Prices.wage_basic_per_h"].unit == "MXN/h"
    assert "Prices.tax_rule" not in used


def test_a_default_used_names_what_it_stood_in_for():
    entry = assumptions()["completion.rent_per_m2"]
    used = default_used(
        "x", entry, currency="EUR", usd_exchange_rate=0.5, used_for="premises of 3 towns"
    )

    assert used.value == entry.value / 2
    assert used.unit == "EUR/m2/year"
    assert used.used_for == "premises of 3 towns"
    assert used.is_assumed


def test_every_price_that_lacks_a_rate_is_named():
    with pytest.raises(ParameterError) as caught:
        Prices.for_region(region(currency="MXN", usd_exchange_rate=None), wage_basic_per_h=30.0)

    named = {fault.object for fault in caught.value.faults}
    assert {"wage_secondary_per_h", "wage_higher_per_h", "commute_cost_per_km"} <= named
    assert "wage_basic_per_h" not in named


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_no_setting_is_infinite(value):
    with pytest.raises(ParameterError, match="truck_payload_t"):
        CompletionParams(truck_payload_t=value)


def test_a_slip_gets_the_nearest_setting():
    with pytest.raises(ParameterError, match="expected discount_rate, the nearest"):
        Prices(discount_rat=0.05)
