"""
Rules by which a law calls a town single-industry, as dated data.

A rule set holds criteria, each a measure of a town against a threshold; what admits a town; and
the categories of admitted towns. Those that Comarca knows stand in
``defaults/single_industry.toml``; a user's own file has the same form.

::

    [[rule_set]]
    id = "RU-2014"
    country = "RU"
    valid_from = 2014-07-29

    [[rule_set.criterion]]
    id = "population"
    measure = "population"
    above = 3000

    [[rule_set.admission]]
    criteria = ["population"]

    [[rule_set.category]]
    number = 3
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from comarca.model.parameters import Params, contradiction

Kind = Literal["number", "share", "flag", "word"]
Grouping = Literal["enterprise", "group", "activity"]
EVERYWHERE = "*"
"""Country of a rule set that holds where no country has its own."""


@dataclass(frozen=True)
class Measure:
    """What a criterion may look at: its kind, its unit, and what it is."""

    kind: Kind
    unit: str
    meaning: str


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "population": Measure("number", "persons", "residents of the town"),
        "legal_form": Measure("word", "", "kind of municipality"),
        "is_regional_capital": Measure("flag", "", "seat of the region's government"),
        "is_agglomeration_core": Measure("flag", "", "core of an urban agglomeration"),
        "has_special_regime": Measure("flag", "", "a special economic regime holds there"),
        "main_employer_share_of_jobs": Measure(
            "share", "1", "jobs of the largest employer for all jobs of the town"
        ),
        "main_employer_share_of_labour_force": Measure(
            "share", "1", "jobs of the largest employer for the town's labour force"
        ),
        "main_employer_share_of_residents": Measure(
            "share", "1", "jobs of the largest employer for the residents of the town"
        ),
        "main_employer_share_of_output": Measure(
            "share", "1", "goods shipped by the largest employer for all output of the town"
        ),
        "has_employer_of_industry": Measure("flag", "", "an employer of the industries that count"),
        "layoffs_share": Measure(
            "share", "1", "jobs the largest employer has said it will end, for its jobs"
        ),
        "has_stopped": Measure("flag", "", "the largest employer has ended production"),
        "outlook": Measure("word", "", "prospects of the largest employer's market"),
        "unemployment_ratio": Measure(
            "number", "times", "registered unemployment rate for the national one"
        ),
        "dissatisfied_share": Measure(
            "share", "1", "residents asked who find the state of the town bad"
        ),
        "top_industry_share": Measure("share", "1", "employment in the largest industry"),
        "top_industry_quotient": Measure(
            "number", "times", "location quotient of the largest industry"
        ),
    }
)
"""Everything a criterion may look at, by name."""
_COMPARISONS = ("at_least", "above", "at_most", "below", "one_of", "is_true")
_FITTING: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        "number": ("at_least", "above", "at_most", "below"),
        "share": ("at_least", "above", "at_most", "below"),
        "flag": ("is_true",),
        "word": ("one_of",),
    }
)


class Criterion(Params):
    """
    One measure against one threshold.

    Parameters
    ----------
    id
        Unique in its rule set.
    measure
        One of :data:`MEASURES`.
    says
        The criterion in words; what it measures, when blank.
    at_least, above, at_most, below
        The threshold of a number or share; exactly one of the comparisons is given.
    one_of
        Words that fulfil it.
    is_true
        What a flag has to be.
    industries, except_industries
        Codes of ISIC that an employer must lie in, and must not; empty for all.
    groupings
        What counts as one employer, the largest of them taken: an enterprise, all of one ``group``,
        all of one activity (division of ISIC).
    within_years
        Years before the date of which any may fulfil it; 0 for today's figures alone.
    source, is_confirmed
        Where the threshold stands, and whether that was read there.
    """

    id: str = Field(min_length=1)
    measure: str
    says: str = ""
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    one_of: tuple[str, ...] = ()
    is_true: bool | None = None
    industries: tuple[str, ...] = ()
    except_industries: tuple[str, ...] = ()
    groupings: tuple[Grouping, ...] = ("enterprise", "group")
    within_years: int = Field(default=0, ge=0)
    source: str = ""
    is_confirmed: bool = True

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.measure not in MEASURES:
            near = get_close_matches(self.measure, list(MEASURES), n=1)
            known = f"{near[0]}, the nearest" if near else f"one of {', '.join(MEASURES)}"
            raise contradiction("measure", f'"{self.measure}"', known)
        fitting = _FITTING[MEASURES[self.measure].kind]
        given = [name for name in _COMPARISONS if getattr(self, name) not in (None, ())]
        if len(given) != 1 or given[0] not in fitting:
            told = " and ".join(given) or "without a comparison"
            raise contradiction(
                self.measure, told, f"one of {', '.join(fitting)}, and no other comparison"
            )
        return self

    @property
    def comparison(self) -> str:
        """Name of the comparison that is given."""
        return next(name for name in _COMPARISONS if getattr(self, name) not in (None, ()))

    @property
    def threshold(self) -> float | bool | str:
        """What the measure is set against; words are told in one line."""
        if self.one_of:
            return ", ".join(self.one_of)
        given: float | bool = getattr(self, self.comparison)
        return given

    @property
    def words(self) -> str:
        """The criterion in words."""
        return self.says or MEASURES[self.measure].meaning

    def is_met(self, value: float | bool | str) -> bool:
        """Whether a value fulfils it."""
        if self.one_of:
            return str(value).casefold() in {word.casefold() for word in self.one_of}
        return _TESTS[self.comparison](value, self.threshold)


_TESTS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "at_least": lambda value, limit: value >= limit,
        "above": lambda value, limit: value > limit,
        "at_most": lambda value, limit: value <= limit,
        "below": lambda value, limit: value < limit,
        "is_true": lambda value, wanted: value is wanted,
    }
)


class Requirement(Params):
    """
    So many of some criteria.

    Parameters
    ----------
    criteria
        Ids of criteria of the same rule set.
    at_least
        How many must be met; all of them when not given.
    """

    criteria: tuple[str, ...] = Field(min_length=1)
    at_least: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.at_least is not None and self.at_least > len(self.criteria):
            raise contradiction(
                "at_least", str(self.at_least), f"{len(self.criteria)} or less, the criteria named"
            )
        return self

    @property
    def needed(self) -> int:
        """How many must be met."""
        return len(self.criteria) if self.at_least is None else self.at_least


class Category(Params):
    """
    A category of admitted towns; the first that a town fulfils is its own.

    Parameters
    ----------
    number
        As the law counts, 1 the worst.
    says
        What it is.
    criteria, at_least
        As of a :class:`Requirement`; without criteria every town that is left belongs here.
    source, is_confirmed
        Where the rule stands, and whether that was read there.
    """

    number: int = Field(ge=1)
    says: str = ""
    criteria: tuple[str, ...] = ()
    at_least: int | None = Field(default=None, ge=1)
    source: str = ""
    is_confirmed: bool = True

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.at_least is not None and self.at_least > len(self.criteria):
            raise contradiction(
                "at_least", str(self.at_least), f"{len(self.criteria)} or less, the criteria named"
            )
        return self

    @property
    def needed(self) -> int:
        """How many must be met."""
        return len(self.criteria) if self.at_least is None else self.at_least


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """
    All rules in force in a country from a date on.

    Parameters
    ----------
    id, name
        What it is called.
    country
        ISO 3166-1 alpha-2, or ``"*"`` for countries without rules of their own.
    valid_from
        First day.
    criteria
        In the order they are told.
    admission
        Every one must hold.
    categories
        In the order they are tried; may be empty.
    source, note
        Where it stands; what a reader should know of it.
    """

    id: str
    name: str
    country: str
    valid_from: date
    criteria: tuple[Criterion, ...]
    admission: tuple[Requirement, ...]
    categories: tuple[Category, ...] = ()
    source: str = ""
    note: str = ""


def rule_in_force(
    rule_sets: Sequence[RuleSet], country: str | None, on: date | None = None
) -> RuleSet | None:
    """
    Choose the rule set of a country on a date.

    Parameters
    ----------
    rule_sets
        To choose from; of two with one first day the later in the list.
    country
        ISO 3166-1 alpha-2; ``None`` when unknown.
    on
        The date; ``None`` for the newest.

    Returns
    -------
    RuleSet or None
        The country's own that began last, or one for everywhere where the country has none;
        ``None`` where nothing was in force.
    """
    own = [one for one in rule_sets if country is not None and one.country == country.upper()]
    wanted = own or [one for one in rule_sets if one.country == EVERYWHERE]
    begun = [one for one in wanted if on is None or one.valid_from <= on]
    return sorted(begun, key=lambda one: one.valid_from)[-1] if begun else None
