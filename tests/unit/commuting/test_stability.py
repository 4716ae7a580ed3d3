"""How sure areas are, in worlds small enough to work out by hand."""

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from comarca.commuting import AreaParams, AreaRanges, StabilityParams, stability_of_areas
from comarca.commuting.stability.redrawing import resampled
from comarca.errors import ParameterError, UnknownTownError
from comarca.model.contiguity import Contiguity
from comarca.model.matrices import FlowMatrix
from stability_world import AROUND_100, AS_GIVEN, BETWEEN, SMALL, random_flows

NAMES = {"ash": "Ash", "birch": "Birch", "city": "City"}


@pytest.fixture(scope="module")
def halved():
    """Ten redrawings, in five of which Ash and Birch are too small to be an area."""
    return stability_of_areas(
        BETWEEN, AS_GIVEN, draws=10, vary=["parameters"], ranges=AROUND_100, names=NAMES
    )


def test_towns_that_join_another_area_half_the_time(halved):
    towns = halved.towns()
    assert list(towns.index) == ["ash", "birch", "city"]
    assert towns["area_id"].to_list() == ["ash", "ash", "city"]
    assert towns["certainty"].to_list() == [0.5, 0.5, 1.0]
    assert towns["alternative"].to_list() == ["city", "city", None]
    assert towns["alternative_name"].to_list() == ["City", "City", None]
    assert towns["alternative_share"].to_list() == [0.5, 0.5, 0.0]
    assert towns["share_without_area"].to_list() == [0, 0, 0]
    assert towns["name"].to_list() == ["Ash", "Birch", "City"]


def test_mates_stay_together_whatever_their_area_is_called(halved):
    """Ash and Birch are always together; City has nobody to keep."""
    mates = halved.towns()["mates_kept"]
    assert mates[["ash", "birch"]].to_list() == [1, 1]
    assert np.isnan(mates["city"])


def test_areas_by_hand(halved):
    """Where all are one area, two towns of three are Ash's, and one is City's."""
    areas = halved.areas()
    assert areas.index.to_list() == ["ash", "city"]
    assert areas["area_name"].to_list() == ["Ash", "City"]
    assert areas["n_towns"].to_list() == [2, 1]
    assert areas["workers"].to_list() == [100, 5_000]
    assert areas["certainty"].to_list() == [0.5, 1.0]
    assert areas["recurrence"].to_list() == [0.5, 1.0]
    assert areas["persistence"].to_list() == pytest.approx([(1 + 2 / 3) / 2, (1 + 1 / 3) / 2])


def test_core_is_the_fewest_workplaces_with_three_quarters_of_the_jobs(halved):
    """Ash has 56 of 96 jobs, which is not enough; with Birch's 40 it is."""
    areas = halved.areas()
    assert areas["n_core"].to_list() == [2, 1]
    assert areas["core_together"].to_list() == [1, 1]


def test_co_membership_by_hand(halved):
    assert halved.co_membership().toarray() == pytest.approx(
        np.array([[1, 1, 0.5], [1, 1, 0.5], [0.5, 0.5, 1]])
    )
    assert halved.co_membership(0.6).nnz == 5


def test_pairs_by_hand(halved):
    """Every pair of towns once."""
    pairs = halved.pairs()
    assert pairs["town_a"].to_list() == ["ash", "ash", "birch"]
    assert pairs["town_b"].to_list() == ["birch", "city", "city"]
    assert pairs["share"].to_list() == [1, 0.5, 0.5]
    assert len(halved.pairs(0.6)) == 1


def test_headline_by_hand(halved):
    """Ash and Birch are in City's area as often as in their own, not more often."""
    told = halved.headline()
    assert (told["areas"], told["areas_mean"]) == (2, 1.5)
    assert (told["towns"], told["towns_sure"], told["towns_unsure"]) == (3, 1, 0)
    assert told["workers_sure_share"] == pytest.approx(5_000 / 5_100)
    assert told["towns_rather_elsewhere"] == 0
    assert told["redrawings_stopped"] == 0


def test_a_share_of_two_is_no_share(halved):
    with pytest.raises(ParameterError, match="least_share is 2"):
        halved.co_membership(2)


def test_figures_of_redrawings_by_hand(halved):
    """Two areas in five of them, in which 91 + 4,995 of 5,100 work inside; one area in five."""
    table = halved.redrawings
    assert sorted(table["n_areas"]) == [1] * 5 + [2] * 5
    assert (table["n_areas"] == np.where(table["min_workers"] <= 100, 2, 1)).all()
    apart = table[table["n_areas"] == 2]
    assert apart["self_containment_supply"].to_numpy() == pytest.approx((91 + 4_995) / 5_100)
    assert apart["least_self_containment"].to_numpy() == pytest.approx(91 / 100)
    assert apart["alone_share"].to_numpy() == pytest.approx(1 / 3)
    assert apart["largest_share"].to_numpy() == pytest.approx(5_000 / 5_100)
    one = table[table["n_areas"] == 1]
    assert (one["self_containment_supply"] == 1).all()
    assert (one["alone_share"] == 0).all()
    assert halved.spread() == (1.5, 1, 2)
    assert halved.outcome.n_areas == 2


