"""The gazetteer is walked once and kept; a bad or missing cache costs time, never an answer."""

import os
import stat
import warnings

import pytest

from comarca.io import gazetteer_cache
from comarca.io.gazetteer_cache import GazetteerCacheWarning, cache_directory, world_tables

pytestmark = pytest.mark.usefixtures("gazetteer_cache")


@pytest.fixture
def forgotten(monkeypatch):
    """A fresh start: nothing opened yet in this process."""
    monkeypatch.setattr(gazetteer_cache, "_opened", {})


@pytest.fixture
def no_walk(monkeypatch):
    """Fail when the package behind the gazetteer is walked again."""

    def refuse(progress):
        pytest.fail("the gazetteer was walked although a cache is there")

    monkeypatch.setattr(gazetteer_cache, "_walk", refuse)


@pytest.fixture
def walked(monkeypatch, tmp_path):
    """Another, empty cache directory, filled from tables already read instead of a slow walk."""
    tables = world_tables()
    monkeypatch.setattr(gazetteer_cache, "_walk", lambda progress: tables)
    monkeypatch.setattr(gazetteer_cache, "_opened", {})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tables


def test_a_second_start_reads_the_cache(forgotten, request):
    world_tables()
    request.getfixturevalue("no_walk")
    gazetteer_cache._opened.clear()

    assert world_tables().towns.num_rows > 200_000


def test_the_cache_holds_what_was_walked(walked):
    world_tables()
    gazetteer_cache._opened.clear()

    assert world_tables().towns.equals(walked.towns)
    assert world_tables().divisions.equals(walked.divisions)


def test_nothing_unfinished_is_left_beside_the_cache(walked):
    world_tables()

    assert [path.name for path in cache_directory().parent.iterdir()] == [cache_directory().name]


def test_a_damaged_cache_is_made_again(walked):
    world_tables()
    gazetteer_cache._opened.clear()
    towns = cache_directory() / "towns.arrow"
    towns.write_bytes(towns.read_bytes()[:1_000])

    assert world_tables().towns.equals(walked.towns)
    gazetteer_cache._opened.clear()
    assert gazetteer_cache._read(cache_directory()) is not None


def test_a_cache_with_other_columns_is_made_again(walked):
    world_tables()
    gazetteer_cache._opened.clear()
    other = (cache_directory() / "countries.arrow").read_bytes()
    (cache_directory() / "towns.arrow").write_bytes(other)

    assert world_tables().towns.equals(walked.towns)


def test_a_cache_that_cannot_be_written_is_told_and_not_fatal(walked, monkeypatch, tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a directory")
    monkeypatch.setenv("XDG_CACHE_HOME", str(in_the_way))

    with pytest.warns(GazetteerCacheWarning, match="XDG_CACHE_HOME"):
        assert world_tables().towns.num_rows == walked.towns.num_rows


def test_a_cache_that_can_be_written_warns_of_nothing(walked):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        world_tables()


@pytest.mark.skipif(os.name == "nt", reason="permissions work otherwise there")
@pytest.mark.skipif(os.name != "nt" and os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_cache_directory_is_told(walked, tmp_path):
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)

    with pytest.warns(GazetteerCacheWarning):
        world_tables()


def test_the_cache_follows_the_package_version(monkeypatch):
    before = cache_directory()
    monkeypatch.setattr(gazetteer_cache, "installed_version", lambda: "9.9.9")

    assert cache_directory() != before
