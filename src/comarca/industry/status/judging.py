"""
Single-industry status of each town: every criterion, the verdict, the category.

Logic of three values: a criterion is met, not met, or not decidable since a figure is missing. So
many of some criteria hold when enough are met, fail when enough cannot be, and are open otherwise.
A town about which too little is known is told as *not decidable*, with what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd
from pydantic import Field

from comarca.errors import ParameterError
from comarca.industry.frames import typed
from comarca.industry.status.measures import Finding, TownFigures
from comarca.model.parameters import Params
from comarca.model.region import Region
from comarca.model.status_rule_tables import default_rule_sets
from comarca.model.status_rules import MEASURES, Category, Criterion, RuleSet, rule_in_force

Outcome = Literal["met", "not met", "not decidable"]
Verdict = Literal["single-industry", "not single-industry", "not decidable"]
_VERDICTS: Mapping[Outcome, Verdict] = {
    "met": "single-industry",
    "not met": "not single-industry",
    "not decidable": "not decidable",
}
_CRITERIA = {
    "town_id": "string",
    "criterion": "string",
    "says": "string",
    "role": "string",
    "measure": "string",
    "value": "string",
    "comparison": "string",
    "threshold": "string",
    "unit": "string",
    "outcome": "string",
    "told": "string",
    "source": "string",
    "is_confirmed": "boolean",
}
_VERDICT_OF = {
    "town_id": "string",
    "rule_set": "string",
    "verdict": "string",
    "category": "Int64",
    "possible_categories": "string",
    "rests_on_unconfirmed": "boolean",
    "reason": "string",
}


class StatusParams(Params):
    """
    By which rules, and for which date, a town is judged.

    Parameters
    ----------
    on
        The date; ``None`` for the newest rules and figures.
    rule_set
        Id of the rule set to judge by; ``None`` for the one in force in the region's country.
    national_unemployment_rate
        Registered unemployment of the country, a share of its labour force, in (0, 1]; without it,
        criteria that compare with it are not decidable.
    """

    on: date | None = None
    rule_set: str | None = None
    national_unemployment_rate: float | None = Field(default=None, gt=0, le=1)


@dataclass(frozen=True, eq=False, kw_only=True)
class SingleIndustryStatus:
    """
    What the rules say of each town.

    Parameters
    ----------
    rules
        The rule set judged by; ``None`` where none was in force.
    criteria
        One row a town and criterion: ``town_id, criterion, says, role`` (admission, category),
        ``measure, value, comparison, threshold, unit, outcome`` (met, not met, not decidable),
        ``told, source, is_confirmed``. ``told`` names the employer and year, or what is missing;
        ``is_confirmed`` is false where no source seen states the threshold.
    verdicts
        One row a town: ``town_id, rule_set, verdict`` (single-industry, not single-industry, not
        decidable), ``category, possible_categories, rests_on_unconfirmed, reason``.
    """

    rules: RuleSet | None
    criteria: pd.DataFrame
    verdicts: pd.DataFrame

    def counts(self) -> Mapping[Verdict, int]:
        """How many towns there are of each verdict."""
        found = self.verdicts["verdict"].value_counts()
        return {verdict: int(found.get(verdict, 0)) for verdict in _VERDICTS.values()}

    def outcomes(self) -> pd.DataFrame:
        """One row a criterion: how many towns met it, did not, or could not be decided."""
        table = self.criteria
        if table.empty:
            return pd.DataFrame(columns=["criterion", "says", "met", "not met", "not decidable"])
        ways = pd.crosstab(table["criterion"], table["outcome"])
        told = table.drop_duplicates("criterion").set_index("criterion")["says"]
        ordered = ways.reindex(list(dict.fromkeys(table["criterion"])), fill_value=0)
        ordered = ordered.reindex(columns=["met", "not met", "not decidable"], fill_value=0)
        ordered.insert(0, "says", told.reindex(ordered.index))
        return ordered.reset_index()

    def summary(self) -> str:
        """Say in a few lines what was decided and what could not be."""
        if self.rules is None:
            return "single-industry status: no rules were in force"
        lines = [
            f"single-industry status by {self.rules.name}: "
            + ", ".join(f"{verdict} {count:,}" for verdict, count in self.counts().items())
        ]
        lines += [
            f"  {row['says']}: met {row['met']:,}, not met {row['not met']:,}, "
            f"not decidable {row['not decidable']:,}"
            for row in self.outcomes().to_dict("records")
        ]
        return "\n".join(lines)


def judge_status(
    region: Region,
    params: StatusParams | None = None,
    rule_sets: Sequence[RuleSet] | None = None,
) -> SingleIndustryStatus:
    """
    Judge each town by the rules in force.

    Parameters
    ----------
    region
        Its tables as given: ``towns``, ``standing``, ``enterprises``, ``headcounts``,
        ``employment``, ``benchmark``. What they do not hold leaves criteria undecided.
    params
        Date, rule set and national rate; the newest rules of the region's country by default.
    rule_sets
        Rules to choose from; those that Comarca knows when not given.

    Returns
    -------
    SingleIndustryStatus

    Raises
    ------
    ParameterError
        When the rule set named is not among them.
    """
    params = params or StatusParams()
    known = default_rule_sets() if rule_sets is None else tuple(rule_sets)
    rules = _chosen(known, region.country, params)
    if rules is None:
        return SingleIndustryStatus(
            rules=None,
            criteria=typed([], _CRITERIA),
            verdicts=typed([], _VERDICT_OF),
        )
    figures = TownFigures(region, params.on, params.national_unemployment_rate)
    criteria: list[tuple[object, ...]] = []
    verdicts: list[tuple[object, ...]] = []
    for town in region.town_ids:
        judged = {one.id: _judged(figures, town, one) for one in rules.criteria}
        criteria += [_criterion_row(town, one, rules, *judged[one.id]) for one in rules.criteria]
        verdicts.append((town, rules.id, *_verdict(rules, judged)))
    return SingleIndustryStatus(
        rules=rules, criteria=typed(criteria, _CRITERIA), verdicts=typed(verdicts, _VERDICT_OF)
    )


def _chosen(known: Sequence[RuleSet], country: str | None, params: StatusParams) -> RuleSet | None:
    if params.rule_set is None:
        return rule_in_force(known, country, params.on)
    named = [one for one in known if one.id == params.rule_set]
    if not named:
        ids = ", ".join(one.id for one in known)
        raise ParameterError(f'rule_set is "{params.rule_set}"; expected one of {ids}.')
    return named[-1]


def _judged(figures: TownFigures, town: str, criterion: Criterion) -> tuple[Finding, Outcome]:
    found = figures.measure(town, criterion)
    if found.value is None:
        return found, "not decidable"
    if criterion.is_met(found.value):
        is_sure = not found.is_least or criterion.comparison in ("at_least", "above")
        return found, "met" if is_sure else "not decidable"
    is_sure = not found.is_least or criterion.comparison in ("at_most", "below")
    return found, "not met" if is_sure else "not decidable"


def _criterion_row(
    town: str, criterion: Criterion, rules: RuleSet, found: Finding, outcome: Outcome
) -> tuple[object, ...]:
    admits = any(criterion.id in one.criteria for one in rules.admission)
    return (
        town,
        criterion.id,
        criterion.words,
        "admission" if admits else "category",
        criterion.measure,
        None if found.value is None else _told(found.value),
        criterion.comparison,
        _told(criterion.threshold),
        MEASURES[criterion.measure].unit,
        outcome,
        found.told,
        criterion.source,
        criterion.is_confirmed,
    )


def _told(value: float | bool | str) -> str:
    """A value as text that a program can read back."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else repr(float(value))


