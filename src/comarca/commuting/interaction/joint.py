"""
Several kinds of commuters at once: workers of several skills, who leave for the day or the week.

Skills fill one stock of jobs: ``T^s_ij = a^s_i O^s_i b_j D_j f_s(t_ij)``, each skill with its own
workers and deterrence, all with one factor of the job, so that a place short of jobs is so for
everybody. (Where jobs are known by skill, nothing joins the skills: each is a model of its own.)

Weekly commuters leave the same homes for the same jobs: ``T_ij = a_i O_i b_j D_j (f(t_ij) + e^k
g(t_ij))``, the first part daily within the daily limit, the second weekly between its own bounds
and never within the own town. Workers are thus split by what lies within a day's reach of them: a
town with few jobs around sends more of them away for the week. ``k`` is chosen so that the share of
weekly commuters among all is as given, or calibrated where they are counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from comarca.commuting.interaction.deterrence_fit import fitted_parameters
from comarca.commuting.interaction.estimation import HELD_WITHIN, margin
from comarca.commuting.interaction.goals import CountedFlows, Means
from comarca.commuting.interaction.joint_estimate import JointEstimate
from comarca.commuting.interaction.layers import Kind, Layers
from comarca.commuting.interaction.params import InteractionParams, WeeklyParams
from comarca.commuting.interaction.solving import Solution, flows_at_given, solve
from comarca.commuting.interaction.unobserved import Unobserved
from comarca.errors import ParameterError
from comarca.model.matrices import FlowMatrix, Skill, Travel

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class WorkerGroup:
    """
    Workers of one kind, and what deters them.

    Parameters
    ----------
    workers
        Persons, shape ``(n_towns,)``, 0 or more.
    skill
        Their skill; ``None`` for all together.
    params
        Their daily trips.
    """

    workers: ArrayLike
    skill: Skill | None = None
    params: InteractionParams = field(default_factory=InteractionParams)


def estimate_joint_flows(
    groups: Sequence[WorkerGroup],
    jobs: ArrayLike,
    travel: Travel,
    weekly: WeeklyParams | None = None,
) -> JointEstimate:
    """
    Estimate who commutes where, for several skills, daily and weekly.

    Parameters
    ----------
    groups
        Workers of each skill, each skill once.
    jobs
        Jobs of each town, for all skills, shape ``(n_towns,)``, 0 or more.
    travel
        Times between the towns, up to the longest limit.
    weekly
        How they leave for the week; ``None``: nobody does.

    Returns
    -------
    JointEstimate

    Raises
    ------
    ParameterError
        When a skill stands twice, a margin has another shape, is negative or missing, nobody can
        reach a job, or more is left open than mean trips and the weekly share settle.
    """
    kinds = [Kind(skill=group.skill, daily=group.params) for group in groups]
    if weekly is not None:
        kinds += [Kind(skill=group.skill, daily=group.params, weekly=weekly) for group in groups]
    _refuse_kinds(kinds)
    ids = travel.town_ids
    supply = np.concatenate([margin("workers", group.workers, ids) for group in groups])
    layers = Layers(
        kinds, [kind.times(travel) for kind in kinds], supply, margin("jobs", jobs, ids)
    )
    excesses = layers.excesses()
    if not excesses:
        return _told(layers, flows_at_given(layers.balancer), ids, supply)
    layers.balancer.learn_what_can_be_held()
    return _told(layers, solve(layers.balancer, Means(excesses=excesses)), ids, supply)


def calibrate_jointly(
    observed: Sequence[FlowMatrix],
    travel: Travel,
    params: InteractionParams | Mapping[Skill, InteractionParams] | None = None,
    weekly: WeeklyParams | None = None,
    *,
    shared_deterrence: bool = False,
    unobserved: Unobserved | None = None,
) -> JointEstimate:
    """
    Find what deters several kinds of commuters, from counted flows of all of them.

    Parameters
    ----------
    observed
        Flows of each skill and period, each once, of the same towns; weekly ones of a skill with
        its daily ones.
    travel
        Times between the towns, up to the longest limit.
    params
        Of daily trips, for all skills or for each; what is open is calibrated.
    weekly
        Of weekly trips, where ``observed`` has some; ``WeeklyParams()`` when ``None``. Its mean
        trip and share only tell where the search begins.
    shared_deterrence
        Whether all skills are deterred alike; else each has parameters of its own.
    unobserved
        Pairs that were not counted, alike for all kinds.

    Returns
    -------
    JointEstimate
        The fitted flows, and the parameters with their errors.

    Raises
    ------
    ParameterError
        When kinds or towns disagree, nothing is open, or nobody is observed within the limits.
    UnknownTownError
        When a town of the flows is not in ``travel``.
    """
    kinds = [_kind_of(flows, params, weekly) for flows in observed]
    _refuse_kinds(kinds)
    ids = observed[0].town_ids
    if any(flows.town_ids != ids for flows in observed):
        raise ParameterError("the observed flows are not of the same towns in one order.")
    ways = travel if travel.town_ids == ids else travel.subset(ids)
    hidden = unobserved or Unobserved()
    times = [
        sparse.csr_array(hidden.left_in(kind.times(ways), flows))
        for kind, flows in zip(kinds, observed, strict=True)
    ]
    seen = [_within(flows, table) for flows, table in zip(observed, times, strict=True)]
    supply, demand = _margins(kinds, seen)
    layers = Layers(kinds, times, supply, demand, shared=shared_deterrence)
    if not layers.free_names:
        raise ParameterError("every parameter is given; expected one at least to calibrate.")
    persons = layers.flat(seen)
    places = np.flatnonzero(persons)
    goal = CountedFlows(places=places, persons=persons[places])
    solution = solve(layers.balancer, goal)
    point = solution.point
    left_out = sum(float(flows.persons.sum()) for flows in observed) - float(persons.sum())
    return replace(
        _told(layers, solution, ids, supply),
        parameters=fitted_parameters(
            layers.free_names, point.free, point.information, goal.scatter(point)
        ),
        persons_left_out=left_out,
    )


def _kind_of(
    flows: FlowMatrix,
    params: InteractionParams | Mapping[Skill, InteractionParams] | None,
    weekly: WeeklyParams | None,
) -> Kind:
    if isinstance(params, Mapping):
        if flows.skill is None or flows.skill not in params:
            raise ParameterError(f"params has nothing for skill {flows.skill}; expected settings.")
        daily = params[flows.skill]
    else:
        daily = params or InteractionParams()
    daily = daily.model_copy(update={"beta_per_min": None})
    if flows.period == "daily":
        return Kind(skill=flows.skill, daily=daily)
    return Kind(skill=flows.skill, daily=daily, weekly=weekly or WeeklyParams())


def _refuse_kinds(kinds: Sequence[Kind]) -> None:
    """Each kind once, no weekly one alone, a total beside no part, both margins held."""
    names = [(kind.skill, kind.period) for kind in kinds]
    daily = {skill for skill, period in names if period == "daily"}
    if not daily or len(set(names)) < len(names) or {skill for skill, _ in names} - daily:
        told = ", ".join(f"{skill or 'all skills'} {period}" for skill, period in names) or "none"
        raise ParameterError(
            f"the kinds of commuters are {told}; expected each once, the weekly ones of a skill "
            "beside its daily ones."
        )
    if None in daily and len(daily) > 1:
        raise ParameterError("skills stand beside all skills together; expected one or the other.")
    held = {kind.daily.constraint for kind in kinds}
    if held != {"doubly"}:
        raise ParameterError(
            f"constraint is {', '.join(sorted(held))}; expected doubly for kinds that share jobs."
        )


def _within(flows: FlowMatrix, times: sparse.csr_array) -> sparse.csr_array:
    """Persons on pairs that can be travelled."""
    ones = np.ones(times.nnz, dtype=np.int8)
    pattern = sparse.csr_array((ones, times.indices, times.indptr), shape=times.shape)
    return sparse.csr_array(flows.persons * pattern)


def _margins(kinds: Sequence[Kind], seen: Sequence[sparse.csr_array]) -> tuple[Floats, Floats]:
    """Workers of each skill, one skill after the other, and jobs of all."""
    n_towns = seen[0].shape[0]
    workers = {kind.skill: np.zeros(n_towns) for kind in kinds}
    jobs = np.zeros(n_towns)
    for kind, persons in zip(kinds, seen, strict=True):
        workers[kind.skill] += np.asarray(persons.sum(axis=1), dtype=np.float64).ravel()
        jobs += np.asarray(persons.sum(axis=0), dtype=np.float64).ravel()
    if not jobs.any():
        raise ParameterError("nobody is observed on a pair of towns within the limits.")
    return np.concatenate(list(workers.values())), jobs


def _told(
    layers: Layers, solution: Solution, ids: tuple[str, ...], supply: Floats
) -> JointEstimate:
    point, market = solution.point, layers.market
    values = layers.balancer.law.all_values(point.free)
    flows, deterrences, means = [], [], []
    for number, kind in enumerate(layers.kinds):
        persons = layers.matrix(point.flows, number)
        at = layers.where(number)
        total = float(point.flows[at].sum())
        means.append(
            float(point.flows[at] @ layers.pairs.time_min[at]) / total if total else float("nan")
        )
        if kind.period == "daily":
            persons = persons + _at_home(layers, supply, kind.skill)
        flows.append(
            FlowMatrix(ids, persons, skill=kind.skill, period=kind.period, is_observed=False)
        )
        deterrences.append(layers.deterrence(number, values))
    stranded = market.stranded % len(ids)
    kept: dict[str, float] = {}
    for town, row in zip(stranded.tolist(), market.stranded.tolist(), strict=True):
        kept[ids[town]] = kept.get(ids[town], 0.0) + float(supply[row])
    tolerance = layers.kinds[0].daily.tolerance
    return JointEstimate(
        flows=tuple(flows),
        deterrences=tuple(deterrences),
        mean_times_min=tuple(means),
        parameters=(),
        status=solution.status,
        converged=point.balance.margin_error <= HELD_WITHIN * tolerance,
        margin_error=point.balance.margin_error,
        markets=market.markets,
        kept_at_home=kept,
    )


def _at_home(layers: Layers, supply: Floats, skill: Skill | None) -> sparse.csr_array:
    """Workers of a skill who reach no job, in their own town."""
    kept = np.zeros_like(supply)
    kept[layers.market.stranded] = supply[layers.market.stranded]
    of_skill = kept.reshape(len(layers.skills), -1)[layers.skills.index(skill)]
    return sparse.csr_array(sparse.diags_array(of_skill))
