"""Each lone table or map here is broken in the way its name says, and refused for exactly that."""

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from comarca.cli import app
from comarca.errors import Fault, TableError
from comarca.io import read_contiguity, read_flow_table, read_towns, read_zones

FOLDER = Path(__file__).parent / "_tables"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
COMPANIONS = (".dbf", ".shx")  # of a Shapefile
NAMES = sorted(
    f"{path.parent.name}/{path.name}"
    for path in FOLDER.glob("*/*")
    if path.suffix not in COMPANIONS
)
READERS = {
    "flows": read_flow_table,
    "neighbours": read_contiguity,
    "towns": read_towns,
    "zones": read_zones,
}


def read(name):
    """Read a file by the reader of its kind, with the options that stand beside its faults."""
    options = dict(EXPECTED[name].get("options", {}))
    if "towns" in options:
        options["towns"] = read_towns(FOLDER / options["towns"])
    return READERS[name.partition("/")[0]](FOLDER / name, **options)


def test_every_broken_file_has_its_faults_stated():
    assert sorted(EXPECTED) == NAMES
    assert len(NAMES) >= 60


@pytest.mark.parametrize("name", NAMES)
def test_exactly_the_faults_stated_are_told_together(name):
    expected = [Fault(**fault) for fault in EXPECTED[name]["faults"]]

    with pytest.raises(TableError) as refused:
        read(name)

    assert list(refused.value.faults) == expected
    assert refused.value.n_faults == EXPECTED[name].get("n_faults", len(expected))
    for fault in expected:
        assert str(fault) in str(refused.value)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("flows/")])
def test_areas_of_broken_flows_end_with_exit_code_2_and_nothing_written(name, tmp_path):
    towns = EXPECTED[name].get("options", {}).get("towns")
    listed = [] if towns is None else ["--towns", str(FOLDER / towns)]

    refused = CliRunner().invoke(
        app, ["areas", str(FOLDER / name), "-o", str(tmp_path / "areas.csv"), *listed]
    )

    assert refused.exit_code == 2
    assert not refused.exception or isinstance(refused.exception, SystemExit)
    for fault in EXPECTED[name]["faults"]:
        assert str(Fault(**fault)) in refused.output
    assert list(tmp_path.iterdir()) == []
