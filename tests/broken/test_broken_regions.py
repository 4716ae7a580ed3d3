"""Each region here is broken in the way its name says, and is refused for exactly that."""

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from comarca.cli import app
from comarca.errors import Fault, RegionError
from comarca.io import check_report, read_region

FOLDER = Path(__file__).parent
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
NAMES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir() and path.name[0] != "_")


def test_every_broken_region_has_its_faults_stated():
    assert sorted(EXPECTED) == NAMES
    assert len(NAMES) >= 35


@pytest.mark.parametrize("name", NAMES)
def test_exactly_the_faults_stated_are_told_together(name):
    expected = [Fault(**fault) for fault in EXPECTED[name]]

    with pytest.raises(RegionError) as refused:
        read_region(FOLDER / name)

    assert list(refused.value.faults) == expected
    for fault in expected:
        assert str(fault) in str(refused.value)


@pytest.mark.parametrize("name", NAMES)
def test_check_tells_the_same_with_exit_code_2(name):
    told = CliRunner().invoke(app, ["check", str(FOLDER / name)])

    assert told.exit_code == 2
    assert not told.exception or isinstance(told.exception, SystemExit)
    for fault in check_report(FOLDER / name).faults:
        assert str(fault) in told.output


def test_check_tells_programs_in_json():
    told = CliRunner().invoke(app, ["check", "--json", str(FOLDER / "faults_in_many_files")])

    assert told.exit_code == 2
    assert json.loads(told.stdout)["faults"] == EXPECTED["faults_in_many_files"]


@pytest.mark.parametrize("name", NAMES)
def test_plan_writes_nothing(name, tmp_path):
    refused = CliRunner().invoke(app, ["plan", str(FOLDER / name), "-o", str(tmp_path / "out")])

    assert refused.exit_code == 2
    assert not refused.exception or isinstance(refused.exception, SystemExit)
    assert "RegionError" in refused.output
    assert list(tmp_path.iterdir()) == []
