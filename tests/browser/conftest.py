"""What tests in a browser share."""

import pytest

from browsing import Visit


@pytest.fixture
def visit(chromium, tmp_path):
    """Opens a page and says what it reported, and every address it asked for."""
    return Visit(chromium, tmp_path)