_Judged = Mapping[str, tuple[Finding, Outcome]]


def _verdict(rules: RuleSet, judged: _Judged) -> tuple[Verdict, int | None, str, bool, str]:
    """Verdict, category, categories that are possible, whether unconfirmed, and why."""
    ways = [_of_some(one.criteria, one.needed, judged) for one in rules.admission]
    outcome: Outcome = (
        "not met" if "not met" in ways else "not decidable" if "not decidable" in ways else "met"
    )
    possible = _possible(rules.categories, judged) if outcome != "not met" else []
    category = possible[0] if outcome == "met" and len(possible) == 1 else None
    told = ", ".join(str(number) for number in possible)
    unsure = _rests_on_unconfirmed(rules, judged, outcome, category)
    return _VERDICTS[outcome], category, told, unsure, _reason(rules, judged, outcome)


def _of_some(criteria: Sequence[str], needed: int, judged: _Judged) -> Outcome:
    """Whether so many of some criteria are met."""
    ways = [judged[name][1] for name in criteria]
    n_met = ways.count("met")
    if n_met >= needed:
        return "met"
    return "not met" if n_met + ways.count("not decidable") < needed else "not decidable"


def _possible(categories: Sequence[Category], judged: _Judged) -> list[int]:
    """Categories a town may be in, until the first that it is in for sure."""
    found = []
    for category in categories:
        way = _of_some(category.criteria, category.needed, judged)
        if way != "not met":
            found.append(category.number)
        if way == "met":
            break
    return found


def _rests_on_unconfirmed(
    rules: RuleSet, judged: _Judged, outcome: Outcome, category: int | None
) -> bool:
    """Whether an unconfirmed threshold had a part in what was decided."""
    confirmed = {one.id: one.is_confirmed for one in rules.criteria}
    if outcome == "not met":
        # One confirmed criterion that fails is enough for the verdict.
        sure = [
            one
            for one in rules.admission
            if _of_some(one.criteria, one.needed, _only(judged, confirmed)) == "not met"
        ]
        return not sure
    if outcome == "not decidable":
        return False
    used = {name for one in rules.admission for name in one.criteria}
    numbers = [one.number for one in rules.categories]
    tried = rules.categories[: numbers.index(category) + 1] if category is not None else ()
    return not all(confirmed[name] for name in used) or not all(one.is_confirmed for one in tried)


def _only(judged: _Judged, confirmed: Mapping[str, bool]) -> _Judged:
    """Outcomes with those of unconfirmed criteria taken as open."""
    return {
        name: (found, outcome if confirmed[name] else "not decidable")
        for name, (found, outcome) in judged.items()
    }


def _reason(rules: RuleSet, judged: _Judged, outcome: Outcome) -> str:
    """Why the verdict is what it is, in a sentence."""
    words = {one.id: one.words for one in rules.criteria}
    named = list(dict.fromkeys(name for one in rules.admission for name in one.criteria))
    if outcome == "met":
        return "every criterion of admission holds"
    if outcome == "not met":
        failed = [words[name] for name in named if judged[name][1] == "not met"]
        return f"not met: {'; '.join(failed)}"
    open_ = [judged[name][0].told for name in named if judged[name][1] == "not decidable"]
    return f"not decidable: {'; '.join(dict.fromkeys(open_))}"
