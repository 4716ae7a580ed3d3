"""Two partitions set side by side, worked out by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from comarca.errors import ParameterError
from comarca.model.agreement import compare_partitions
from partition_worlds import partition_of

# Of six towns in an area of both, x keeps two together, y two; z joins y.
A = partition_of("t1:x t2:x t3:x t4:y t5:y t6:z t7: t8:")
B = partition_of("t1:p t2:p t3:q t4:r t5:r t6:r t7:q t8:")
PERSONS = {f"t{number}": 10.0 * number for number in range(1, 9)}


def test_figures_by_hand():
    """
    Pairs of six towns: 15. Together in A 3 + 1, in B 1 + 3, in both 1 + 1.

    Chance expects 4 x 4 / 15. Information: A has shares 3, 2, 1 of 6, B 2, 1, 3, both 2, 1, 2, 1.
    """
    agreement = compare_partitions(A, B)

    expected = 16 / 15
    assert agreement.by_town.adjusted_rand == pytest.approx((2 - expected) / (4 - expected))
    one = math.log2(6) - (3 * math.log2(3) + 2 * math.log2(2)) / 6
    both = math.log2(6) - 4 * math.log2(2) / 6
    assert agreement.by_town.variation_of_information == pytest.approx(2 * both - 2 * one)
    assert agreement.by_town.variation_share == pytest.approx((2 * both - 2 * one) / both)
    assert agreement.by_town.normalised_mutual_information == pytest.approx((2 * one - both) / one)
    assert agreement.n_compared == 6
    assert agreement.by_person is None


def test_figures_by_persons_count_pairs_of_people_of_different_towns():
    """t4 has 40 people, t5 50, t6 60: 40 x 50 pairs together in both, 60 x 90 in B alone."""
    agreement = compare_partitions(A, B, PERSONS)

    together = 10 * 20 + 40 * 50
    in_a = 10 * 20 + 10 * 30 + 20 * 30 + 40 * 50
    in_b = 10 * 20 + 40 * 50 + 40 * 60 + 50 * 60
    every = (210**2 - sum((10 * n) ** 2 for n in range(1, 7))) / 2
    expected = in_a * in_b / every
    assert agreement.by_person.adjusted_rand == pytest.approx(
        (together - expected) / ((in_a + in_b) / 2 - expected)
    )
    assert list(agreement.figures().index) == ["towns", "persons"]


def test_towns_in_no_area_may_count_as_areas_by_themselves():
    """Then all eight towns are compared, and t7, alone in A, joins t3 in B."""
    alone = compare_partitions(A, B, unassigned="alone")
    written_out = compare_partitions(
        partition_of("t1:x t2:x t3:x t4:y t5:y t6:z t7:t7 t8:t8"),
        partition_of("t1:p t2:p t3:q t4:r t5:r t6:r t7:q t8:t8"),
    )

    assert alone.n_compared == 8
    assert alone.by_town == written_out.by_town


def test_the_overlap_of_areas():
    overlap = compare_partitions(A, B, PERSONS).overlap

    expected = pd.DataFrame(
        [
            ("x", "p", 2, 30.0, 30 / 60, 1.0),
            ("x", "q", 1, 30.0, 30 / 60, 30 / 100),
            ("y", "r", 2, 90.0, 1.0, 90 / 150),
            ("z", "r", 1, 60.0, 1.0, 60 / 150),
            (None, "q", 1, 70.0, np.nan, 70 / 100),
            (None, None, 1, 80.0, np.nan, np.nan),
        ],
        columns=overlap.columns,
    )
    pd.testing.assert_frame_equal(overlap, expected, check_dtype=False)


def test_shares_are_of_towns_where_no_persons_are_given():
    overlap = compare_partitions(A, B).overlap

    assert overlap["persons"].isna().all()
    assert overlap["share_of_a"].tolist()[:4] == pytest.approx([2 / 3, 1 / 3, 1, 1])


def changes(a, b, side="a"):
    areas = compare_partitions(partition_of(a), partition_of(b)).areas
    return areas[areas["partition"] == side].set_index("area_id")["change"].to_dict()


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("1:x 2:x 3:y", "1:p 2:p 3:q", {"x": "unchanged", "y": "unchanged"}),
        ("1:x 2:x 3:x", "1:p 2:p 3:q", {"x": "split"}),
        ("1:x 2:x 3:y", "1:p 2:p 3:p", {"x": "merged", "y": "merged"}),
        ("1:x 2:x 3:x 4:y 5:y", "1:p 2:p 3:q 4:q 5:q", {"x": "shifted", "y": "shifted"}),
        ("1:x 2:x 3:x 4:x", "1:p 2:p 3: 4:", {"x": "redrawn"}),
        ("1:x 2:x 3:y", "1: 2: 3:q", {"x": "absent", "y": "unchanged"}),
        # x lies within p, but p has a town besides that was in no area: no union of areas.
        ("1:x 2:x 3:x 4:", "1:p 2:p 3:p 4:p", {"x": "shifted"}),
        # x falls apart into p and q, but a town of it is in none: no split.
        ("1:x 2:x 3:x 4:x", "1:p 2:p 3:q 4:", {"x": "redrawn"}),
    ],
)
def test_what_became_of_an_area(a, b, expected):
    assert changes(a, b) == expected


def test_what_splits_one_way_is_merged_the_other():
    assert changes("1:x 2:x 3:x", "1:p 2:p 3:q", side="b") == {"p": "merged", "q": "merged"}
    assert changes("1:x 2:x 3:y", "1:p 2:p 3:p", side="b") == {"p": "split"}


def test_the_best_match_of_an_area_has_the_largest_jaccard_index():
    areas = compare_partitions(A, B, PERSONS).areas.set_index(["partition", "area_id"])

    x = areas.loc["a", "x"]
    assert (x["area_name"], x["n_towns"], x["persons"]) == ("X", 3, 60)
    assert (x["best_match"], x["jaccard"], x["jaccard_persons"]) == ("p", 2 / 3, 30 / 60)
    assert areas.loc[("b", "q"), "jaccard"] == 1 / 4


def test_an_area_nobody_kept_has_no_match():
    (row,) = (
        compare_partitions(partition_of("1:x 2:"), partition_of("1: 2:q"), {"1": 1, "2": 1})
        .areas.query("partition == 'a'")
        .to_dict("records")
    )

    assert pd.isna(row["best_match"])
    assert (row["jaccard"], row["jaccard_persons"]) == (0, 0)


def test_a_town_stays_with_its_head_or_moves_gains_or_loses_an_area():
    """The head of x is t1, now in p; t3 moves away, t7 gains an area, t9 loses its own."""
    a = partition_of("t1:x t2:x t3:x t7: t8: t9:y t10:y")
    b = partition_of("t1:p t2:p t3:q t7:q t8: t9: t10:q")

    towns = compare_partitions(a, b).towns.set_index("town_id")

    assert towns["difference"].to_dict() == {
        "t1": "stays",
        "t2": "stays",
        "t3": "moves",
        "t7": "gains",
        "t8": "none",
        "t9": "loses",
        "t10": "moves",  # its head, t9, is in no area any more
    }
    assert towns.loc["t3", "area_of_head"] == "p"
    assert towns.loc["t3", ["partners_kept", "partners_lost", "partners_gained"]].tolist() == [
        0,
        2,
        2,
    ]


def test_towns_that_changed_partners_are_listed():
    """In a merger every town has new partners, though all stay with their heads."""
    merged = compare_partitions(partition_of("1:x 2:x 3:y 4:z"), partition_of("1:p 2:p 3:p 4:q"))

    assert merged.changed_partners == ("1", "2", "3")
    assert set(merged.towns["difference"]) == {"stays"}


def test_the_order_of_towns_does_not_matter():
    turned = partition_of("t8: t6:r t5:r t4:r t7:q t3:q t2:p t1:p")

    assert compare_partitions(A, turned).by_town == compare_partitions(A, B).by_town


def test_summary_tells_figures_and_changes():
    told = compare_partitions(A, B, PERSONS).summary()

    assert "3 areas against 3; 6 towns of 8 compared" in told
    assert "by persons: adjusted Rand" in told
    assert "2 merged, 1 shifted" in told
    assert "5 stays, 1 moves, 1 gains, 1 none" in told


def test_other_towns_are_refused_and_named():
    with pytest.raises(ParameterError) as refused:
        compare_partitions(partition_of("1:x 2:x"), partition_of("2:x 3:x"))

    assert [str(fault) for fault in refused.value.faults] == [
        "1 is in A alone; expected a town of both partitions",
        "3 is in B alone; expected a town of both partitions",
    ]


def test_weights_that_are_missing_negative_or_endless_are_refused_together():
    a = partition_of("1:x 2:x 3:x 4:x")
    with pytest.raises(ParameterError) as refused:
        compare_partitions(a, a, {"1": -1, "2": float("inf"), "3": 5})

    assert [str(fault) for fault in refused.value.faults] == [
        "weight of 1 is -1; expected persons, 0 or more",
        "weight of 2 is inf; expected persons, 0 or more",
        "weight of 4 is missing; expected persons, 0 or more",
    ]


def test_a_long_list_of_faults_is_told_in_part():
    a = partition_of(" ".join(f"{town}:x" for town in range(9)))
    with pytest.raises(ParameterError, match="and 4 more"):
        compare_partitions(a, a, {})


def test_nothing_to_compare_has_no_figures():
    agreement = compare_partitions(partition_of("1:x 2:"), partition_of("1: 2:q"))

    assert agreement.n_compared == 0
    assert math.isnan(agreement.by_town.adjusted_rand)
    assert agreement.summary()


def test_no_areas_at_all_are_told_as_none():
    nothing = partition_of("1: 2:")

    assert "areas: none" in compare_partitions(nothing, nothing).summary()
