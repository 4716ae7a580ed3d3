"""What a slip of the pen may explain."""

import pytest

from comarca.model.suspicious import slip_of


@pytest.mark.parametrize(
    ("persons", "expected", "slip"),
    [
        (5_808, 60_965, "a digit lost"),  # the source paper's 5 808 for 57,808
        (578_080, 60_965, "a digit too many"),
        (58, 57_000, "told in thousands"),
        (17_808, 71_000, "two digits exchanged"),
        (17_808, 47_000, "one digit wrong"),
        (12_345, 300, ""),
    ],
)
def test_slips_are_recognised(persons, expected, slip):
    assert slip_of(persons, expected) == slip


def test_nobody_is_no_slip():
    assert slip_of(0, 57_000) == ""
