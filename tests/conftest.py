"""What every test may use: the shared reference data, a browser, and settled random draws."""

import os
import shutil
from pathlib import Path

import hypothesis
import pytest

REPOSITORY = Path(__file__).resolve().parents[1]

# The same draws on every machine: a red test here is a red test there.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
# A deliberate hunt: HYPOTHESIS_PROFILE=hunt make test
hypothesis.settings.register_profile("hunt", max_examples=2_000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def repository_dir() -> Path:
    """The checkout the tests run from."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """
    The reference data that lies beside the checkout, or where COMARCA_SHARED points.

    A test that asks for it is skipped where the data is absent, so a lone clone passes.
    """
    named = os.environ.get("COMARCA_SHARED")
    place = Path(named) if named else REPOSITORY.parent / "shared"
    if not (place / "reference").is_dir():
        pytest.skip(f"no reference data in {place}; set COMARCA_SHARED to the folder that holds it")
    return place


@pytest.fixture(scope="session")
def chromium() -> str:
    """
    Path of a Chromium.

    Run it with ``--headless --no-sandbox`` and a ``--user-data-dir`` under ``tmp_path``.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip(f"no browser on this machine (none of {', '.join(names)})")
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test by what it asks for, so that ``-m shared`` picks them all."""
    for item in items:
        asked = getattr(item, "fixturenames", ())
        if "shared_dir" in asked:
            item.add_marker(pytest.mark.shared)
        if "chromium" in asked:
            item.add_marker(pytest.mark.browser)
