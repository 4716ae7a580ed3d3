"""
Statements about growth, put to the test on a region's counts.

A claim names a set of towns (by size, or by code), two years and what is said of them; the verdict
says whether every town bears it out, most do, or it does not hold, with the numbers behind it and
the towns that differ. What the counts do not tell is *not decidable*, never false.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import pandas as pd

from comarca.demography.age_curves import youth_retention
from comarca.demography.ages import aged_counts
from comarca.demography.counts import totals
from comarca.demography.growth import growth_of_towns
from comarca.demography.params import DiagnosisParams
from comarca.errors import ParameterError
from comarca.model.region import Region
from comarca.wording import counted

Kind = Literal["within", "shrinks", "stable", "grew_by", "keeps_young", "all_curves_fall"]
Verdict = Literal["holds", "holds for most", "does not hold", "not decidable"]
_MOST = 0.9  # of a statement about each town: it still describes most of them
_HALF = 0.5


@dataclass(frozen=True, kw_only=True)
class Claim:
    """
    One statement about the growth of towns.

    Parameters
    ----------
    claim_id
        Short name.
    statement
        In words.
    kind
        ``within``: each town's multiple lies in [``low``, ``high``], to two decimals;
        ``shrinks``: the towns lose people, most of them and all together; ``stable``: the majority
        changes by no more than the yearly rate of a stable town; ``grew_by``: each named town's
        multiple, to two decimals; ``keeps_young``, ``all_curves_fall``: of the three age curves of
        the named towns.
    year_from, year_to
        Years compared.
    source
        Where it was said.
    size_from, size_to
        Persons in ``year_from``: from the first, below the second; for towns not named.
    low, high
        Bounds of ``within``.
    towns
        Codes of the named towns with the multiple stated of each. A code is the ``town_id``, or
        the ``admin_code`` of the municipality the town lies in ("20039", or "MX.20.039").
    except_towns
        Codes the statement excludes.
    """

    claim_id: str
    statement: str
    kind: Kind
    year_from: int
    year_to: int
    source: str
    size_from: float = 0.0
    size_to: float = np.inf
    low: float = 0.0
    high: float = np.inf
    towns: Mapping[str, float] = field(default_factory=dict)
    except_towns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in _JUDGES:
            raise ParameterError(
                f'claim {self.claim_id} is of kind "{self.kind}"; expected one of '
                f"{', '.join(_JUDGES)}."
            )
        if self.year_from >= self.year_to:
            raise ParameterError(
                f"claim {self.claim_id} begins in {self.year_from}; expected a year before "
                f"{self.year_to}."
            )


@dataclass(frozen=True, eq=False, kw_only=True)
class Claims:
    """
    Verdicts on a set of claims.

    Parameters
    ----------
    verdicts
        One row a claim: ``claim_id, statement, year_from, year_to, n_towns, n_in_line,
        lowest_multiple, median_multiple, highest_multiple, pooled_multiple, shrinking_share,
        verdict, reason, source``.
    towns
        One row a claim and town: ``claim_id, town_id, name, persons_from, persons_to,
        growth_multiple, is_in_line``.
    """

    verdicts: pd.DataFrame
    towns: pd.DataFrame

    def summary(self) -> str:
        """Say each statement with its verdict, two lines each."""
        return "\n".join(
            f"{row.statement} ({row.source}): {row.verdict}\n  {row.reason}"
            for row in self.verdicts.itertuples(index=False)
        )


def claims_of_the_paper() -> tuple[Claim, ...]:
    """Statements of the source paper on growth and age in Oaxaca, as ``defaults/`` holds them."""
    text = (files("comarca.defaults") / "claims.toml").read_text(encoding="utf-8")
    return tuple(
        Claim(claim_id=name, **{**told, "except_towns": tuple(told.get("except_towns", ()))})
        for name, told in tomllib.loads(text).items()
    )


def judge_claims(
    region: Region,
    claims: Sequence[Claim] | None = None,
    params: DiagnosisParams | None = None,
) -> Claims:
    """
    Put statements about growth to the test on every town of a region.

    Parameters
    ----------
    region
        Its ``population`` table gives the counts.
    claims
        The statements; those of the source paper when not given.
    params
        The rate of a stable town, the basis and the rule of suspicion. Its years are not used: each
        claim has its own.

    Returns
    -------
    Claims
    """
    params = params or DiagnosisParams()
    given = claims_of_the_paper() if claims is None else claims
    verdicts, towns = [], []
    for claim in given:
        of_towns = _JUDGES[claim.kind][0](region, claim, params)
        towns.append(of_towns.assign(claim_id=claim.claim_id))
        verdicts.append(_verdict(claim, of_towns, params))
    return Claims(verdicts=_typed_verdicts(verdicts), towns=_typed_towns(region, towns))


def _growth(region: Region, claim: Claim, params: DiagnosisParams) -> pd.DataFrame:
    """Growth of the towns a claim is about; a doubtful count is left aside."""
    years = {"year_from": claim.year_from, "year_to": claim.year_to}
    chosen = params.model_copy(update=years)
    counts = totals(region, params)
    sound = counts[counts["expected_persons"].isna()]
    if params.basis is not None:
        sound = sound[sound["basis"] == params.basis]
    growth = growth_of_towns(sound, chosen)
    growth = growth.assign(code=_codes(region, claim, growth["town_id"]))
    growth = growth[growth["growth_multiple"].notna() & ~growth["code"].isin(claim.except_towns)]
    if claim.towns:  # of two counted parts of one municipality, neither is the town that is meant
        return growth[growth["code"].notna() & ~growth["code"].duplicated(keep=False)]
    size = growth["persons_from"]
    return growth[(size >= claim.size_from) & (size < claim.size_to)]


def _codes(region: Region, claim: Claim, town_ids: pd.Series) -> pd.Series:
    """Which named town each town is, by its id, else by its municipality; missing: none."""
    named = {*claim.towns, *claim.except_towns}
    code_of = {town: town for town in named}
    if "admin_code" in region.towns:
        codes = region.towns["admin_code"].fillna("").str.removeprefix(f"{region.country}.")
        of_municipality = zip(region.town_ids, codes.str.replace(".", ""), strict=True)
        code_of = {town: code for town, code in of_municipality if code in named} | code_of
    return town_ids.map(code_of)


def _multiples(growth: pd.DataFrame) -> pd.Series:
    return growth["growth_multiple"].astype(float)


def _within(region: Region, claim: Claim, params: DiagnosisParams) -> pd.DataFrame:
    growth = _growth(region, claim, params)
    told = _multiples(growth).round(2)
    return growth.assign(is_in_line=(told >= claim.low) & (told <= claim.high))


def _shrinks(region: Region, claim: Claim, params: DiagnosisParams) -> pd.DataFrame:
    growth = _growth(region, claim, params)
    return growth.assign(is_in_line=_multiples(growth) < 1)


def _stable(region: Region, claim: Claim, params: DiagnosisParams) -> pd.DataFrame:
    growth = _growth(region, claim, params)
    return growth.assign(
        is_in_line=growth["annual_rate"].astype(float).abs() < params.stable_annual_rate
    )


def _grew_by(region: Region, claim: Claim, params: DiagnosisParams) -> pd.DataFrame:
    growth = _growth(region, claim, params)
    stated = growth["code"].map(dict(claim.towns)).astype(float)
    return growth.assign(is_in_line=_multiples(growth).round(2) == stated.round(2))


def _curves(region: Region, claim: Claim, params: DiagnosisParams) -> pd.DataFrame:
    """How the three age curves of the named towns changed between the claim's two years."""
    years = {"year_from": claim.year_from, "year_to": claim.year_to}
    found = youth_retention(aged_counts(region, params.last_age), params.model_copy(update=years))
    is_exact = (found["year_from"] == claim.year_from) & (found["year_to"] == claim.year_to)
    return found[is_exact & _codes(region, claim, found["town_id"]).notna()]


