"""
The commands that solve a benchmark problem of routing, and check anybody's solution of one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from math import isclose, isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comarca.cli.console import (
    EXIT_FAULTY_INPUT,
    EXIT_INTERRUPTED,
    AsJson,
    Quiet,
    print_json,
    telling_faults,
)
from comarca.wording import counted

if TYPE_CHECKING:
    from comarca.freight.routing import RoutingCheck, RoutingProgress, RoutingResult
    from comarca.io.routing_solution import RoutingSolution
    from comarca.model.routing import RoutingPlan, RoutingProblem

SECONDS = 60.0
WRITTEN_EVERY_S = 0.5
TOLD_ABOVE_S = 10.0
SAME_COST = 1e-6
SHOWN = 20
WITHOUT_PLAN = {
    "infeasible": "no plan keeps all rules, which is not checked here",
    "unknown": "none was found in time",
}


class FormatName(StrEnum):
    """Formats of benchmark files."""

    PRODHON = "prodhon"
    LKH_VRPSPD = "lkh-vrpspd"


Instance = Annotated[Path, typer.Argument(metavar="INSTANCE", help="Benchmark file.")]
Format = Annotated[
    FormatName | None,
    typer.Option(
        "--format", help="Format of the file; by default lkh-vrpspd for .vrpspd, else prodhon."
    ),
]


def solve(
    instance: Instance,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="SOLUTION", help="JSON of the solution.")
    ],
    form: Format = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            help="CPU seconds of a thread, or the time of the clock where that is three times as "
            "long; by default 60 where no iterations are given."
        ),
    ] = None,
    iterations: Annotated[
        int | None,
        typer.Option(
            help="Stop after so many steps; the same on every machine. Alone it sets no limit to "
            "the time that the bound takes."
        ),
    ] = None,
    gap: Annotated[
        float | None, typer.Option(help="Stop within this share of the optimum, such as 0.01.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the search.")] = 1,
    threads: Annotated[
        int, typer.Option(help="Cores to use; another number finds another plan.")
    ] = 1,
    start: Annotated[
        Path | None, typer.Option(metavar="START", help="Solution to begin with.")
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Solve a benchmark problem of location-routing or of rounds with pickup and delivery."""
    with telling_faults():
        from comarca.freight.routing import RoutingStop, solve_routing
        from comarca.freight.solvers import require_solvers
        from comarca.writing import refuse_overwriting, refuse_unwritable

        require_solvers()
        inputs = [instance] if start is None else [instance, start]
        if seconds is None and iterations is None:
            seconds = SECONDS
        _refuse_out_of_range(
            seconds=seconds, iterations=iterations, gap=gap, seed=seed, threads=threads
        )
        stop = RoutingStop(seconds=seconds, iterations=iterations, gap=gap)
        refuse_overwriting([out], [instance])
        problem = _read(instance, form)
        given = None if start is None else _read_start(start, problem)
        refuse_unwritable(out)
        writer = _Writer(problem, out, inputs, seed, quiet=quiet or as_json)
        _prepare(quiet=quiet or as_json)
        with writer.keeping_the_best():
            result = solve_routing(
                problem, stop, seed=seed, threads=threads, start=given, on_progress=writer.tell
            )
        writer.write_result(result)
        if as_json:
            print_json(_headline(result, out))
        elif not quiet:
            typer.echo(result.summary())
            typer.echo(f"Solution: {out}")


def evaluate(
    instance: Instance,
    solution: Annotated[Path, typer.Argument(metavar="SOLUTION", help="JSON of a solution.")],
    form: Format = None,
    as_json: AsJson = False,
) -> None:
    """
    Price a solution of a benchmark problem, and check each rule.

    The exit code is 2 if a rule breaks, the file says of itself what is not so, or holds no plan.
    """
    with telling_faults():
        from comarca.freight.routing.checking import check_routing

        problem = _read(instance, form)
        given = _read_solution(solution, problem)
        check = check_routing(problem, given.plan)
        broken = list(_misstated(given, check))
        if not _is_without_plan(given):
            broken = [*check.violations, *broken]
        if as_json:
            print_json(_verdict(given, check, broken))
        else:
            typer.echo(_verdict_text(problem, given, check, broken))
    if broken or check.violations:
        raise typer.Exit(EXIT_FAULTY_INPUT)


