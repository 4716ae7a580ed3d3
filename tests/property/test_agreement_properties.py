"""What holds of the agreement of any partitions, and what scikit-learn says of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    adjusted_rand_score,
    mutual_info_score,
    normalized_mutual_info_score,
)

from comarca.model.agreement import compare_partitions
from partition_worlds import partition_from, partitions, weights_of


def labels(partition):
    return [partition.area_of[town] for town in partition.town_ids]


@given(partitions())
def test_figures_are_those_of_scikit_learn(pair):
    a, b = pair
    ours = compare_partitions(a, b).by_town

    assert ours.adjusted_rand == pytest.approx(adjusted_rand_score(labels(a), labels(b)), abs=1e-9)
    assert ours.normalised_mutual_information == pytest.approx(
        normalized_mutual_info_score(labels(a), labels(b)), abs=1e-9
    )


@given(partitions())
def test_variation_is_what_one_leaves_open_about_the_other(pair):
    """In bits; scikit-learn tells mutual information in nats."""
    a, b = pair
    own = [mutual_info_score(labels(part), labels(part)) for part in (a, b)]
    expected = (sum(own) - 2 * mutual_info_score(labels(a), labels(b))) / 0.6931471805599453

    assert compare_partitions(a, b).by_town.variation_of_information == pytest.approx(
        expected, abs=1e-9
    )


@given(partitions(), st.data())
def test_persons_who_are_towns_of_their_own_give_the_same_information(pair, data):
    """A town of three people counts, in bits, as three towns of one."""
    a, b = pair
    people = data.draw(weights_of(a).map(lambda w: {t: 1 + n % 4 for t, n in w.items()}))
    spread = [
        partition_from(
            {f"{t}-{n}": part.area_of[t] for t in part.town_ids for n in range(people[t])}
        )
        for part in (a, b)
    ]
    ours, theirs = compare_partitions(a, b, people).by_person, compare_partitions(*spread).by_town

    assert ours.variation_of_information == pytest.approx(theirs.variation_of_information, abs=1e-9)
    assert ours.normalised_mutual_information == pytest.approx(
        theirs.normalised_mutual_information, abs=1e-9
    )


@given(partitions(with_gaps=True), st.data())
def test_equal_weights_are_no_weights(pair, data):
    a, b = pair
    persons = dict.fromkeys(a.town_ids, data.draw(st.integers(1, 100)))
    agreement = compare_partitions(a, b, persons)

    for name, value in vars(agreement.by_town).items():
        assert getattr(agreement.by_person, name) == pytest.approx(value, abs=1e-9, nan_ok=True)


@given(partitions(with_gaps=True), st.sampled_from(["left_out", "alone"]), st.data())
@settings(max_examples=60)
def test_both_ways_agree_alike(pair, unassigned, data):
    a, b = pair
    persons = data.draw(weights_of(a))
    one = compare_partitions(a, b, persons, unassigned=unassigned)
    other = compare_partitions(b, a, persons, unassigned=unassigned)

    for name, value in vars(one.by_person).items():
        assert getattr(other.by_person, name) == pytest.approx(value, abs=1e-12, nan_ok=True)
    assert one.changed_partners == other.changed_partners


@given(partitions(1, with_gaps=True), st.data())
def test_a_partition_agrees_with_itself_whatever_its_areas_are_called(pair, data):
    (a,) = pair
    b = partition_from({t: area and f"other {area}" for t, area in a.area_of.items()})
    agreement = compare_partitions(a, b, data.draw(weights_of(a)), unassigned="alone")

    for figures in (agreement.by_town, agreement.by_person):
        assert figures.adjusted_rand == pytest.approx(1)
        assert figures.variation_of_information == pytest.approx(0, abs=1e-12)
        assert figures.normalised_mutual_information == pytest.approx(1)
    assert set(agreement.areas["change"]) <= {"unchanged"}
    assert set(agreement.towns["difference"]) <= {"stays", "none"}
    assert agreement.changed_partners == ()


@given(partitions(3), st.data())
@settings(max_examples=60)
def test_variation_is_a_distance(three, data):
    """Both as it is and as a share of the joint information; by towns and by persons."""
    persons = data.draw(weights_of(three[0]))
    ab, bc, ac = (
        compare_partitions(three[i], three[j], persons) for i, j in ((0, 1), (1, 2), (0, 2))
    )

    for figures in ("by_town", "by_person"):
        for name in ("variation_of_information", "variation_share"):
            first, second, direct = (getattr(getattr(x, figures), name) for x in (ab, bc, ac))
            assert direct <= first + second + 1e-9
            assert direct >= 0


@given(partitions(with_gaps=True), st.data())
def test_tables_add_up(pair, data):
    a, b = pair
    persons = data.draw(weights_of(a))
    agreement = compare_partitions(a, b, persons)

    assert agreement.overlap["n_towns"].sum() == len(a.town_ids)
    assert agreement.overlap["persons"].sum() == sum(persons.values())
    assert len(agreement.areas) == len(a.areas) + len(b.areas)
    assert len(agreement.towns) == len(a.town_ids)
    by_area = agreement.overlap.dropna(subset="area_a").groupby("area_a")["share_of_a"].sum()
    assert by_area.to_numpy() == pytest.approx(1)


@given(partitions(with_gaps=True))
def test_what_is_unchanged_one_way_is_unchanged_the_other(pair):
    agreement = compare_partitions(*pair)
    areas = agreement.areas
    same = areas[areas["change"] == "unchanged"]

    assert (same["jaccard"] == 1).all()
    assert (areas[areas["change"] != "unchanged"]["jaccard"] < 1).all()
    assert (same["partition"] == "a").sum() == (same["partition"] == "b").sum()
