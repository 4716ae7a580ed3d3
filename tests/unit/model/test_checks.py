"""Rules that one cell cannot show."""

import pytest

from comarca.model.checks import check_tables
from comarca.model.numbers import number_from, reading_of
from comarca.model.raw import RawTable


def table(name: str, text: str) -> RawTable:
    """A raw table of the lines of a small CSV text."""
    header, *rows = [line.split(",") for line in text.strip().splitlines()]
    columns = {column: [row[at] for row in rows] for at, column in enumerate(header)}
    return RawTable(
        table=name,
        place=f"{name}.csv",
        columns=columns,
        lines=range(2, len(rows) + 2),
        likely_decimal=".",
    )


def found(*tables):
    _, findings = check_tables(tables)
    return (
        [f"{f.object} is {f.value}" for f in findings.faults],
        [f"{w.object} is {w.value}" for w in findings.warnings],
    )


def towns(places=((47.0, 20.0), (47.1, 20.1), (47.2, 20.2), (47.3, 20.3))):
    rows = [f"t{n},T{n},{lat},{lon},9000" for n, (lat, lon) in enumerate(places)]
    return table("towns", "town_id,name,lat,lon,population\n" + "\n".join(rows))


def counts(rows: str):
    text = "town_id,year,sex,age_from,age_to,persons,basis\n" + rows.replace(" ", "\n")
    return table("population", text)


def test_parts_that_add_up_are_no_fault():
    rows = "t0,2020,,,,100, t0,2020,female,,,60, t0,2020,male,,,40, t0,2020,male,0,9,10, "
    rows += "t0,2020,male,10,,30, t0,2020,,0,19,25, t0,2020,,20,,75,"

    assert found(towns(), counts(rows)) == ([], [])


def test_bands_with_a_gap_may_stay_below_the_total_but_not_exceed_it():
    below = "t0,2020,,,,100, t0,2020,,0,4,50, t0,2020,,60,,50,"
    above = "t0,2020,,,,100, t0,2020,,0,4,50, t0,2020,,60,,51,"

    assert found(towns(), counts(below))[0] == []
    assert found(towns(), counts(above))[0] == ["persons of t0 2020 is 100"]


def test_sexes_known_by_their_ages_alone_are_set_against_the_total():
    rows = "t0,2020,,,,100, t0,2020,female,0,,60, t0,2020,male,0,19,20, t0,2020,male,20,,21,"

    assert found(towns(), counts(rows))[0] == ["persons of t0 2020 is 100"]


def test_one_sex_may_not_exceed_both():
    assert found(towns(), counts("t0,2020,,,,100, t0,2020,male,,,101,"))[0] == [
        "persons of t0 2020 is 100"
    ]


def test_counts_of_another_basis_are_never_compared():
    rows = "t0,2020,,,,100,municipality t0,2020,female,,,60,locality t0,2020,male,,,60,locality"
    series = "t0,2000,,,,90000,municipality t0,2010,,,,9000,locality t0,2020,,,,95000,municipality"

    assert found(towns(), counts(rows)) == ([], [])
    assert found(towns(), counts(series)) == ([], [])


def test_a_count_given_for_both_bases_is_no_repetition():
    rows = "t0,2020,,,,100,municipality t0,2020,,,,60,locality"

    assert found(towns(), counts(rows)) == ([], [])


@pytest.mark.parametrize("at", range(4))
def test_a_swapped_town_is_found_wherever_it_stands(at):
    places = [(47.0, 20.0), (47.1, 20.1), (47.2, 20.2), (47.3, 20.3)]
    places[at] = places[at][::-1]

    faults, _ = found(towns(places))

    assert faults == [f"place of t{at} is {places[at][0]:g}, {places[at][1]:g}"]


@pytest.mark.parametrize(
    "places",
    [
        [(-17.5, 179.9), (-17.6, -179.9), (-17.7, 179.8), (-16.0, -179.0)],  # across the date line
        [(45.0, 45.1), (45.1, 45.0), (44.9, 45.2), (45.2, 44.9)],  # lat and lon alike
        [(47.0, 20.0), (47.1, 20.1), (47.2, 20.2), (-33.0, 151.0)],  # far, but not swapped
        [(55.7, 37.6), (56.8, 60.6), (43.1, 131.9), (54.7, 20.5)],  # a country of eleven zones
    ],
)
def test_towns_that_are_not_swapped_are_left_alone(places):
    assert found(towns(places))[0] == []


def test_two_towns_in_one_place_are_a_warning():
    places = [(47.0, 20.0), (47.1, 20.1), (47.0, 20.0)]

    assert found(towns(places)) == ([], ["place of t2 is 47, 20, the same as of t0"])