def _refuse_out_of_range(**options: float | None) -> None:
    """Every option that no search can do with, before anything is read or compiled."""
    from comarca.errors import ParameterError

    least = {"gap": 0, "seed": 0, "threads": 1}
    faults = []
    for name, value in options.items():
        if value is None:
            continue
        if not (value >= least[name] if name in least else value > 0):
            wanted = f"{least[name]} or more" if name in least else "more than 0"
            faults.append(f"--{name} is {value}; expected {wanted}.")
    if faults:
        raise ParameterError("\n".join(faults))


def _read(instance: Path, form: FormatName | None) -> RoutingProblem:
    from comarca.io.benchmark_text import unreadable
    from comarca.io.lkh_vrpspd import read_lkh_vrpspd
    from comarca.io.prodhon import read_prodhon

    if form is None:
        is_lkh = instance.suffix.lower() == ".vrpspd"
        form = FormatName.LKH_VRPSPD if is_lkh else FormatName.PRODHON
    readers = {FormatName.PRODHON: read_prodhon, FormatName.LKH_VRPSPD: read_lkh_vrpspd}
    try:
        return readers[form](instance)
    except OSError as error:
        raise unreadable(instance, error) from None


def _read_solution(path: Path, problem: RoutingProblem) -> RoutingSolution:
    from comarca.io.benchmark_text import unreadable
    from comarca.io.routing_solution import read_solution

    try:
        return read_solution(path, problem)
    except OSError as error:
        raise unreadable(path, error) from None


def _read_start(path: Path, problem: RoutingProblem) -> RoutingPlan:
    """The plan to begin with, which must keep every rule."""
    from comarca.errors import ParameterError
    from comarca.freight.routing.checking import check_routing

    plan = _read_solution(path, problem).plan
    broken = check_routing(problem, plan).violations
    if broken:
        told = f"{path} breaks {counted(len(broken), 'rule')}; expected a plan that keeps all"
        raise ParameterError(f"{told}:\n{_listed(broken)}")
    return plan


def _listed(broken: Sequence[str]) -> str:
    """A line each; of very many the first."""
    more = [f"  and {len(broken) - SHOWN} more"] if len(broken) > SHOWN else []
    return "\n".join([*(f"  {line}" for line in broken[:SHOWN]), *more])


def _prepare(*, quiet: bool) -> None:
    from comarca.freight.preparing import LOADING
    from comarca.freight.routing import prepare_routing

    if not quiet:
        typer.echo(f"{LOADING}.", err=True)
    taken = prepare_routing()
    if taken > TOLD_ABOVE_S and not quiet:
        typer.echo(f"Compiled in {taken:.0f} s, once for this machine; not counted.", err=True)


class _Writer:
    """Writes each better solution at once, so that a killed run leaves the last one whole."""

    def __init__(
        self, problem: RoutingProblem, out: Path, inputs: list[Path], seed: int, *, quiet: bool
    ) -> None:
        self.problem, self.out, self.seed, self.quiet = problem, out, seed, quiet
        self.inputs = [path for path in inputs if path.resolve() != out.resolve()]
        self.written = -WRITTEN_EVERY_S
        self.is_warned = False
        self.best: RoutingProgress | None = None

    def tell(self, progress: RoutingProgress) -> None:
        """Tell a better solution, and write it unless one was written just before."""
        if not self.quiet:
            bound = f", bound {progress.bound:,.2f}, gap {100 * progress.gap:.2f} %"
            told = bound if isfinite(progress.bound) else ""
            typer.echo(f"{progress.cpu_s:7.1f} s  cost {progress.cost:,.2f}{told}", err=True)
        self.best = progress
        now = time.monotonic()
        if now - self.written >= WRITTEN_EVERY_S:
            self.written = now
            self._try_to_write(progress)

    def _try_to_write(self, progress: RoutingProgress) -> None:
        """A disk that is full now may not be so at the end; the search need not end for it."""
        from comarca.errors import OutputError

        try:
            self._write(progress.plan, progress.cost, progress.bound, "feasible")
        except OutputError as error:
            if not self.is_warned:
                typer.echo(f"warning: {error} The search goes on; written at its end.", err=True)
            self.is_warned = True

    @contextmanager
    def keeping_the_best(self) -> Iterator[None]:
        """Write the best solution so far where the user interrupts, and say that it is there."""
        try:
            yield
        except KeyboardInterrupt:
            if self.best is None:
                raise
            self._write(self.best.plan, self.best.cost, self.best.bound, "feasible")
            told = f"the best solution so far, of cost {self.best.cost:,.2f}, is in {self.out}."
            typer.echo(f"Interrupted; {told}", err=True)
            raise typer.Exit(EXIT_INTERRUPTED) from None

    def write_result(self, result: RoutingResult) -> None:
        """Write what came of it, also where there is no plan."""
        self._write(result.plan, result.cost, result.bound, result.status)

    def _write(self, plan: Any, cost: float, bound: float, status: str) -> None:
        from comarca.io.routing_solution import solution_text
        from comarca.writing import written_files

        text = solution_text(
            self.problem, plan, cost=cost, bound=bound, status=status, seed=self.seed
        )
        with written_files([self.out], self.inputs) as unfinished:
            unfinished[0].write_text(text, encoding="utf-8")


