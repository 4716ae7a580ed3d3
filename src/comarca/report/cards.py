"""
What one workshop, one truck and one base are told of themselves, as small tables.

A workshop's card says what is done there by whom, in which rooms, who learns what first, what comes
in and goes out, and when which truck is there. A truck's sheet is its day from the first loading to
the last return. A base's card says how far it reaches and to which towns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from comarca.model.freight_plan import Route, Workshop
from comarca.model.matrices import SKILLS
from comarca.report import words
from comarca.report.tables import Assumed, Column, Table, plain
from comarca.report.work_tables import WORKER_KINDS

if TYPE_CHECKING:
    from comarca.report.contents import Contents

_FACTS = (Column("What"), Column("As planned"))


def workshop_cards(contents: Contents) -> tuple[Table, ...]:
    """One a workshop, in the order of towns' names."""
    shops = sorted(
        contents.plan.freight.workshops,
        key=lambda shop: (contents.names.town(shop.town_id).casefold(), shop.facility_id),
    )
    return tuple(_workshop(contents, shop) for shop in shops)


def base_cards(contents: Contents) -> tuple[Table, ...]:
    """One a base, in the order of the plan."""
    return tuple(_base(contents, base) for base in contents.plan.freight.bases)


def truck_days(contents: Contents) -> tuple[Table, ...]:
    """The day of each truck, in the order of the plan."""
    return tuple(_truck(contents, route) for route in contents.plan.freight.routes)


def _card(title: str, rows: Iterator[tuple[str, Any]], currency: str) -> Table:
    return Table("Card", title, _FACTS, tuple(rows), currency=currency)


def _workshop(contents: Contents, shop: Workshop) -> Table:
    names = contents.names
    work = f"{names.process(shop.process_id)} for {names.base(shop.base_id)}"
    title = f"{names.town(shop.town_id)}: {work}"
    return _card(title, _workshop_facts(contents, shop), contents.currency)


def _workshop_facts(contents: Contents, shop: Workshop) -> Iterator[tuple[str, Any]]:
    by_skill = dict.fromkeys(SKILLS, 0)
    by_kind: dict[str, int] = {}
    for group in shop.groups:
        by_skill[group.skill] += group.workers
        by_kind[group.kind] = by_kind.get(group.kind, 0) + group.workers
    skills = ", ".join(f"{count} of {skill}" for skill, count in by_skill.items() if count)
    kinds = ", ".join(f"{count} {WORKER_KINDS[kind]}" for kind, count in by_kind.items())
    yield "Workers", f"{words.whole(shop.workers)}: {skills} skill today; {kinds}"
    if shop.learners:
        yield "Training", "; ".join(_lessons(contents, shop))
    yield from _premises(contents, shop)
    every = shop.visit_every_days
    load = f"{_tonnes(shop.input_t_per_day)} in and {_tonnes(shop.output_t_per_day)} out a day"
    if every > 1:
        load += f"; {every} days’ goods wait between visits"
    yield "Goods", load
    visits = contents.visits_of(shop.facility_id)
    for number, visit in enumerate(visits, start=1):
        comes, leaves = map(words.time_of_day, (visit.comes_min, visit.leaves_min))
        goods = f"sets down {_tonnes(visit.stop.delivered_t)}, takes up "
        goods += _tonnes(visit.stop.collected_t)
        vehicle = contents.names.vehicle(visit.route.vehicle_id)
        days = words.driven(visit.route.every_days, visit.route.first_day)
        yield (
            f"Visit {number}" if len(visits) > 1 else "Truck",
            f"{vehicle} ({visit.route.route_id}) comes at {comes} and leaves at {leaves}, {days}; "
            f"{goods}",
        )


def _lessons(contents: Contents, shop: Workshop) -> Iterator[str]:
    taken: dict[tuple[str, str], int] = {}
    for group in shop.groups:
        if group.programme_id is not None:
            key = (group.programme_id, group.skill)
            taken[key] = taken.get(key, 0) + group.workers
    for (programme, skill), count in taken.items():
        name, hours, leads_to = (
            plain(contents.names.value("programmes", contents.names.programmes, programme, column))
            for column in ("name", "hours", "skill")
        )
        yield (
            f"{words.plural(count, 'worker')} of {skill} skill learn at {name} "
            f"({words.rounded(float(hours))} h, to {leads_to} skill) before the workshop opens"
        )


