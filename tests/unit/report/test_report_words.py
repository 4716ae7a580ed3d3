"""What the report says in words, where a reader could be misled."""

from dataclasses import replace

import pandas as pd
import pytest

from comarca.report import words
from comarca.report.contents import Contents
from comarca.report.figures import unit_of
from comarca.report.front import Front
from comarca.report.totals import ALTOGETHER, EVERYBODY, by_term, who_is_counted
from comarca.report.townpages import TownPages
from unit.report.sample_plans import small_plan


def contents(**headline):
    """The small plan with some figures of its headline changed."""
    plan = small_plan()
    changed = replace(plan.comparison, headline={**plan.comparison.headline, **headline})
    return Contents(replace(plan, comparison=changed))


def told(plan):
    return " ".join(Front(Contents(plan)).sentences())


def test_a_plan_proven_best_leaves_nothing_to_find():
    plan = small_plan()
    best = replace(plan, freight=replace(plan.freight, bound=plan.freight.value, status="optimal"))
    assert "no plan under the same assumptions is worth more." in told(best)
    assert "left to find" not in told(best)
    assert Front(Contents(best)).worth()[-1].value == 0
    better = replace(plan, freight=replace(plan.freight, bound=1.1 * plan.freight.value))
    assert "left to find" in told(better)


def test_a_party_that_loses_is_named_with_its_loss():
    plan = small_plan()
    rows = plan.comparison.ledgers.iloc[:1].assign(
        regime="freight", party="enterprise", term="a burden", amount_per_year=-1e6
    )
    ledgers = pd.concat([plan.comparison.ledgers, rows], ignore_index=True)
    burdened = replace(plan, comparison=replace(plan.comparison, ledgers=ledgers))

    assert "will hardly agree" not in told(plan)
    assert "enterprises MXN" in told(burdened).split("But there are losses")[1]
    assert "to enterprises" not in told(burdened)


def test_who_cannot_commute_is_told_beside_the_amounts():
    workers = small_plan().freight.workers
    some = contents(commuting_feasible_workers=workers - 5.0, commuting_net_benefit_per_year=9e3)
    assert f"{workers - 5} of them can reach the same jobs" in who_is_counted(some)
    sentence = Front(some).sentences()[3]
    assert f"{workers - 5} of these people could reach them" in sentence
    assert "MXN\u00a09,000 a year" in sentence
    everybody = contents(commuting_feasible_workers=float(workers))
    assert "the same people and the same work" in who_is_counted(everybody)
    nobody = contents(commuting_feasible_workers=0.0, commuting_net_benefit_per_year=0.0)
    assert "None of these people could reach" in Front(nobody).sentences()[3]


def test_parts_of_a_jobs_yearly_cost_are_all_told():
    def note(opening):
        figures = Front(contents(opening_per_job_year=opening)).figures()
        return next(f.note for f in figures if f.label == "A job costs, each year")

    assert "opening of bases MXN\u00a0321" in note(321.0)
    assert "opening of bases" not in note(0.0)


def test_ledgers_end_in_the_sum_of_all_parties():
    plan = small_plan()
    *rows, last = by_term(Contents(plan)).rows
    assert last[:2] == (EVERYBODY, ALTOGETHER)
    sums = plan.comparison.ledgers.groupby("regime")["amount_per_year"].sum()
    assert last[3] == pytest.approx(sums["freight"])
    assert last[3] == pytest.approx(sum(row[3] or 0 for row in rows if row[1] == ALTOGETHER))


def test_a_towns_ledger_sums_to_its_rows():
    plan = small_plan()
    pages = TownPages(Contents(plan))
    ledgers = plan.comparison.ledgers
    for town, shops in Contents(plan).workshops_of.items():
        assert shops
        (table,) = (one for one in pages.page(town).tables if one.name == "Ledger")
        of_town = ledgers[(ledgers["town_id"] == town) & (ledgers["regime"] == "freight")]
        assert table.rows[-1][0] == ALTOGETHER
        assert table.rows[-1][2] == pytest.approx(of_town["amount_per_year"].sum())


def test_bases_and_towns_of_one_name_are_told_apart():
    plan = small_plan()
    region = plan.region
    enterprises = region.table("enterprises").assign(name="Works")
    towns = region.towns.assign(name=["Twin", "Twin", *region.towns["name"].iloc[2:]])
    tables = {**region.tables, "enterprises": enterprises}
    twins = replace(region, towns=towns, tables=tables)
    names = Contents(replace(plan, completion=replace(plan.completion, region=twins))).names
    bases = [names.base(base) for base in plan.freight.bases]
    assert len(set(bases)) == len(bases) == 2
    assert names.town("01") == "Twin (01)"
    assert names.town("03") == "Cedar"


def test_every_figure_of_the_headline_has_a_unit():
    units = {name: unit_of(name, "MXN") for name in small_plan().comparison.headline}
    assert all(units.values())
    assert unit_of("cost_per_job_year", "MXN") == "MXN/year for each job"
    assert unit_of("cost_per_job_once", "MXN") == "MXN for each job"
    assert unit_of("tax_kept_in_towns_per_year", "MXN") == "MXN/year"
    assert unit_of("works_in_own_town_today_share", "MXN") == "share"


def test_a_loss_of_nobody_is_told_as_nobody():
    assert words.whole(-0.3) == "0"
    assert words.whole(-3.2) == "−3"
