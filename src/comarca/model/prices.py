"""
What a worker-day is worth to each party: the one place where it is priced.

The freight objective and the ledgers both read it, so they cannot disagree. Everything is a change
against today, for one worker and one year, in the region's currency.

Parties
    ``household`` the worker's; ``town`` the budget of the town he or she lives in; ``enterprise``
    the base and its workshops; ``elsewhere`` present employers and budgets of other towns, who lose
    what a commuter no longer brings them. Wages, taxes and rent are transfers: summed over the four
    they cancel, and what is left is work done, journeys saved and resources used.

Workers
    An ``unemployed`` or ``inactive`` worker gives up own time, worth a share of the wage (the
    shadow wage of cost-benefit analysis); a ``commuter`` gives up a present job that was worth its
    wage and the same margin to the present employer. Of the jobs commuters leave, a share is taken
    over by people without work where those jobs are; only the rest of that work is lost.

Assumptions: premises belong to the town, so rent is the town's income; a workshop's worker lives
where the workshop stands, so income tax stays in the town under either rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from comarca.model.matrices import Skill
from comarca.model.parameters import Params, assumed
from comarca.units import MIN_PER_H

Party = Literal["household", "town", "enterprise", "elsewhere"]
WorkerKind = Literal["unemployed", "commuter", "inactive"]
Ledger = Mapping[tuple[Party, str], float]
"""Amounts a year by party and term; a gain is positive."""


class Prices(Params):
    """
    Prices of labour, time, journeys and capital, in the region's currency.

    Parameters
    ----------
    hours_per_day
        Working hours of a worker-day, h, in (0, 24).
    days_per_year
        Working days of a year, in (0, 366].
    wage_basic_per_h, wage_secondary_per_h, wage_higher_per_h
        Present gross wage by skill, currency per hour, above 0; used where ``labour`` gives none.
    margin_on_wage
        Value an hour of work adds beyond its wage, as a share of the wage, 0 or more; used where a
        process gives no ``value_per_t``.
    value_of_time_share
        Value of an hour on the road as a share of the wage, in [0, 2].
    own_time_share
        Value of the hours an unemployed or inactive person gives up, as a share of the wage.
    refilled_share
        Share of the jobs commuters leave that people without work take over, in [0, 1].
    commute_cost_per_km
        What a household pays for a kilometre of commuting, currency per person-km.
    income_tax_rate
        Share of the wage that goes to a town's budget, in [0, 1).
    tax_rule
        ``"residence"`` or ``"workplace"``: whose budget receives it.
    supervision_share
        Supervision, quality control and administration of a workshop as a share of its wages.
    discount_rate
        Real rate a year for annualising, above 0.
    renovation_life_years
        Years a renovation serves.
    training_life_years
        Years a trained worker stays, or is followed by another who needs no training.
    """

    hours_per_day: float = assumed("prices.hours_per_day", gt=0, lt=24)
    days_per_year: float = assumed("prices.days_per_year", gt=0, le=366)
    wage_basic_per_h: float = assumed("prices.wage_basic_per_h", gt=0)
    wage_secondary_per_h: float = assumed("prices.wage_secondary_per_h", gt=0)
    wage_higher_per_h: float = assumed("prices.wage_higher_per_h", gt=0)
    margin_on_wage: float = assumed("prices.margin_on_wage", ge=0)
    value_of_time_share: float = assumed("prices.value_of_time_share", ge=0, le=2)
    own_time_share: float = assumed("prices.own_time_share", ge=0, le=2)
    refilled_share: float = assumed("prices.refilled_share", ge=0, le=1)
    commute_cost_per_km: float = assumed("prices.commute_cost_per_km", ge=0)
    income_tax_rate: float = assumed("prices.income_tax_rate", ge=0, lt=1)
    tax_rule: Literal["residence", "workplace"] = assumed("prices.tax_rule")
    supervision_share: float = assumed("prices.supervision_share", ge=0)
    discount_rate: float = assumed("prices.discount_rate", gt=0)
    renovation_life_years: float = assumed("prices.renovation_life_years", gt=0)
    training_life_years: float = assumed("prices.training_life_years", gt=0)

    @property
    def wage_per_h(self) -> Mapping[Skill, float]:
        """Present gross wage by skill, currency per hour."""
        return {
            "basic": self.wage_basic_per_h,
            "secondary": self.wage_secondary_per_h,
            "higher": self.wage_higher_per_h,
        }

    @property
    def hours_per_year(self) -> float:
        """Working hours of one worker in a year."""
        return self.hours_per_day * self.days_per_year

    @property
    def annuity_factor(self) -> float:
        """Share of a one-off cost borne each year over ``renovation_life_years``."""
        return self._annuity(self.renovation_life_years)

    def annualised(self, cost: float) -> float:
        """Yearly share of a one-off cost, currency per year."""
        return cost * self.annuity_factor

    def annualised_training(self, cost: float) -> float:
        """Yearly share of a learner's one-off cost over ``training_life_years``."""
        return cost * self._annuity(self.training_life_years)

    def _annuity(self, years: float) -> float:
        still_owed = float((1 + self.discount_rate) ** -years)
        return self.discount_rate / (1 - still_owed)


