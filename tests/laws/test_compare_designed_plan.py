"""The solver's objective and the ledgers price the same things: checked on a plan it designed."""

import pytest

from comarca.examples import four_towns
from comarca.study import make_plan


@pytest.fixture(scope="module")
def plan():
    return make_plan(four_towns())


def test_ledgers_of_a_designed_plan_sum_to_its_value(plan):
    ledgers = plan.comparison.ledgers
    freight = ledgers[ledgers["regime"] == "freight"]

    assert plan.freight.workers > 0
    assert freight["amount_per_year"].sum() == pytest.approx(plan.freight.value, abs=0.005)


def test_each_party_gains_what_the_terms_of_the_plan_say(plan):
    """Terms of the plan are named after their party; both tell the same gain of each."""
    ledgers = plan.comparison.ledgers
    by_party = (
        ledgers[ledgers["regime"] == "freight"].groupby("party")["amount_per_year"].sum().to_dict()
    )
    told = dict.fromkeys(by_party, 0.0)
    for term, amount in plan.freight.terms.items():
        told[term.partition(":")[0]] += amount

    assert by_party == pytest.approx(told, abs=0.005)


def test_break_even_has_a_row_for_every_workshop(plan):
    rows = plan.comparison.break_even
    found = set(zip(rows["process_id"], rows["town_id"], strict=True))

    assert {(shop.process_id, shop.town_id) for shop in plan.freight.workshops} <= found
