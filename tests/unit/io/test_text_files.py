"""CSV files as Excel writes them in Mexico, Germany and Russia, and as nobody can read them."""

import pytest

from comarca.errors import RegionError
from comarca.io import check_report, read_region

PLAIN = 'name = "Sierra"\n'


def region_of(folder, towns: bytes, toml: str = PLAIN, **tables: bytes):
    folder.mkdir(exist_ok=True)
    (folder / "region.toml").write_text(toml, encoding="utf-8")
    (folder / "towns.csv").write_bytes(towns)
    for name, content in tables.items():
        (folder / f"{name}.csv").write_bytes(content)
    return folder


def towns_text(name: str, *, separator: str = ",", decimal: str = ".", newline: str = "\n") -> str:
    rows = [
        ["town_id", "name", "lat", "lon", "population"],
        ["01001", name, "17.25", "-96.5", "1200"],
        ["20039", "Otra", "17.5", "-96.75", "800"],
    ]
    head, *body = rows
    lines = [separator.join(head)]
    lines += [separator.join([r[0], r[1], *(v.replace(".", decimal) for v in r[2:])]) for r in body]
    return newline.join(lines) + newline


@pytest.mark.parametrize(
    ("name", "country", "encoding", "separator", "decimal"),
    [
        ("León", "MX", "utf-8", ",", "."),
        ("León", "MX", "utf-8-sig", ",", "."),
        ("León", "MX", "cp1252", ",", "."),
        ("Görlitz", "DE", "cp1252", ";", ","),
        ("Görlitz", "DE", "utf-8-sig", ";", ","),
        ("Görlitz", "DE", "utf-16", "\t", ","),
        ("Ревда", "RU", "cp1251", ";", ","),
        ("Ревда", "RU", "utf-8", ";", ","),
        ("Ревда", "RU", "utf-16", "\t", ","),
        ("Łódź", "PL", "cp1250", ";", ","),
        ("松江", "JP", "cp932", ",", "."),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_files_as_spreadsheets_of_many_countries_write_them(
    tmp_path, name, country, encoding, separator, decimal, newline
):
    text = towns_text(name, separator=separator, decimal=decimal, newline=newline)
    toml = f'name = "Sierra"\ncountry = "{country}"\n'

    towns = read_region(region_of(tmp_path / "r", text.encode(encoding), toml)).towns

    assert list(towns.index) == ["01001", "20039"]
    assert towns["name"].tolist() == [name, "Otra"]
    assert towns["lat"].tolist() == [17.25, 17.5]
    assert towns["lon"].tolist() == [-96.5, -96.75]


def test_a_code_page_taken_from_the_country_is_told_as_a_warning(tmp_path):
    toml = 'name = "Sierra"\ncountry = "MX"\n'
    region = read_region(region_of(tmp_path / "r", towns_text("León").encode("cp1252"), toml))

    assert ["cp1252" in warning.value for warning in region.warnings] == [True]


def test_an_encoding_that_the_settings_name_wins_over_the_country(tmp_path):
    toml = 'name = "Sierra"\ncountry = "RU"\nencoding = "mac-cyrillic"\n'
    region = read_region(
        region_of(tmp_path / "r", towns_text("Ревда").encode("mac-cyrillic"), toml)
    )

    assert region.name_of("01001") == "Ревда"
    assert region.warnings == ()


def test_latin_names_read_as_cyrillic_are_refused(tmp_path):
    """``León`` in cp1252 would be ``Leуn`` with a Cyrillic у in cp1251: two scripts in a word."""
    toml = 'name = "Sierra"\ncountry = "RU"\n'
    with pytest.raises(RegionError, match="Leуn"):
        read_region(region_of(tmp_path / "r", towns_text("León").encode("cp1252"), toml))


@pytest.mark.parametrize("first", ["sep=;\r\n", '"sep=;"\r\n'])
def test_excels_separator_line_is_heeded_and_lines_still_count_from_the_file(tmp_path, first):
    text = first + towns_text("Leon", separator=";", newline="\r\n").replace("1200", "-1")
    report = check_report(region_of(tmp_path / "r", text.encode()))

    assert [fault.place for fault in report.faults] == ["towns.csv line 3"]


def test_a_line_break_inside_quotes_does_not_shift_the_lines(tmp_path):
    facilities = (
        b"facility_id,town_id,floor_m2,condition,renovation_cost,former_use\n"
        b'a,01001,10,good,5,"mill, and\nstore"\n'
        b"b,01001,-10,good,5,\n"
    )
    folder = region_of(tmp_path / "r", towns_text("Leon").encode(), facilities=facilities)

    places = [fault.place for fault in check_report(folder).faults]

    assert places == ["facilities.csv line 2", "facilities.csv line 4"]


@pytest.mark.parametrize(
    ("written", "persons"),
    [
        ("12 500", 12_500),
        ("12\u00a0500", 12_500),
        ("12\u202f500", 12_500),
        ("12'500", 12_500),
        ("1.234.567", 1_234_567),
        ("12500,0", 12_500),
        ("1,25E+04", 12_500),
        ("+12500", 12_500),
    ],
)
def test_thousands_that_can_be_read_in_one_way_are_read(tmp_path, written, persons):
    text = towns_text("Leon", separator=";", decimal=",").replace("1200", written)
    region = read_region(region_of(tmp_path / "r", text.encode()))

    assert region.towns["population"].iloc[0] == persons


def test_a_decimal_mark_settled_by_one_number_holds_for_the_file(tmp_path):
    """``17,250`` alone could be a thousand; beside ``17,5`` it cannot."""
    text = towns_text("Leon", separator=";", decimal=",").replace("17,25;", "17,250;")

    assert read_region(region_of(tmp_path / "r", text.encode())).towns["lat"].iloc[0] == 17.25


@pytest.mark.parametrize("written", ["1.234", "12.500"])
def test_a_point_in_a_file_with_decimal_commas_is_refused(tmp_path, written):
    text = towns_text("Leon", separator=";", decimal=",").replace("1200", written)

    with pytest.raises(RegionError, match="one reading"):
        read_region(region_of(tmp_path / "r", text.encode()))


def test_a_decimal_mark_that_the_settings_name_settles_thousands(tmp_path):
    text = towns_text("Leon", separator=";", decimal=",").replace("1200", "12.500")
    toml = PLAIN + 'decimal = ","\n'

    region = read_region(region_of(tmp_path / "r", text.encode(), toml))

    assert region.towns["population"].iloc[0] == 12_500


def test_missing_is_not_zero(tmp_path):
    text = (
        "town_id,name,lat,lon,population,jobs\n"
        "a,A,17,-96,100,\nb,B,17.5,-96,100,0\nc,C,18,-96,5,NA\n"
    )
    jobs = read_region(region_of(tmp_path / "r", text.encode())).towns["jobs"]

    assert jobs.isna().tolist() == [True, False, True]
    assert jobs.iloc[1] == 0


def test_a_town_may_be_called_na(tmp_path):
    text = towns_text("NA").replace("01001", "NA")

    region = read_region(region_of(tmp_path / "r", text.encode()))

    assert region.town_ids == ("NA", "20039")
    assert region.name_of("NA") == "NA"


def test_headers_may_be_written_in_capitals_with_blanks_around(tmp_path):
    text = towns_text("Leon").replace("population", " Population ").replace("town_id", "TOWN_ID")

    assert read_region(region_of(tmp_path / "r", text.encode())).n_towns == 2


def test_columns_of_ones_own_are_told_or_marked(tmp_path):
    text = "town_id,name,lat,lon,population,mayor,x_colour,_note\n" + (
        "a,A,17,-96,100,Ann,red,n\nb,B,17.5,-96,100,Bob,blue,\n"
    )
    region = read_region(region_of(tmp_path / "r", text.encode()))

    assert [warning.value for warning in region.warnings] == ['"mayor"']


def test_blank_lines_and_trailing_separators_are_no_fault(tmp_path):
    text = towns_text("Leon").replace("\n", ",,\n") + "\n,,,,,,\n"

    assert read_region(region_of(tmp_path / "r", text.encode())).n_towns == 2


def test_an_optional_table_without_rows_is_a_table_nobody_filled(tmp_path):
    folder = region_of(
        tmp_path / "r", towns_text("Leon").encode(), flows=b"origin,destination,persons\n"
    )

    assert read_region(folder).table("flows") is None


def test_an_empty_region_file_is_told_to_lack_the_name(tmp_path):
    with pytest.raises(RegionError) as caught:
        read_region(region_of(tmp_path / "r", towns_text("Loma").encode(), toml=""))

    assert [(f.place, f.object) for f in caught.value.faults] == [("region.toml", "name")]


def test_a_file_nobody_may_read_is_a_fault(tmp_path, monkeypatch):
    folder = region_of(tmp_path / "r", towns_text("Loma").encode())

    def held(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.read_bytes", held)

    with pytest.raises(RegionError, match=r"towns.csv: the file is not readable"):
        read_region(folder)


def test_a_table_that_is_a_folder_or_a_dead_link_is_a_fault(tmp_path):
    folder = region_of(tmp_path / "r", towns_text("Loma").encode())
    (folder / "flows.csv").mkdir()
    (folder / "labour.csv").symlink_to(folder / "nowhere.csv")

    with pytest.raises(RegionError) as caught:
        read_region(folder)

    assert [fault.place for fault in caught.value.faults] == ["flows.csv", "labour.csv"]