def value_added_per_h(
    prices: Prices, *, wage_per_h: float, labour_h_per_t: float, value_per_t: float | None
) -> float:
    """
    Value an hour of workshop work adds, before freight, premises and supervision.

    Parameters
    ----------
    prices
        Prices of the region; the margin is used where ``value_per_t`` is ``None``.
    wage_per_h
        Gross wage in the workshop, currency per hour.
    labour_h_per_t
        Working hours in a tonne of input, h/t, above 0.
    value_per_t
        Value the work adds to a tonne of input, currency per t; ``None`` where the process gives
        none.

    Returns
    -------
    float
        Currency per hour.
    """
    if value_per_t is not None:
        return value_per_t / labour_h_per_t
    return wage_per_h * (1 + prices.margin_on_wage)


def worker_year(
    prices: Prices,
    *,
    kind: WorkerKind,
    wage_per_h: float,
    value_added_per_h: float,
    present_wage_per_h: float,
    saved_km_per_day: float = 0.0,
    saved_min_per_day: float = 0.0,
) -> Ledger:
    """
    What changes for each party when one worker of a town works in its workshop, for a year.

    Parameters
    ----------
    prices
        Prices of the region.
    kind
        What the worker does today.
    wage_per_h
        Gross wage in the workshop, currency per hour.
    value_added_per_h
        Value the work adds, currency per hour, before freight, premises and supervision.
    present_wage_per_h
        Gross wage of the worker's skill today, currency per hour: what a commuter earns, and what
        the own time of the others is measured by.
    saved_km_per_day, saved_min_per_day
        Commuting there and back that falls away, for a commuter; 0 for the others.

    Returns
    -------
    Mapping[tuple[Party, str], float]
        Currency per year by party and term; the sum is the net benefit before freight, renovation
        and supervision.
    """
    hours, tax = prices.hours_per_year, prices.income_tax_rate
    return {
        ("household", "workshop wage after tax"): hours * wage_per_h * (1 - tax),
        ("town", "income tax of workshop wages"): hours * wage_per_h * tax,
        ("enterprise", "value added by workshops"): hours * value_added_per_h,
        ("enterprise", "workshop wages"): -hours * wage_per_h,
        **_given_up(
            prices,
            kind=kind,
            present_wage_per_h=present_wage_per_h,
            saved_km_per_day=saved_km_per_day,
            saved_min_per_day=saved_min_per_day,
        ),
    }


def base_job_year(
    prices: Prices,
    *,
    kind: WorkerKind,
    wage_per_h: float,
    value_added_per_h: float,
    present_wage_per_h: float,
    saved_km_per_day: float = 0.0,
    saved_min_per_day: float = 0.0,
    journey_km_per_day: float,
    journey_min_per_day: float,
    is_at_home: bool = False,
) -> Ledger:
    """
    What changes for each party when one worker commutes to the same job at the base, for a year.

    Parameters
    ----------
    prices, kind, wage_per_h, value_added_per_h, present_wage_per_h, saved_km_per_day, \
saved_min_per_day
        As in :func:`worker_year`: the worker gives up the same things for the same job.
    journey_km_per_day, journey_min_per_day
        Commuting to the base and back, km and minutes a day, finite.
    is_at_home
        Whether the base stands in the worker's own town, whose budget then receives the tax under
        either rule.

    Returns
    -------
    Mapping[tuple[Party, str], float]
        Currency per year by party and term.
    """
    hours, tax = prices.hours_per_year, prices.income_tax_rate
    taxed_at_home = is_at_home or prices.tax_rule == "residence"
    fares, time = _journeys(prices, present_wage_per_h, journey_km_per_day, journey_min_per_day)
    budget: Party = "town" if taxed_at_home else "elsewhere"
    return {
        ("household", "wage at the base after tax"): hours * wage_per_h * (1 - tax),
        ("household", "fares to the base"): -fares,
        ("household", "time on the road to the base"): -time,
        (budget, "income tax of wages at the base"): hours * wage_per_h * tax,
        ("enterprise", "value added at the base"): hours * value_added_per_h,
        ("enterprise", "wages at the base"): -hours * wage_per_h,
        **_given_up(
            prices,
            kind=kind,
            present_wage_per_h=present_wage_per_h,
            saved_km_per_day=saved_km_per_day,
            saved_min_per_day=saved_min_per_day,
        ),
    }