def test_summary_of_the_halved_world(halved):
    assert halved.summary() == (
        "2 labour market areas of 3 towns; 10 redrawings, parameters varied, seed 1\n"
        "areas: mean 1.5, 1 to 2 in nine redrawings of ten\n"
        "working residents who work inside their area: 99.7% as counted, 99.7% to 100.0% in nine "
        "redrawings of ten\n"
        "1 town in the same area in 95% of redrawings or more, 0 in fewer than half\n"
        "least sure areas: Ash (50%)"
    )


def test_of_two_alternatives_as_frequent_the_larger_workplace_is_named(halved):
    """Ash heads itself twice, and is once each with Birch (40 jobs) and with City (5,004)."""
    head = np.array([[0, 0, 2], [0, 0, 2], [1, 1, 2], [2, 1, 2]], dtype=np.int32)
    ash = replace(halved, head=head).towns().loc["ash"]
    assert ash["certainty"] == 0.5
    assert ash["alternative"] == "city"
    assert ash["alternative_share"] == 0.25


def test_mates_and_persistence_by_hand(halved):
    """First all is as counted, then Birch is with City, then nobody is in any area."""
    head = np.array([[0, 0, 2], [0, 2, 2], [-1, -1, -1]], dtype=np.int32)
    drawn = replace(halved, head=head)
    assert drawn.towns()["mates_kept"].to_list()[:2] == pytest.approx([1 / 3, 1 / 3])
    assert drawn.towns()["share_without_area"].to_list() == pytest.approx([1 / 3] * 3)
    areas = drawn.areas()
    assert areas["persistence"].to_list() == pytest.approx([(1 + 1 / 2) / 3, (1 + 1 / 2) / 3])
    assert areas["recurrence"].to_list() == pytest.approx([2 / 3, 2 / 3])
    assert areas["core_together"].to_list() == pytest.approx([1 / 3, 2 / 3])
    assert areas["certainty"]["ash"] == pytest.approx((60 * 2 / 3 + 40 * 1 / 3) / 100)


def test_a_town_in_no_area_is_sure_of_that():
    """Nobody leaves or comes to Dale, so it never takes part."""
    flows = FlowMatrix(
        ("ash", "birch", "dale"),
        np.array([[900, 90, 0], [90, 900, 0], [0, 0, 50]]),
    )
    sure = stability_of_areas(flows, AS_GIVEN, draws=20)
    dale = sure.towns().loc["dale"]
    assert dale["area_id"] is None
    assert dale["certainty"] == dale["share_without_area"] == 1
    assert sure.co_membership()[2, 2] == 0


def test_no_flows_at_all_are_no_areas_for_sure():
    sure = stability_of_areas(FlowMatrix(TWO := ("ash", "birch"), np.zeros((2, 2))), draws=3)
    assert sure.towns()["certainty"].to_list() == [1, 1]
    assert sure.areas().empty
    assert sure.co_membership().nnz == 0
    assert np.isnan(sure.spread("self_containment_supply")).all()
    assert sure.summary().startswith(f"0 labour market areas of {len(TWO)} towns")


def test_towns_without_flows_stay_with_their_neighbours():
    """Dale has no flows and borders on Birch alone; Birch is always with Ash."""
    flows = FlowMatrix(("ash", "birch", "dale"), np.array([[900, 90, 0], [90, 900, 0], [0, 0, 0]]))
    beside = sparse.csr_array(np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=bool))
    contiguity = Contiguity(town_ids=flows.town_ids, adjacent=beside, source="table")
    params = AreaParams(min_workers=1_200, target_workers=1_300)
    sure = stability_of_areas(flows, params, draws=20, contiguity=contiguity)
    dale = sure.towns().loc["dale"]
    assert dale["status"] == "neighbour-assigned"
    assert dale["certainty"] == 1
    assert sure.co_membership().toarray() == pytest.approx(np.ones((3, 3)))


def test_borders_hold_in_every_redrawing():
    flows = random_flows(5)
    side = {town: "west" if town < "020" else "east" for town in flows.town_ids}
    sure = stability_of_areas(flows, SMALL, draws=10, borders=side)
    west = np.array([side[town] == "west" for town in flows.town_ids])
    assert sure.co_membership()[west][:, ~west].nnz == 0


def test_a_centre_is_sure_to_be_kept():
    """City would swallow Ash's area in half of the redrawings; as a centre Ash keeps it."""
    sure = stability_of_areas(
        BETWEEN,
        AS_GIVEN,
        draws=10,
        vary=["parameters"],
        ranges=AROUND_100,
        centres=["ash"],
    )
    assert sure.towns().loc["ash", "certainty"] == 1


