"""What tests of reading and writing share."""

import pytest


@pytest.fixture(scope="session")
def gazetteer_cache(tmp_path_factory):
    """A cache of the gazetteer of its own, so that no test touches the user's; made once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
