"""Results appear whole or not at all."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from comarca.errors import OutputError, RouterError
from comarca.writing import refuse_unwritable, written_files, written_whole


def test_results_replace_their_forerunners_and_leave_other_files(tmp_path: Path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "plan.json").write_text("old")
    (out / "notes-of-the-mayor.txt").write_text("mine")

    with written_whole(out) as unfinished:
        (unfinished / "plan.json").write_text("new")
        assert (out / "plan.json").read_text() == "old"

    assert (out / "plan.json").read_text() == "new"
    assert (out / "notes-of-the-mayor.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def _break_off(out: Path, mishap: type[BaseException]) -> None:
    with written_whole(out) as unfinished:
        (unfinished / "plan.json").write_text("half")
        raise mishap


@pytest.mark.parametrize("mishap", [KeyboardInterrupt, ValueError])
def test_an_interrupted_run_leaves_the_old_results_whole(tmp_path: Path, mishap: type):
    out = tmp_path / "out"
    out.mkdir()
    (out / "plan.json").write_text("old")

    with pytest.raises(mishap):
        _break_off(out, mishap)

    assert (out / "plan.json").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_first_run_that_fails_leaves_nothing(tmp_path: Path):
    with pytest.raises(ValueError, match="mishap"), written_whole(tmp_path / "a" / "out"):
        raise ValueError("mishap")

    assert not (tmp_path / "a" / "out").exists()


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path):
    (tmp_path / "out").write_text("a file")

    with pytest.raises(OutputError, match="is a file"), written_whole(tmp_path / "out"):
        pass


def test_results_are_collected_on_the_disk_of_the_folder_that_takes_them(tmp_path: Path):
    """A folder may be a disk of its own, into which nothing can be renamed from outside."""
    out = tmp_path / "out"
    out.mkdir()

    with written_whole(out) as unfinished:
        assert unfinished.parent == out
        (unfinished / "plan.json").write_text("new")

    assert [path.name for path in out.iterdir()] == ["plan.json"]


def test_results_may_go_into_the_folder_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    with written_whole(Path()) as unfinished:
        (unfinished / "plan.json").write_text("new")

    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_a_result_that_cannot_be_replaced_is_told(tmp_path: Path):
    (tmp_path / "out" / "plan.json").mkdir(parents=True)

    with pytest.raises(OutputError, match=r"plan\.json is a folder"):
        _write_one(tmp_path / "out")

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["plan.json"]


def _write_one(out: Path) -> None:
    with written_whole(out) as unfinished:
        (unfinished / "plan.json").write_text("new")


def test_a_result_that_cannot_be_replaced_leaves_the_others_as_they_were(tmp_path: Path):
    out = tmp_path / "out"
    (out / "plan.xlsx").mkdir(parents=True)
    (out / "areas.csv").write_text("old")

    def written() -> None:
        with written_whole(out) as unfinished:
            (unfinished / "areas.csv").write_text("new")
            (unfinished / "plan.xlsx").write_text("new")

    with pytest.raises(OutputError, match="is a folder"):
        written()

    assert (out / "areas.csv").read_text() == "old"


def test_a_file_in_place_of_a_folder_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")

    with pytest.raises(OutputError, match=r"file is a file; expected a folder"):
        _write_one(tmp_path / "file" / "out")
    with pytest.raises(OutputError, match=r"file is a file; expected a folder"):
        refuse_unwritable(tmp_path / "file" / "deeper" / "s.json")


def test_a_place_is_tried_without_a_trace(tmp_path: Path):
    refuse_unwritable(tmp_path / "s.json")

    assert list(tmp_path.iterdir()) == []


FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    "mishap",
    [FULL, sqlite3.OperationalError("database or disk is full"), RuntimeError("disk I/O error")],
)
def test_a_full_disk_is_told_of_the_results_however_deep_they_are_written(
    tmp_path: Path, mishap: Exception
):
    out = tmp_path / "out"

    with (
        pytest.raises(OutputError) as refused,
        written_whole(out) as unfinished,
        written_whole(unfinished / "deeper"),
    ):
        raise mishap

    assert str(refused.value) == f"{out} cannot be written: No space left on device."
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_of_the_file(tmp_path: Path):
    with pytest.raises(OutputError) as refused, written_files([tmp_path / "s.json"]):
        raise FULL

    assert (
        str(refused.value) == f"{tmp_path / 's.json'} cannot be written: No space left on device."
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "mishap",
    [
        FileNotFoundError(errno.ENOENT, "No such file", "roads.csv"),
        BrokenPipeError(errno.EPIPE, "Broken pipe"),
        RouterError("no answer"),
        RuntimeError("no idea"),
    ],
)
def test_what_else_goes_wrong_while_results_are_made_is_not_told_of_them(
    tmp_path: Path, mishap: Exception
):
    with pytest.raises(type(mishap)) as raised, written_whole(tmp_path / "out"):
        raise mishap

    assert raised.value is mishap