def test_names_may_repeat():
    text = "town_id,name,lat,lon,population\na,San Juan,17,-96,5\nb,San Juan,17.1,-96,6"

    assert found(table("towns", text)) == ([], [])


def test_text_decoded_twice_is_told():
    text = "town_id,name,lat,lon,population\na,LeÃ³n,17,-96,5\nb,Ñuñoa,17.1,-96,6"
    _, findings = check_tables([table("towns", text)])

    assert [warning.expectation for warning in findings.warnings] == [
        'perhaps "León"; left as it is'
    ]


def test_one_spoilt_cell_gives_one_fault():
    """What cannot be read is not also judged by the rules that need it."""
    text = "town_id,name,lat,lon,population,labour_force,unemployed\n"
    text += "a,A,17,-96,5,x,9\nb,B,17.1,-96,6,5,1"

    assert found(table("towns", text))[0] == ['labour_force of a is "x"']


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("12", "whole"),
        ("-12", "whole"),
        ("1.5", "."),
        ("1,5", ","),
        ("0.125", "."),
        ("0,125", ","),
        ("1234.567", "."),
        ("1.234", "one point"),
        ("1,234", "one comma"),
        ("1,234.5", "."),
        ("1.234,5", ","),
        ("1.234.567", ","),
        ("1 234,567", ","),
        ("\u22125,5", ","),
        ("1.2E+05", "."),
        ("12,34,56", "none"),
        ("1.2.3", "none"),
        ("12 %", "none"),
        ("5 000 0", "none"),
        ("٣", "none"),
        ("1_000", "none"),
        ("0x1F", "none"),
        ("inf", "none"),
        ("", "none"),
    ],
)
def test_which_decimal_mark_a_number_settles(text, reading):
    assert reading_of(text) == reading


@pytest.mark.parametrize(
    ("text", "mark", "is_declared", "value"),
    [
        ("1.234", ".", False, 1.234),
        ("1.234", ",", False, None),
        ("1.234", ",", True, 1234),
        ("1.234", None, False, None),
        ("1,234", ",", False, 1.234),
        ("1.234.567,5", ",", False, 1234567.5),
        ("\u22121 234,5", ",", False, -1234.5),
    ],
)
def test_a_number_is_read_in_one_way_or_not_at_all(text, mark, is_declared, value):
    assert number_from(text, mark, is_declared=is_declared) == value


def test_columns_exchanged_throughout_are_found_by_the_country():
    """Germany lies between 47 and 55 degrees north; three towns at 13 north, 52 east do not."""
    german = table(
        "towns",
        "town_id,name,lat,lon,population\na,A,13.4,52.5,9\nb,B,11.6,48.1,9\nc,C,10.0,53.6,9",
    )
    _, findings = check_tables([german], country_box=(47.4, 55.0, 6.0, 15.0))

    assert [fault.object for fault in findings.faults] == ["the pair of columns lat and lon"]
    assert check_tables([german])[1].faults == []


def test_a_town_just_over_the_border_is_no_fault():
    danish = "town_id,name,lat,lon,population\na,A,55.7,12.6,9\nb,B,54.8,9.4,9\nc,C,53.6,10,9"

    assert (
        check_tables([table("towns", danish)], country_box=(47.4, 55.0, 6.0, 15.0))[1].faults == []
    )


def test_a_world_of_ones_own_is_no_exchange():
    """Off the country, but not in it with lat and lon exchanged either."""
    assert check_tables([towns()], country_box=(14.5, 32.7, -117.2, -86.7))[1].faults == []


def test_towns_nobody_is_counted_in_are_told_once():
    flows = table("flows", "origin,destination,persons\nt0,t1,5\nt1,t1,0\nt2,t2,7\n")

    _, warnings = found(towns(), flows)

    assert warnings == ["daily flows is without anybody who lives in t1, t3"]


def test_flows_that_count_every_home_are_not_suspicious():
    flows = table("flows", "origin,destination,persons\nt0,t1,5\nt1,t0,1\nt2,t2,7\nt3,t3,1\n")

    assert found(towns(), flows) == ([], [])


def test_more_workers_than_residents_are_told_and_totals_never_added_to_parts():
    rows = "t0,t1,,9001\nt1,t1,basic,5000\nt1,t1,,8000\nt2,t2,,1\nt3,t3,,1\n"
    flows = table("flows", "origin,destination,skill,persons\n" + rows)

    assert found(towns(), flows) == ([], ["daily workers who live in t0 is 9,001"])
