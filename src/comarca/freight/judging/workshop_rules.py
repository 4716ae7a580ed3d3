"""Rules of workshops: who works there, on what, in how much room, and who was trained."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from comarca.freight.judging.lookups import RANK, Lookups, differs, exceeds, is_given
from comarca.freight.judging.violations import Violation
from comarca.units import MIN_PER_H


class WorkshopRules(Lookups):
    """One method a rule; each yields what breaks it."""

    def permitted_base(self) -> Iterator[Violation]:
        """An enterprise ruled out as a base sends nothing out."""
        for base in dict.fromkeys(workshop.base_id for workshop in self.plan.workshops):
            allowed = self.enterprises[base]["candidate_base"]
            if is_given(allowed) and not allowed:
                yield Violation(
                    rule="permitted base", where=base, found="workshops", allowed="none"
                )

    def process_of_its_base(self) -> Iterator[Violation]:
        """A workshop works for the enterprise whose process it has."""
        for workshop in self.plan.workshops:
            owner = str(self.processes[workshop.process_id]["enterprise_id"])
            if owner != workshop.base_id:
                yield self._at(workshop, "process of its base", workshop.base_id, owner)

    def workers_available(self) -> Iterator[Violation]:
        """Nobody works twice, and whole persons work."""
        hired: Counter[tuple[str, str, str]] = Counter()
        for key, count in self._hired():
            hired[key] += count
            if count < 1 or count != int(count):
                yield Violation(
                    rule="workers available", where=str(key), found=str(count), allowed="1 or more"
                )
        for key, count in hired.items():
            if count > self.pools[key]["workers"]:
                yield Violation(
                    rule="workers available",
                    where=", ".join(key),
                    found=f"{count} at work",
                    allowed=f"{self.pools[key]['workers']}",
                )

    def workers_skill(self) -> Iterator[Violation]:
        """Everybody has the skill of the process, at once or after a course."""
        for workshop in self.plan.workshops:
            needed = str(self.processes[workshop.process_id]["skill"])
            for group in workshop.groups:
                if RANK[self._skill_at_work(group)] < RANK[needed]:
                    yield self._at(workshop, "workers' skill", group.skill, needed)

    def fewest_workers(self) -> Iterator[Violation]:
        """A workshop has the fewest workers of its process or more."""
        for workshop in self.plan.workshops:
            least = float(self.processes[workshop.process_id]["min_workers"])
            if exceeds(least, workshop.workers):
                yield self._at(
                    workshop, "fewest workers", f"{workshop.workers}", f"{least:g} or more"
                )

    def floor(self) -> Iterator[Violation]:
        """Workers and the goods that wait find room."""
        for workshop in self.plan.workshops:
            process = self.processes[workshop.process_id]
            stored = process["storage_m2_per_t"] if is_given(process["storage_m2_per_t"]) else 0.0
            input_t = self._input_t(workshop) * workshop.visit_every_days
            needed = workshop.workers * process["m2_per_worker"]
            needed += stored * input_t * (1 + process["output_share"])
            floor = self.facilities[workshop.facility_id]["floor_m2"]
            if exceeds(needed, floor):
                yield self._at(workshop, "floor", f"{needed:.1f} m2", f"{floor:.1f} m2")

    def tonnes_of_a_workshop(self) -> Iterator[Violation]:
        """Goods in and out are those its workers work up in a day."""
        for workshop in self.plan.workshops:
            given = self._input_t(workshop)
            back = given * self.processes[workshop.process_id]["output_share"]
            if differs(workshop.input_t_per_day, given):
                yield self._at(
                    workshop, "tonnes of a workshop", f"{workshop.input_t_per_day} t", f"{given} t"
                )
            if differs(workshop.output_t_per_day, back):
                yield self._at(
                    workshop, "tonnes of a workshop", f"{workshop.output_t_per_day} t", f"{back} t"
                )

    def tonnes_of_a_process(self) -> Iterator[Violation]:
        """A process sends out no more than its enterprise gives away."""
        tonnes: dict[str, float] = defaultdict(float)
        for workshop in self.plan.workshops:
            tonnes[workshop.process_id] += self._input_t(workshop)
        for process, found in tonnes.items():
            allowed = float(self.processes[process]["input_t_per_day"])
            if exceeds(found, allowed):
                yield Violation(
                    rule="tonnes of a process",
                    where=process,
                    found=f"{found:.6g} t a day",
                    allowed=f"{allowed:.6g}",
                )

    def base_capacity(self) -> Iterator[Violation]:
        """A base sends out no more than its capacity."""
        tonnes: dict[str, float] = defaultdict(float)
        for workshop in self.plan.workshops:
            tonnes[workshop.base_id] += self._input_t(workshop)
        for base, found in tonnes.items():
            allowed = self.enterprises[base]["capacity_t_per_day"]
            if is_given(allowed) and exceeds(found, float(allowed)):
                yield Violation(
                    rule="base capacity",
                    where=base,
                    found=f"{found:.6g} t a day",
                    allowed=f"{allowed:.6g}",
                )

    def one_workshop_a_facility(self) -> Iterator[Violation]:
        """Premises hold one workshop."""
        counts = Counter(workshop.facility_id for workshop in self.plan.workshops)
        for facility, count in counts.items():
            if count > 1:
                yield Violation(
                    rule="one workshop a facility",
                    where=facility,
                    found=f"{count} workshops",
                    allowed="1",
                )

    def one_base_a_town(self) -> Iterator[Violation]:
        """All workshops of a town work for one base."""
        bases: dict[str, set[str]] = defaultdict(set)
        for workshop in self.plan.workshops:
            bases[self._town(workshop)].add(workshop.base_id)
        for town, found in bases.items():
            if len(found) > 1:
                yield Violation(
                    rule="one base a town", where=town, found=", ".join(sorted(found)), allowed="1"
                )

    def bases_own_town(self) -> Iterator[Violation]:
        """No workshop stands in the town of an open base."""
        homes = {self._home(workshop.base_id) for workshop in self.plan.workshops}
        for workshop in self.plan.workshops:
            if self._town(workshop) in homes:
                yield self._at(workshop, "base's own town", "a workshop", "none")

    def reach(self) -> Iterator[Violation]:
        """A truck of the base gets there and back within its shift."""
        for workshop in self.plan.workshops:
            needed = self._there_and_back(workshop)
            trucks = self._trucks_of(workshop.base_id)
            shifts = [float(truck["shift_h"]) * MIN_PER_H for truck in trucks]
            if exceeds(needed, max(shifts, default=0.0)):
                yield self._at(
                    workshop, "reach", f"{needed:.1f} min", f"{max(shifts, default=0.0):.1f} min"
                )

    def training(self) -> Iterator[Violation]:
        """A course raises skill by one step and comes to the learner's town."""
        for workshop, group in self._learners():
            course = self.courses[str(group.programme_id)]
            if RANK[str(course["skill"])] != RANK[group.skill] + 1:
                yield self._at(
                    workshop,
                    "training",
                    f"{group.skill} on a course to {course['skill']}",
                    "one step",
                )
            way = self._way_to_course(workshop, course)
            if exceeds(way, self.params.training_reach_min):
                yield self._at(
                    workshop,
                    "training",
                    f"{way:.1f} min to {group.programme_id}",
                    f"{self.params.training_reach_min:g} min",
                )

    def places_on_a_course(self) -> Iterator[Violation]:
        """No course has more learners than places."""
        taken: Counter[str] = Counter()
        for _, group in self._learners():
            taken[str(group.programme_id)] += group.workers
        for programme, count in taken.items():
            allowed = int(self.courses[programme]["capacity"])
            if count > allowed:
                yield Violation(
                    rule="places on a course",
                    where=programme,
                    found=f"{count} learners",
                    allowed=f"{allowed}",
                )
