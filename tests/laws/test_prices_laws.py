"""Laws of the prices: what one party gets another gives, whatever the figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comarca.model.prices import Prices, base_job_year, net, worker_year, workshop_year

MONEY = st.floats(0.01, 1_000)
SHARE = st.floats(0, 0.99)
KINDS = st.sampled_from(["unemployed", "commuter", "inactive"])
JOURNEY = st.floats(0, 500)


@st.composite
def any_prices(draw):
    """Prices within their ranges."""
    return Prices(
        hours_per_day=draw(st.floats(1, 12)),
        days_per_year=draw(st.floats(1, 366)),
        margin_on_wage=draw(SHARE),
        value_of_time_share=draw(SHARE),
        own_time_share=draw(SHARE),
        refilled_share=draw(SHARE),
        commute_cost_per_km=draw(MONEY),
        income_tax_rate=draw(SHARE),
        tax_rule=draw(st.sampled_from(["residence", "workplace"])),
        supervision_share=draw(SHARE),
        discount_rate=draw(st.floats(0.001, 0.5)),
        renovation_life_years=draw(st.floats(1, 60)),
    )


def job(draw):
    return {
        "wage_per_h": draw(MONEY),
        "value_added_per_h": draw(MONEY),
        "present_wage_per_h": draw(MONEY),
        "saved_km_per_day": draw(JOURNEY),
        "saved_min_per_day": draw(JOURNEY),
    }


def scale(ledger):
    """Size of the largest term, by which rounding is judged."""
    return max(1.0, *(abs(amount) for amount in ledger.values()))


@given(data=st.data(), prices=any_prices(), kind=KINDS)
def test_wages_and_taxes_are_transfers(data, prices, kind):
    """A higher wage or another tax moves money between parties and makes none."""
    before = job(data.draw)
    after = before | {"wage_per_h": data.draw(MONEY)}
    taxed = prices.model_copy(
        update={
            "income_tax_rate": data.draw(SHARE),
            "tax_rule": data.draw(st.sampled_from(["residence", "workplace"])),
        }
    )

    old, new = worker_year(prices, kind=kind, **before), worker_year(taxed, kind=kind, **after)

    assert net(new) == pytest.approx(net(old), abs=1e-9 * max(scale(old), scale(new)))


@given(prices=any_prices(), wages=MONEY, cost=MONEY, rent=MONEY, other_rent=MONEY)
def test_rent_is_a_transfer(prices, wages, cost, rent, other_rent):
    asked = {"wages_per_year": wages, "renovation_cost": cost}

    assert net(workshop_year(prices, **asked, annual_rent=rent)) == pytest.approx(
        net(workshop_year(prices, **asked, annual_rent=other_rent)), abs=1e-6
    )


@given(data=st.data(), prices=any_prices(), kind=KINDS)
def test_a_base_next_door_is_worth_a_workshop(data, prices, kind):
    """Without a way to go, the job at the base gives all parties together the same."""
    facts = job(data.draw)
    here = worker_year(prices, kind=kind, **facts)
    there = base_job_year(prices, kind=kind, **facts, journey_km_per_day=0, journey_min_per_day=0)

    assert net(there) == pytest.approx(net(here), abs=1e-9 * scale(here))


@given(data=st.data(), prices=any_prices(), kind=KINDS, near=JOURNEY, farther=JOURNEY)
def test_a_longer_way_to_the_base_never_pays(data, prices, kind, near, farther):
    facts = job(data.draw)

    def worth(journey):
        return net(
            base_job_year(
                prices,
                kind=kind,
                **facts,
                journey_km_per_day=journey,
                journey_min_per_day=journey,
            )
        )

    assert worth(near + farther) <= worth(near) + 1e-6
