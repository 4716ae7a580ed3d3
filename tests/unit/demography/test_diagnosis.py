"""Growth, size classes and suspicious counts."""

import pandas as pd
import pytest

from comarca.demography import DiagnosisParams, diagnose
from comarca.errors import ParameterError
from comarca.examples import four_towns, oaxaca
from comarca.model.region import Region, typed_frame


def region_with(counts, population=(1_000, 2_000)):
    towns = pd.DataFrame(
        {
            "town_id": ["ash", "birch"],
            "name": ["Ash", "Birch"],
            "lat": [47.0, 47.1],
            "lon": [20.0, 20.1],
            "population": list(population),
        }
    )
    rows = pd.DataFrame(counts, columns=["town_id", "year", "persons", "basis"])
    return Region(
        name="Pair",
        towns=typed_frame("towns", towns),
        tables={"population": typed_frame("population", rows)} if counts else {},
    )


def test_the_growth_of_the_source_papers_three_university_towns():
    """Printed there as 1.96, 1.85 and 1.54 from 1990 to 2015."""
    growth = diagnose(oaxaca()).growth

    assert growth["growth_multiple"].round(2).tolist() == [1.85, 1.54, 1.96]
    assert growth["annual_rate"].round(4).tolist() == [0.0249, 0.0175, 0.0274]
    assert growth["basis"].unique().tolist() == ["municipality"]


def test_the_misprint_of_the_source_paper_is_the_only_suspicious_count():
    suspicious = diagnose(oaxaca()).suspicious

    assert suspicious[["year", "persons"]].to_numpy().tolist() == [[2005, 5_808]]
    # Half way between 53,219 and 69,839: the geometric mean; the true figure was 57,808.
    assert suspicious["expected_persons"].tolist() == [pytest.approx((53_219 * 69_839) ** 0.5)]


def test_a_suspicious_count_is_left_out_only_when_told():
    years = {"year_from": 2000, "year_to": 2005}
    kept = diagnose(oaxaca(), DiagnosisParams(**years)).growth
    left_out = diagnose(oaxaca(), DiagnosisParams(**years, excludes_suspicious=True)).growth

    huajuapan = kept.set_index("town_id").loc["3527023"]
    assert huajuapan["growth_multiple"] == pytest.approx(5_808 / 53_219)
    assert "3527023" not in set(left_out["town_id"])
    assert len(left_out) == 2


def test_growth_of_four_towns_between_any_two_years():
    whole = diagnose(four_towns()).growth.set_index("town_id")["growth_multiple"]
    decade = diagnose(four_towns(), DiagnosisParams(year_from=2010)).growth

    assert whole.to_dict() == {"ash": 1.25, "birch": 0.78125, "cedar": 0.75, "dale": 1.25}
    assert decade["year_from"].unique().tolist() == [2010]
    assert decade["growth_multiple"].iloc[0] == pytest.approx(40 / 36)


def test_series_of_different_bases_are_never_compared():
    region = region_with([("ash", 2000, 100, "locality"), ("ash", 2010, 300, "municipality")])

    assert diagnose(region).growth.empty


def test_the_longer_series_speaks_unless_a_basis_is_named():
    counts = [
        ("ash", 1990, 100, "municipality"),
        ("ash", 2010, 400, "municipality"),
        ("ash", 2000, 100, "locality"),
        ("ash", 2010, 150, "locality"),
    ]

    assert diagnose(region_with(counts)).growth["growth_multiple"].tolist() == [4.0]
    by_locality = diagnose(region_with(counts), DiagnosisParams(basis="locality")).growth
    assert by_locality["growth_multiple"].tolist() == [1.5]


def test_parts_are_never_counted_as_totals():
    growth = diagnose(four_towns(), DiagnosisParams(year_from=2010, year_to=2020)).growth

    assert growth.set_index("town_id").loc["birch", "persons_to"] == 5_000


def test_growth_from_nobody_has_no_multiple():
    growth = diagnose(region_with([("ash", 2000, 0, None), ("ash", 2010, 50, None)])).growth

    assert growth["growth_multiple"].isna().tolist() == [True]


def test_a_year_that_nobody_counted_is_refused():
    with pytest.raises(ParameterError, match="1999"):
        diagnose(four_towns(), DiagnosisParams(year_from=1999))


def test_years_out_of_order_are_refused():
    with pytest.raises(ParameterError, match=r"2010; expected a year before year_to \(2000\)"):
        DiagnosisParams(year_from=2010, year_to=2000)


def test_a_region_without_counts_still_has_size_classes():
    diagnosis = diagnose(region_with([], population=(9_999, 10_000)))

    assert diagnosis.growth.empty
    assert dict(diagnosis.size_class_of) == {"ash": "under 10,000", "birch": "10,000 to 22,000"}
    assert "2 towns" in diagnosis.summary()


@pytest.mark.parametrize(
    ("persons", "name"),
    [(0, "under 10"), (10, "10 to 20"), (19, "10 to 20"), (20, "20 and more")],
)
def test_a_town_at_a_threshold_belongs_above_it(persons, name):
    params = DiagnosisParams(size_thresholds=(10, 20))

    diagnosis = diagnose(region_with([], population=(persons, 5)), params)

    assert diagnosis.size_class_of["ash"] == name


def test_growth_by_size_class_covers_every_town():
    by_size = diagnose(four_towns()).growth_by_size.set_index("size_class")

    assert by_size["n_towns"].sum() == 4
    assert by_size["people"].sum() == 68_000
    small = by_size.loc["under 10,000"]
    assert (small["lowest_multiple"], small["highest_multiple"]) == (0.75, 0.78125)


def test_the_summary_names_what_to_doubt_and_why():
    summary = diagnose(oaxaca()).summary()

    assert "Huajuapan de León 2005, 5,808 persons" in summary
    assert "more than 3 times" in summary