def _headline(result: RoutingResult, out: Path) -> dict[str, Any]:
    return {
        "status": result.status,
        "cost": _finite(result.cost),
        "bound": _finite(result.bound),
        "gap": _finite(result.gap),
        "terms": result.terms,
        "cause": result.cause or None,
        "open_depots": [] if result.plan is None else list(result.plan.open_depots),
        "stopped_by": result.stopped_by,
        "steps": result.steps,
        "cpu_s": round(result.cpu_s, 2),
        "file": str(out),
    }


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def _is_without_plan(given: RoutingSolution) -> bool:
    """Whether a file holds no plan and says so; then there is no rule to check."""
    return not given.plan.days and given.status in WITHOUT_PLAN


def _misstated(given: RoutingSolution, check: RoutingCheck) -> Iterator[str]:
    """What the file says of itself and is not so."""
    if given.plan.days and given.status in WITHOUT_PLAN:
        yield f"The file states {given.status!r}, and yet holds routes."
    if given.gap is not None and given.bound is None:
        yield f"The file states a gap of {100 * given.gap:.2f} %, but no bound that it is to."
    if not check.terms:
        return
    if given.cost is not None and not isclose(given.cost, check.cost, rel_tol=SAME_COST):
        yield f"The file states a cost of {given.cost:,.6g}; it is {check.cost:,.6g}."
    used = given.plan.open_depots
    if given.open_depots is not None and sorted(given.open_depots) != sorted(used):
        stated, found = (", ".join(names) or "none" for names in (given.open_depots, used))
        yield f"The file states open depots {stated}; its routes use {found}."
    if given.bound is None or check.violations:
        return  # a bound holds for what keeps the rules
    if given.bound > check.cost * (1 + SAME_COST):
        yield f"The file states a bound of {given.bound:,.6g}, above the cost."
        return
    gap = _gap(given, check)
    if gap is not None and given.gap is not None and abs(given.gap - gap) > SAME_COST * (1 + gap):
        yield f"The file states a gap of {100 * given.gap:.2f} %; it is {100 * gap:.2f} %."
    if gap is not None and given.status == "optimal" and gap > SAME_COST:
        yield f"The file states an optimum; its bound leaves a gap of {100 * gap:.2f} %."


def _gap(given: RoutingSolution, check: RoutingCheck) -> float | None:
    """Of a solution that keeps the rules, to the bound that its file states."""
    from comarca.freight.routing.result import gap_of

    if given.bound is None or check.violations or given.bound > check.cost * (1 + SAME_COST):
        return None
    return _finite(gap_of(check.cost, given.bound))


def _verdict(given: RoutingSolution, check: RoutingCheck, broken: list[str]) -> dict[str, Any]:
    return {
        "status": given.status or None,
        "is_feasible": not check.violations,
        "cost": check.cost if check.terms else None,
        "terms": check.terms,
        "bound": given.bound,
        "gap": _gap(given, check),
        "violations": broken,
    }


def _verdict_text(
    problem: RoutingProblem, given: RoutingSolution, check: RoutingCheck, broken: list[str]
) -> str:
    lines = []
    if given.instance and given.instance != problem.name:
        lines.append(f"The file says that it answers {given.instance}, not {problem.name}.")
    if _is_without_plan(given):
        lines.append(f"The file holds no plan: it states that {WITHOUT_PLAN[given.status]}.")
    elif not given.plan.days:
        lines.append(f"The file holds no routes{_status_of(given)}.")
    elif check.terms:
        lines.append(check.priced())
    if given.bound is not None:
        gap = _gap(given, check)
        told = "" if gap is None else f"; gap {100 * gap:.2f} %"
        lines.append(f"Bound {given.bound:,.2f} as the file states it{told}.")
    if not broken and _is_without_plan(given):
        return "\n".join(lines)
    if not broken:
        return "\n".join([*lines, "All rules are kept."])
    told = "1 rule is broken:" if len(broken) == 1 else f"{len(broken)} rules are broken:"
    return "\n".join([*lines, told, _listed(broken)])


def _status_of(given: RoutingSolution) -> str:
    return f"; it states {given.status!r}" if given.status else ""