def _keeps_young(region: Region, claim: Claim, params: DiagnosisParams) -> pd.DataFrame:
    curves = _curves(region, claim, params)
    return curves.assign(is_in_line=curves["keeps_young"].fillna(False))


def _all_curves_fall(region: Region, claim: Claim, params: DiagnosisParams) -> pd.DataFrame:
    curves = _curves(region, claim, params)
    changes = curves[["multiple_0_19", "multiple_20_29", "multiple_30_49"]].astype(float)
    return curves.assign(is_in_line=(changes < 1).all(axis=1))


_Judge = tuple[Callable[[Region, Claim, DiagnosisParams], pd.DataFrame], str]
_JUDGES: Mapping[str, _Judge] = MappingProxyType(
    {
        "within": (_within, "lie within"),
        "shrinks": (_shrinks, "lost people"),
        "stable": (_stable, "were stable"),
        "grew_by": (_grew_by, "grew as stated"),
        "keeps_young": (_keeps_young, "did so"),
        "all_curves_fall": (_all_curves_fall, "did so"),
    }
)


def _verdict(claim: Claim, towns: pd.DataFrame, params: DiagnosisParams) -> dict[str, Any]:
    n, n_in_line = len(towns), int(towns["is_in_line"].sum())
    figures = _figures(towns) if "growth_multiple" in towns and n else {}
    verdict = _decided(claim, n, n_in_line, figures.get("pooled_multiple"))
    return {
        "claim_id": claim.claim_id,
        "statement": claim.statement,
        "year_from": claim.year_from,
        "year_to": claim.year_to,
        "n_towns": n,
        "n_in_line": n_in_line,
        **figures,
        "verdict": verdict,
        "reason": _reason(claim, n, n_in_line, figures, params),
        "source": claim.source,
    }