def test_a_count_varies_as_a_poisson_number():
    """Mean 50 and variance 50 over 4,000 cells; zero stays zero."""
    persons = sparse.csr_array(np.full((1, 4_000), 50.0))
    redrawn = resampled(persons, np.random.SeedSequence(1)).toarray()
    assert redrawn.mean() == pytest.approx(50, abs=0.5)
    assert redrawn.var() == pytest.approx(50, rel=0.1)
    empty = resampled(sparse.csr_array((3, 3), dtype=float), np.random.SeedSequence(1))
    assert empty.nnz == 0


def test_a_count_of_a_fifth_varies_five_times_as_much():
    """Ten of the fifty stood on paper: each of them stands for five."""
    persons = sparse.csr_array(np.full((1, 4_000), 50.0))
    redrawn = resampled(persons, np.random.SeedSequence(1), 0.2).toarray()
    assert redrawn.mean() == pytest.approx(50, abs=1.5)
    assert redrawn.var() == pytest.approx(250, rel=0.1)
    assert set(np.unique(redrawn % 5)) == {0}


def test_a_sample_makes_areas_less_sure():
    flows = random_flows(2)
    full = stability_of_areas(flows, SMALL, draws=40)
    asked = stability_of_areas(flows, SMALL, draws=40, counted_share=0.1)
    assert asked.certainty.mean() < full.certainty.mean()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"draws": 0}, "draws is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"vary": []}, "vary is empty; expected flows, parameters or both"),
        ({"vary": ["flows", "flows"]}, "vary is flows, flows; expected"),
        ({"vary": ["towns"]}, "'towns'; expected 'flows' or 'parameters'"),
        ({"counted_share": 0}, "counted_share is 0"),
        ({"counted_share": 0.5, "vary": ["parameters"]}, "counted_share is 0.5; expected flows"),
        ({"ranges": AROUND_100}, "ranges is given; expected parameters among vary"),
        ({"threads": 0}, "threads is 0; expected 1 or more"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(given, told):
    with pytest.raises(ParameterError, match=told):
        stability_of_areas(BETWEEN, AS_GIVEN, **given)


def test_parameters_outside_the_ranges_they_are_drawn_from_are_refused():
    """Certainty would be told of areas that are never drawn; every such parameter is named."""
    params = AreaParams(min_workers=5_000, target_workers=50_000)
    with pytest.raises(ParameterError) as refusal:
        stability_of_areas(BETWEEN, params, vary=["parameters"])
    assert [fault.object for fault in refusal.value.faults] == ["min_workers", "target_workers"]
    assert "expected a value in the range it is drawn from, 1000 to 3500" in str(refusal.value)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"min_workers": (3, 2)}, "min_workers is 3 to 2; expected its lower end first"),
        ({"min_workers": (0, 2)}, "min_workers.0 is 0; expected greater than 0"),
        (
            {"min_workers": (1_000, 20_000)},
            "expected nothing above the range of target_workers .10000 to 25000.",
        ),
        (
            {"min_self_containment": (0.75, 0.75), "target_self_containment": (0.75, 0.75)},
            "expected less than target_self_containment",
        ),
        ({"target_self_containment": (0.8, 1.2)}, "target_self_containment.1 is 1.2"),
        ({"least_workers": (1, 2)}, "least_workers is not a setting"),
    ],
)
def test_ranges_that_contradict_themselves_are_refused(given, told):
    with pytest.raises(ParameterError, match=told):
        AreaRanges(**given)


def test_ranges_start_from_the_defaults():
    assert AreaRanges().min_workers == (1_000, 3_500)
    assert StabilityParams().ranges == AreaRanges()


def test_an_unknown_centre_is_refused():
    with pytest.raises(UnknownTownError, match='"cty" is not known; near names: city'):
        stability_of_areas(BETWEEN, AS_GIVEN, centres=["cty"])


def test_what_varies_may_be_one_word():
    one = stability_of_areas(BETWEEN, AS_GIVEN, draws=3, vary="flows")
    assert one.settings.vary == ("flows",)
    assert list(one.redrawings.index) == [1, 2, 3]


def test_progress_rises_to_the_end():
    told = []
    stability_of_areas(
        BETWEEN, AS_GIVEN, draws=100, threads=2, progress=lambda _, share: told.append(share)
    )
    assert told == sorted(told)
    assert told[-1] == 1


class AtOnce(Executor):
    """Does what it is given at once, and counts."""

    def __init__(self):
        self.given = 0

    def submit(self, fn, /, *args, **kwargs):
        self.given += 1
        future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def test_an_executor_does_the_work():
    executor = AtOnce()
    made = stability_of_areas(random_flows(1), SMALL, draws=9, executor=executor)
    own = stability_of_areas(random_flows(1), SMALL, draws=9, threads=1)
    assert executor.given == 9
    assert (made.head == own.head).all()


def test_threads_beside_an_executor_are_refused():
    with pytest.raises(ParameterError, match="threads is 2; expected none beside an executor"):
        stability_of_areas(BETWEEN, AS_GIVEN, threads=2, executor=AtOnce())


def test_an_executor_stays_open():
    with ThreadPoolExecutor(2) as executor:
        stability_of_areas(BETWEEN, AS_GIVEN, draws=3, executor=executor)
        assert executor.submit(int).result() == 0
