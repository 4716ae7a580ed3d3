"""How areas were drawn, as a statement that can stand in a publication."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version

from comarca.report import words
from comarca.report.area_results import AreaResults

_EURO = (
    "the method that Eurostat’s study of comparable labour market areas (Coombes et al. 2012) "
    "developed from the British travel-to-work areas, in which one town moves at a time and must "
    "not harm the area it joins"
)
_RULES = {
    "euro": f"The areas were drawn by {_EURO}.",
    "euro-r34": (
        "The areas were drawn as the R package LabourMarketAreas, version 3.4, draws them, by "
        f"{_EURO}. A slip of that package is repeated on purpose, so that areas published with it "
        "can be reproduced: for one step after a group has lost a town, the package judges it by "
        "flows it has not added up. Cluster numbers are those of the package."
    ),
    "classic": (
        "The areas were drawn by the rule of the British travel-to-work areas (Coombes and Bond "
        "2008), in which the least valid group is broken up whole and each of its towns joins the "
        "group it is most strongly linked with."
    ),
}
_LINK = "T²(i→j) / (L(i) K(j)) + T²(j→i) / (L(j) K(i)), where T are persons who travel (Smart 1974)"
_TIES = (
    "Of groups with equal links, those that send nobody to the town come first, then the one that "
    "a later town began."
)
_ENDED = {
    "converged": "The loop ended when every group was an area",
    "cycled": "The loop was ended when a state returned, so that some groups may be no areas",
    "iteration_limit": "The loop was ended at its limit, so that some groups may be no areas",
}
_NEIGHBOURS = {
    "polygons": " by the shapes of the map",
    "voronoi": " by the places of towns (their Voronoi cells touch), which is a guess",
    "table": " by a table of neighbours",
}


class AreaMethod:
    """
    The statement.

    Parameters
    ----------
    results
        The delineation it is of.
    """

    def __init__(self, results: AreaResults) -> None:
        self.results = results
        self.params = results.areas.params
        self.overview = results.overview

    def data(self) -> list[str]:
        """What the areas were drawn from."""
        files = (f"{s.role}: {s.name}, SHA-256 {s.sha256}." for s in self.results.sources)
        return [self._table(), *files]

    def _table(self) -> str:
        flows, overview = self.results.flows, self.overview
        if not overview.persons:
            return "The table of commuters holds nobody."
        kind = "counted" if flows.is_observed else "estimated by a model"
        skill = f" of {flows.skill} skill" if flows.skill else ""
        stay = words.share(overview.in_own_town / overview.persons)
        told = (
            f"The areas rest on {words.whole(overview.persons)} {flows.period} workers{skill} by "
            f"town of residence and town of work, {kind}; {stay} of them work where they live. The "
            f"table covers {_towns(overview.n_towns)}"
        )
        if apart := overview.n_towns - len(self.results.areas.judged):
            told += (
                f", of which {words.whole(apart)} took no part, because nobody who lives there "
                "works, no job there is filled, or nobody crosses the border of the town"
            )
        return f"{told}."

    def _status(self, status: str) -> int:
        """Towns of one status."""
        return self.overview.by_status.get(status, 0)

    def rule(self) -> list[str]:
        """Which rule drew the areas, with its numbers."""
        told = _RULES[self.params.variant]
        if self.params.variant == "euro-r34" and self._goes_beyond():
            told += " What is told below of contiguity, borders, centres, least flows or repairs "
            told += "goes beyond the package."
        return [told, f"{self._sizes()} {_SELF_CONTAINMENT}"]

    def _goes_beyond(self) -> bool:
        """Whether more was asked for than the R package can do."""
        p, results = self.params, self.results
        return bool(
            results.areas.is_contiguous
            or results.borders
            or results.centres
            or p.min_flow
            or p.repair
        )

    def _sizes(self) -> str:
        p = self.params
        if p.min_workers == p.target_workers:
            told = (
                f"A group of towns is an area when it has {plain_number(p.min_workers)} or more "
                "working residents and a self-containment of at least "
                f"{percent(p.min_self_containment)}."
            )
        else:
            told = (
                "A group of towns is an area when it is large and closed enough. With "
                f"{plain_number(p.target_workers)} or more working residents it needs a "
                f"self-containment of {percent(p.min_self_containment)}, with "
                f"{plain_number(p.min_workers)} one of {percent(p.target_self_containment)}; "
                "between the two sizes the requirement falls steadily."
            )
        return f"{told} A smaller group is an area only when nobody crosses its border."

    def formula(self) -> str:
        """The validity with the numbers put in."""
        p = self.params
        least, target = _plain(p.min_self_containment), _plain(p.target_self_containment)
        share = f"min(c / {target}, 1)"
        scale = f"{target} / {least}"
        containment = "c = min(S / L, S / K)"
        if p.min_workers == p.target_workers:
            return f"v = {share} × {scale}, {containment}, L ≥ {plain_number(p.min_workers)}"
        small = (
            f"max({plain_number(p.target_workers)} − L, 0) / "
            f"{plain_number(p.target_workers - p.min_workers)}"
        )
        return f"v = {share} × [1 − (1 − {least} / {target}) × {small}] × {scale}, {containment}"

    def steps(self) -> list[str]:
        """What was done, in order."""
        told = [self._preparation()]
        told += [_CLASSIC] if self.params.variant == "classic" else self._one_at_a_time()
        told += self._constraints()
        if self.params.repair:
            told.append(
                "Areas that fell below the rule when the reserve was emptied were mended: towns "
                "out of the reserve went on to areas that stay valid with them, or the area was "
                "shared out whole among such areas."
            )
        repaired = int((self.results.areas.trace()["type"] == "repaired").sum())
        if repaired:
            told.append(f"Moved in such corrections at the end: {_towns(repaired)}.")
        return [
            *told,
            "Each area is named after its head, the town with most filled jobs, whose code it "
            "bears. Nothing is drawn by lot: the same table gives the same areas.",
        ]

    def _preparation(self) -> str:
        exact = (
            "Counts of persons were added up exactly."
            if self.results.flows.persons.dtype.kind in "iu"
            else "Fractions of persons were rounded to 2⁻²⁰ before they were added up, so that "
            "equal sums are equal in any order."
        )
        return (
            "Towns without working residents, without filled jobs, or without exchange with any "
            "other town were left out, and their flows with them, until none was left. Each other "
            "town began as a group of its own. Where an order is needed, towns are taken by their "
            "codes: by number when all codes are whole numbers, else character by character. "
            f"{exact}"
        )

    def _one_at_a_time(self) -> list[str]:
        return [
            "While the least valid group had v below 1 (of equal groups the first), one town left "
            "it: that with the most persons who come in from outside the group or leave the town, "
            "both added (of equal towns the first). This town i joined the group j with which its "
            f"link is strongest, {_LINK}, provided that the validity of j did not fall; otherwise, "
            f"or without any link, it was set aside in a reserve list. {_TIES}",
            f"{_ENDED[self.results.areas.status]}, after "
            f"{words.plural(self.results.areas.iterations, 'step')}, with "
            f"{_towns(self.overview.n_set_aside)} in the reserve list. The list was then emptied, "
            "the last town first: each joined the area it is most strongly linked with, without a "
            "further test, in passes until no more could join. "
            f"In their areas for this reason: {_towns(self._status('reserve-assigned'))}.",
        ]

    def _constraints(self) -> Iterator[str]:
        p, results = self.params, self.results
        yield (
            self._contiguity()
            if results.areas.is_contiguous
            else ("Contiguity was not required: an area may have parts that do not touch the rest.")
        )
        if self._status("no-flow"):
            yield f"Took no part, and remained without an area: {_towns(self._status('no-flow'))}."
        if p.min_flow > 0:
            yield (
                f"A town could join a group only when {plain_number(p.min_flow)} or more persons "
                "travel between the two, both ways together."
            )
        if results.borders:
            count = len(set(results.borders.values()))
            yield f"No area crosses from one to another of {count:,} given divisions."
        if results.centres:
            names = words.listed([results.town(town) for town in results.centres], 12)
            yield f"The areas of these towns were kept whatever their validity: {names}."

    def _contiguity(self) -> str:
        near = self.results.contiguity
        told = (
            f"Contiguity was required{_NEIGHBOURS[near.source] if near is not None else ''}: a "
            "town could join only a group in which it has a neighbour. Pieces that were cut off in "
            "the end became areas of their own where they meet the rule, or went to the bordering "
            "area they are most strongly linked with where neither area lost by it. "
            "Could not be given away without spoiling an area: "
            f"{_towns(self.overview.n_detached)}."
        )
        if joined := self._status("neighbour-assigned"):
            told += (
                " A town that was without an area in the end joined the area next to it with which "
                "most of its commuters are exchanged, or else the one with the longest common "
                f"border; so did {_towns(joined)}."
            )
        return told

    def software(self) -> str:
        """What computed it, and when, where that is told."""
        told = f"Computed with Comarca {version('comarca')}, variant “{self.params.variant}”"
        if self.results.made is not None:
            told += f", on {self.results.made.day} {self.results.made:%B %Y}"
        return f"{told}."


_SELF_CONTAINMENT = (
    "Self-containment is the lesser of two shares: of the working residents, those who work "
    "inside; and of the jobs, those held by residents. With L working residents, K jobs and S "
    "persons who live and work inside, a group is an area when its validity v is 1 or more:"
)
_CLASSIC = (
    "While the least valid group had v below 1 (of equal groups the first), it was broken up, and "
    f"each of its towns i joined the group j with which its link is strongest, {_LINK}, whatever "
    f"that did to j. {_TIES} Towns linked with no group waited until the end, and joined an area "
    "then if they are linked with one."
)


def _towns(count: int) -> str:
    return words.plural(count, "town")


def plain_number(value: float) -> str:
    """A size as it was set: ``1,000``, ``83.25``."""
    return words.whole(value) if float(value).is_integer() else words.rounded(value, 6)


def percent(share: float) -> str:
    """A share as it was set: ``66.67 %``."""
    return f"{100 * share:.6g}{words.NBSP}%"


def _plain(share: float) -> str:
    return f"{share:.6g}"