def _premises(contents: Contents, shop: Workshop) -> Iterator[tuple[str, Any]]:
    """Floor, renovation and rent, a row each, so that each bears its own mark."""
    names = contents.names
    shown: tuple[tuple[str, str, Callable[[float], str]], ...] = (
        (
            "Premises",
            "floor_m2",
            lambda floor: f"{shop.facility_id}, {words.rounded(floor)}{words.NBSP}m²",
        ),
        ("Renovation", "renovation_cost", lambda cost: f"{_money(contents, cost)} once"),
        ("Rent", "annual_rent", lambda rent: f"{_money(contents, rent)} a year"),
    )
    for title, column, told in shown:
        value = names.value("facilities", names.facilities, shop.facility_id, column, shop.town_id)
        if not words.is_missing(plain(value)):
            text = told(float(plain(value)))
            yield title, Assumed(text) if isinstance(value, Assumed) else text


def _money(contents: Contents, amount: float) -> str:
    return words.money(amount, contents.currency)


def _tonnes(load: float) -> str:
    return f"{words.rounded(load, kept=1)}{words.NBSP}t"


def _base(contents: Contents, base: str) -> Table:
    names = contents.names
    seat = names.base_town(base)
    title = f"{names.base(base)} in {names.town(seat)}"
    return _card(title, _base_facts(contents, base, seat), contents.currency)


def _base_facts(contents: Contents, base: str, seat: str) -> Iterator[tuple[str, Any]]:
    freight = contents.plan.freight
    shops = [shop for shop in freight.workshops if shop.base_id == base]
    routes = [route for route in freight.routes if route.base_id == base]
    towns = sorted({contents.names.town(shop.town_id) for shop in shops}, key=str.casefold)
    area = contents.area_of(freight.partition, seat)
    radius = {} if area is None else area.quality
    if "radius_km" in radius and "radius_min" in radius:
        far = f"{words.rounded(radius['radius_km'])}{words.NBSP}km by road, "
        far += words.hours_and_minutes(radius["radius_min"])
        yield "Radius", f"{far} to the farthest workshop"
    yield "Towns", f"{words.whole(len(towns))}: {', '.join(towns)}"
    jobs = sum(shop.workers for shop in shops)
    yield "Workshops", f"{words.whole(len(shops))} with {words.plural(jobs, 'job')}"
    sent, back = (
        _tonnes(sum(getattr(shop, goods) for shop in shops))
        for goods in ("input_t_per_day", "output_t_per_day")
    )
    yield "Goods", f"{sent} sent out and {back} taken back a day"
    yield "Trucks", f"{words.whole(len(routes))}: {', '.join(route.route_id for route in routes)}"


def _truck(contents: Contents, route: Route) -> Table:
    table = contents.routes
    seat = contents.names.town(contents.names.base_town(route.base_id))
    titles = ["Place", "Arrives", "Leaves", "Set down", "Taken up", "On board"]
    titles += [column.title for column in table.columns if column.title == "Along"]
    own = tuple(row for row in table.rows if row[0] == route.route_id)
    day = Table(table.name, "", table.columns, own, currency=table.currency).select(titles)
    begins = (f"{seat}: shift begins", None, route.starts_min, *[None] * (len(titles) - 3))
    vehicle, base = contents.names.vehicle(route.vehicle_id), contents.names.base(route.base_id)
    title = (
        f"{route.route_id}: {vehicle} of {base}, {words.driven(route.every_days, route.first_day)}"
    )
    note = (
        f"{words.rounded(route.distance_km)}{words.NBSP}km, "
        f"{words.rounded(route.duty_h)}{words.NBSP}h on duty, "
        f"{_money(contents, route.cost_per_day)} a day driven."
    )
    return replace(day, name="Truck day", title=title, rows=(begins, *day.rows), note=note)