def _figures(growth: pd.DataFrame) -> dict[str, float]:
    multiples = _multiples(growth)
    return {
        "lowest_multiple": float(multiples.min()),
        "median_multiple": float(multiples.median()),
        "highest_multiple": float(multiples.max()),
        "pooled_multiple": float(growth["persons_to"].sum() / growth["persons_from"].sum()),
        "shrinking_share": float((multiples < 1).mean()),
    }


def _decided(claim: Claim, n: int, n_in_line: int, pooled: float | None) -> Verdict:
    """All, most or too few bear it out; a claim about the sum must hold of the sum."""
    if n == 0 or n < len(claim.towns):
        return "not decidable"
    share = n_in_line / n
    if claim.kind == "stable":
        return "holds" if share > _HALF else "does not hold"
    agrees = claim.kind != "shrinks" or (pooled is not None and pooled < 1)
    if share == 1 and agrees:
        return "holds"
    most = _HALF if claim.kind == "shrinks" else _MOST
    return "holds for most" if share > most and agrees else "does not hold"


def _reason(
    claim: Claim, n: int, n_in_line: int, figures: Mapping[str, float], params: DiagnosisParams
) -> str:
    years = f"{claim.year_from} and {claim.year_to}"
    if n == 0 or n < len(claim.towns):
        told = "by age " if claim.kind in ("keeps_young", "all_curves_fall") else ""
        wanted = f"of the {len(claim.towns)} named towns " if claim.towns else "such towns "
        return f"{n} {wanted}were counted {told}in both {years}"
    told = f"{n_in_line} of {counted(n, 'town')} {_JUDGES[claim.kind][1]}"
    if claim.kind == "stable":
        told += f" (less than {params.stable_annual_rate:.1%} a year)"
    if not figures:
        return told
    return (
        f"{told}; multiples ×{figures['lowest_multiple']:.2f} to "
        f"×{figures['highest_multiple']:.2f}, median ×{figures['median_multiple']:.2f}; all "
        f"together ×{figures['pooled_multiple']:.2f}; {figures['shrinking_share']:.0%} shrank"
    )


_VERDICT_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "claim_id": "string",
        "statement": "string",
        "year_from": "Int64",
        "year_to": "Int64",
        "n_towns": "Int64",
        "n_in_line": "Int64",
        "lowest_multiple": "Float64",
        "median_multiple": "Float64",
        "highest_multiple": "Float64",
        "pooled_multiple": "Float64",
        "shrinking_share": "Float64",
        "verdict": "string",
        "reason": "string",
        "source": "string",
    }
)
_TOWN_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "claim_id": "string",
        "town_id": "string",
        "name": "string",
        "persons_from": "Float64",
        "persons_to": "Float64",
        "growth_multiple": "Float64",
        "is_in_line": "boolean",
    }
)


def _typed_verdicts(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(_VERDICT_TYPES))
    return frame.astype(dict(_VERDICT_TYPES))


def _typed_towns(region: Region, parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    frame = pd.concat([pd.DataFrame(columns=list(_TOWN_TYPES)), *parts], ignore_index=True)
    frame["name"] = [region.name_of(str(town)) for town in frame["town_id"]]
    return frame[list(_TOWN_TYPES)].astype(dict(_TOWN_TYPES))
