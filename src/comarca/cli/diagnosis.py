"""
The command that diagnoses the towns of a region.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from comarca.cli.console import (
    AsJson,
    Quiet,
    RegionPath,
    print_json,
    refuse_inputs_folder,
    settings,
    tell_warnings,
    telling_faults,
)

if TYPE_CHECKING:
    from comarca.diagnosis import DiagnosisSettings, TownDiagnosis
    from comarca.diagnosis.ranking import RankedBy
    from comarca.model.region import Region


def diagnose(
    region: RegionPath,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT", help="Folder of results.")
    ] = None,
    study: Annotated[
        Path | None, typer.Option(help="Study file; by default study.toml in the region.")
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own rules of single-industry status, TOML."),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Judge by the rules of that date, such as 2015-01-01."),
    ] = None,
    ranked_by: Annotated[
        str,
        typer.Option(
            metavar="growth|people|industry|remote_work|distance_learning",
            help="Order of the towns.",
        ),
    ] = "growth",
    project: Annotated[
        bool, typer.Option("--project", help="Project the people of each town too.")
    ] = False,
    charts: Annotated[
        bool, typer.Option("--charts/--no-charts", help="Draw charts and the map.")
    ] = True,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Diagnose each town: people, industry, single-industry status, readiness."""
    from comarca.diagnosis import diagnose_towns
    from comarca.io import read_region

    with telling_faults():
        if out is not None:
            refuse_inputs_folder(out, region)
        given = read_region(region)
        tell_warnings(given.warnings, quiet=quiet or as_json)
        chosen = _chosen(region, given, study, rules, on, ranked_by, projects=project)
        found = diagnose_towns(given, chosen)
        files = _written(found, out, has_charts=charts) if out is not None else ()
        if as_json:
            print_json(_told(found, files))
        elif not quiet:
            typer.echo(found.summary())
            for path in files[:1]:
                typer.echo(f"Report: {path}")


def _chosen(
    region: Path,
    given: Region,
    study: Path | None,
    rules: Path | None,
    on: str | None,
    ranked_by: str,
    *,
    projects: bool,
) -> DiagnosisSettings:
    """Settings of the study, and what the command line asks for beside them."""
    from comarca.diagnosis.ranking import RANKED_BY
    from comarca.errors import ParameterError
    from comarca.io import read_status_rules

    if ranked_by not in RANKED_BY:
        raise ParameterError(
            f'--ranked-by is "{ranked_by}"; expected one of {", ".join(RANKED_BY)}.'
        )
    made = _settings(region, given, study, projects=projects)
    if on is not None:
        made = replace(made, status=made.status.model_copy(update={"on": _date(on)}))
    own = None if rules is None else read_status_rules(rules)
    return replace(made, rule_sets=own, ranked_by=cast("RankedBy", ranked_by))


def _settings(
    region: Path, given: Region, study: Path | None, *, projects: bool
) -> DiagnosisSettings:
    """Of a study where there is one; else the defaults, without loading stages of a plan."""
    from comarca.diagnosis.towns import settings_for

    if (
        not projects
        and study is None
        and not (region.is_dir() and (region / "study.toml").exists())
    ):
        return settings_for(given)
    return settings(region, given, study).of_diagnosis(projects=projects)


def _date(told: str) -> date:
    from comarca.errors import ParameterError

    try:
        return date.fromisoformat(told)
    except ValueError:
        raise ParameterError(f'--on is "{told}"; expected a date, such as 2015-01-01.') from None


def _written(found: TownDiagnosis, out: Path, *, has_charts: bool) -> tuple[Path, ...]:
    from comarca.report.diagnosis_writing import write_diagnosis

    return write_diagnosis(found, out, has_charts=has_charts, made=datetime.now(UTC))


def _told(found: TownDiagnosis, files: tuple[Path, ...]) -> dict[str, Any]:
    """Everything a program may ask for: rows as objects, what is missing null."""
    from comarca.report.diagnosis_rows import rows_of

    people, industry, status = found.people, found.industry, found.status
    tables = {
        "towns": found.towns,
        "growth": people.growth,
        "growth_by_size": people.growth_by_size,
        "shrinkage": people.shrinkage,
        "age_curves": people.age_curves,
        "retention": people.retention,
        "structure": people.structure,
        "suspicious": people.suspicious,
        "boundary_changes": people.boundary_changes,
        "claims": found.claims.verdicts,
        "specialisation": industry.specialisation,
        "industries": industry.quotients,
        "concentration": industry.concentration,
        "shift_share": industry.shift_share,
        "stages": industry.stages,
        "stage_of": industry.stage_of,
        "verdicts": status.verdicts,
        "criteria": status.criteria,
        "readiness": found.readiness.table,
    }
    if found.projection is not None:
        tables["projection"] = found.projection.towns
    return {
        "region": found.region.name,
        "ranked_by": found.ranked_by,
        "rule_set": None if status.rules is None else status.rules.id,
        "reference": industry.reference_name or None,
        "agglomeration": [_effect(effect) for effect in industry.agglomeration],
        **{name: rows_of(table) for name, table in tables.items()},
        "assumed": [
            {"setting": used.setting, "value": used.value, "source": used.assumption.source}
            for used in found.defaults
            if used.is_assumed
        ],
        "files": [str(path) for path in files],
    }


def _effect(effect: Any) -> dict[str, Any]:
    """An elasticity, or why there is none."""
    return {
        "outcome": effect.outcome,
        "towns": effect.n_towns,
        "refusal": effect.refusal or None,
        "of": {
            name: {
                "value": one.value,
                "standard_error": one.standard_error,
                "p": one.p,
                "low": one.low,
                "high": one.high,
            }
            for name, one in effect.of.items()
        },
    }
