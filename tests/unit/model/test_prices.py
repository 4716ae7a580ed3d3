"""What a worker-day is worth to each party, on figures anybody can multiply."""

import pytest

from comarca.errors import ParameterError
from comarca.model.prices import (
    Prices,
    base_job_year,
    net,
    value_added_per_h,
    worker_year,
    workshop_year,
)

PRICES = Prices(
    refilled_share=0,
    hours_per_day=8,
    days_per_year=200,
    margin_on_wage=0.25,
    value_of_time_share=0.5,
    own_time_share=0.5,
    commute_cost_per_km=0.1,
    income_tax_rate=0.1,
    tax_rule="workplace",
    supervision_share=0.1,
    discount_rate=0.1,
    renovation_life_years=1,
)
RESIDENCE = PRICES.model_copy(update={"tax_rule": "residence"})
JOB = {"wage_per_h": 3, "value_added_per_h": 3.75, "present_wage_per_h": 2}
JOURNEY_NOW = {"saved_km_per_day": 40, "saved_min_per_day": 60}


def party(ledger, name):
    return sum(amount for (who, _), amount in ledger.items() if who == name)


def test_an_unemployed_worker_gains_the_wage_and_gives_up_own_time():
    """1,600 hours at 3, a tenth of it tax; own time is worth half of 2."""
    ledger = worker_year(PRICES, kind="unemployed", **JOB)

    assert party(ledger, "household") == pytest.approx(4_320 - 1_600)
    assert party(ledger, "town") == pytest.approx(480)
    assert party(ledger, "enterprise") == pytest.approx(6_000 - 4_800)
    assert party(ledger, "elsewhere") == 0
    assert net(ledger) == pytest.approx(6_000 - 1_600)


def test_inactive_and_unemployed_are_priced_alike():
    assert worker_year(PRICES, kind="inactive", **JOB) == worker_year(
        PRICES, kind="unemployed", **JOB
    )


def test_a_commuter_leaves_a_job_and_its_journeys():
    """The present employer loses 4,000 of value but pays 3,200 less; 8,000 km, 200 h fall away."""
    ledger = worker_year(PRICES, kind="commuter", **JOB, **JOURNEY_NOW)

    assert ledger["household", "fares saved"] == pytest.approx(800)
    assert ledger["household", "time on the road saved"] == pytest.approx(200)
    assert party(ledger, "household") == pytest.approx(4_320 - 2_880 + 800 + 200)
    assert party(ledger, "town") == pytest.approx(480)
    assert party(ledger, "elsewhere") == pytest.approx(-320 - 4_000 + 3_200)
    assert net(ledger) == pytest.approx(6_000 - 4_000 + 800 + 200)


def test_a_vacated_job_that_is_taken_over_is_not_lost():
    """Of 4,000 of value a quarter is lost; three quarters cost the own time of others, 1,600."""
    prices = PRICES.model_copy(update={"refilled_share": 0.75})

    ledger = worker_year(prices, kind="commuter", **JOB, **JOURNEY_NOW)

    assert ledger["elsewhere", "value added by present jobs"] == pytest.approx(-1_000)
    assert ledger["elsewhere", "own time of those who take over"] == pytest.approx(-1_200)
    assert net(ledger) == pytest.approx(6_000 - 1_000 - 1_200 + 800 + 200)


@pytest.mark.parametrize("rule", ["residence", "workplace"])
def test_with_every_job_taken_over_a_commuter_is_worth_an_unemployed_and_the_journeys(rule):
    prices = PRICES.model_copy(update={"refilled_share": 1.0, "tax_rule": rule})

    commuter = net(worker_year(prices, kind="commuter", **JOB, **JOURNEY_NOW))

    assert commuter == pytest.approx(net(worker_year(prices, kind="unemployed", **JOB)) + 1_000)


def test_taxed_at_the_residence_the_town_already_had_the_tax():
    ledger = worker_year(RESIDENCE, kind="commuter", **JOB, **JOURNEY_NOW)

    assert party(ledger, "town") == pytest.approx(480 - 320)
    assert net(ledger) == pytest.approx(
        net(worker_year(PRICES, kind="commuter", **JOB, **JOURNEY_NOW))
    )


def test_the_same_job_at_the_base_costs_the_way_there():
    """60 km and an hour a day: 1,200 of fares and 200 of time less than in the workshop."""
    here = worker_year(PRICES, kind="commuter", **JOB, **JOURNEY_NOW)
    there = base_job_year(
        PRICES,
        kind="commuter",
        **JOB,
        **JOURNEY_NOW,
        journey_km_per_day=60,
        journey_min_per_day=60,
    )

    assert net(here) - net(there) == pytest.approx(1_200 + 200)
    assert there["elsewhere", "income tax of wages at the base"] == pytest.approx(480)
    assert party(there, "town") == 0


@pytest.mark.parametrize(
    ("prices", "is_at_home", "budget"),
    [
        (PRICES, False, "elsewhere"),
        (PRICES, True, "town"),
        (RESIDENCE, False, "town"),
        (RESIDENCE, True, "town"),
    ],
)
def test_whose_budget_taxes_the_job_at_the_base(prices, is_at_home, budget):
    ledger = base_job_year(
        prices,
        kind="unemployed",
        **JOB,
        journey_km_per_day=0,
        journey_min_per_day=0,
        is_at_home=is_at_home,
    )

    assert ledger[budget, "income tax of wages at the base"] == pytest.approx(480)


def test_a_workshop_costs_supervision_renovation_and_rent():
    ledger = workshop_year(PRICES, wages_per_year=48_000, renovation_cost=1_000, annual_rent=300)

    assert ledger["enterprise", "supervision"] == pytest.approx(-4_800)
    assert ledger["enterprise", "renovation, yearly share"] == pytest.approx(-1_100)
    assert net(ledger) == pytest.approx(-5_900)  # the rent stays in the four ledgers


def test_value_of_an_hour_from_the_tonne_or_from_the_wage():
    assert value_added_per_h(
        PRICES, wage_per_h=3, labour_h_per_t=100, value_per_t=500
    ) == pytest.approx(5)
    assert value_added_per_h(
        PRICES, wage_per_h=3, labour_h_per_t=100, value_per_t=None
    ) == pytest.approx(3.75)
    assert value_added_per_h(PRICES, wage_per_h=3, labour_h_per_t=100, value_per_t=0) == 0


def test_annuity_pays_the_cost_back_with_interest():
    """Yearly shares, discounted, sum to the cost: 1,000 over 15 years at 8 per cent are 116.83."""
    prices = Prices(discount_rate=0.08, renovation_life_years=15)

    share = prices.annualised(1_000)

    assert share == pytest.approx(116.83, abs=0.005)
    assert sum(share / 1.08**year for year in range(1, 16)) == pytest.approx(1_000)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("hours_per_day", 0),
        ("hours_per_day", 24),
        ("wage_basic_per_h", 0),
        ("discount_rate", 0),
        ("income_tax_rate", 1),
        ("tax_rule", "nowhere"),
        ("commute_cost_per_km", -0.1),
    ],
)
def test_prices_outside_their_range_are_refused_by_name(setting, value):
    with pytest.raises(ParameterError, match=setting):
        Prices(**{setting: value})


def test_wages_by_skill():
    prices = Prices(wage_basic_per_h=1, wage_secondary_per_h=2, wage_higher_per_h=3)

    assert prices.wage_per_h == {"basic": 1, "secondary": 2, "higher": 3}