def _given_up(
    prices: Prices,
    *,
    kind: WorkerKind,
    present_wage_per_h: float,
    saved_km_per_day: float,
    saved_min_per_day: float,
) -> Ledger:
    """What a worker of a kind leaves for a new job: own time, or a present job and its journeys."""
    hours, tax = prices.hours_per_year, prices.income_tax_rate
    wage_now = hours * present_wage_per_h
    if kind != "commuter":
        return {("household", "own time given up"): -wage_now * prices.own_time_share}
    fares, time = _journeys(prices, present_wage_per_h, saved_km_per_day, saved_min_per_day)
    return {
        ("household", "present wage after tax"): -wage_now * (1 - tax),
        ("household", "fares saved"): fares,
        ("household", "time on the road saved"): time,
        **_vacated(prices, wage_now),
    }


def _vacated(prices: Prices, wage_now: float) -> Ledger:
    """
    What becomes of a job a commuter leaves, for all but the commuter, currency per year.

    The wage of a job that is taken over is paid on, to somebody who gives up own time for it; where
    tax follows the workplace it stays there, else it moves from the commuter's town to that of
    whoever takes over.
    """
    refilled, tax = prices.refilled_share, wage_now * prices.income_tax_rate
    lost = (1 - refilled) * wage_now
    at_home = prices.tax_rule == "residence"
    ledger: dict[tuple[Party, str], float] = {
        ("elsewhere", "value added by present jobs"): -lost * (1 + prices.margin_on_wage),
        ("elsewhere", "present wages"): lost,
    }
    if at_home:
        ledger["town", "income tax of present wages"] = -tax
    else:
        ledger["elsewhere", "income tax of present wages"] = -tax * (1 - refilled)
    if refilled == 0:
        return ledger
    own_time = prices.own_time_share * wage_now
    ledger["elsewhere", "wage of those who take over, after tax"] = refilled * (wage_now - tax)
    ledger["elsewhere", "own time of those who take over"] = -refilled * own_time
    if at_home:
        ledger["elsewhere", "income tax of those who take over"] = refilled * tax
    return ledger


def _journeys(
    prices: Prices, wage_per_h: float, km_per_day: float, min_per_day: float
) -> tuple[float, float]:
    """Fares, and the value of the time on the road, of a year's commuting, currency per year."""
    fares = km_per_day * prices.days_per_year * prices.commute_cost_per_km
    hours = min_per_day / MIN_PER_H * prices.days_per_year
    return fares, hours * prices.value_of_time_share * wage_per_h


def workshop_year(
    prices: Prices, *, wages_per_year: float, renovation_cost: float, annual_rent: float
) -> Ledger:
    """
    What a workshop costs beyond its workers and freight, for a year.

    Parameters
    ----------
    prices
        Prices of the region.
    wages_per_year
        Gross wages of all its workers, currency per year; supervision is a share of them.
    renovation_cost
        One-off cost of making the premises fit, currency; borne by the enterprise, annualised.
    annual_rent
        Rent the enterprise pays to the town, currency per year.

    Returns
    -------
    Mapping[tuple[Party, str], float]
        Currency per year by party and term.
    """
    return {
        ("enterprise", "supervision"): -prices.supervision_share * wages_per_year,
        ("enterprise", "renovation, yearly share"): -prices.annualised(renovation_cost),
        ("enterprise", "rent of premises"): -annual_rent,
        ("town", "rent of premises"): annual_rent,
    }


def training_year(
    prices: Prices, *, cost_per_learner: float, hours: float, present_wage_per_h: float
) -> Ledger:
    """
    What training one worker costs, for a year of those it serves.

    Parameters
    ----------
    prices
        Prices of the region.
    cost_per_learner
        One-off cost of the course, currency; borne by the enterprise, annualised.
    hours
        Hours of teaching; the learner gives up own time for them.
    present_wage_per_h
        Gross wage of the learner's skill today, currency per hour: what own time is measured by.

    Returns
    -------
    Mapping[tuple[Party, str], float]
        Currency per year by party and term.
    """
    own_time = hours * present_wage_per_h * prices.own_time_share
    return {
        ("enterprise", "training, yearly share"): -prices.annualised_training(cost_per_learner),
        ("household", "time in training, yearly share"): -prices.annualised_training(own_time),
    }


def net(ledger: Ledger) -> float:
    """Sum over all parties and terms, transfers cancelled, currency per year."""
    return sum(ledger.values())


def paid_by(ledger: Ledger, party: Party) -> float:
    """Sum over the terms of one party, currency per year; below 0 where it pays."""
    return sum(amount for (whose, _), amount in ledger.items() if whose == party)
