"""A user's own rules: read, or refused with every fault and its line."""

from importlib.resources import files

import pytest

from comarca.errors import TableError
from comarca.io.status_rule_files import read_status_rules
from comarca.model.status_rule_tables import default_rule_sets

FAULTY = """\
surprise = 1

[[rule_set]]
id = "A"
country = "Russia"
valid_from = "soon"

[[rule_set.criterion]]
id = "people"
measure = "populaton"
above = 3000

[[rule_set.criterion]]
id = "jobs"
measure = "main_employer_share_of_jobs"

[[rule_set.criterion]]
id = "jobs"
measure = "outlook"
above = 1
wrong = 2

[[rule_set.admission]]
criteria = ["people"]
at_least = 2

[[rule_set]]
id = "B"
country = "RU"
valid_from = 2020-01-01

[[rule_set.criterion]]
id = "people"
measure = "population"
above = 3000

[[rule_set.admission]]
criteria = ["peple"]
"""


def test_our_own_file_can_be_taken_as_a_pattern(tmp_path):
    text = (files("comarca.defaults") / "single_industry.toml").read_text(encoding="utf-8")
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")

    assert read_status_rules(path) == default_rule_sets()


def test_every_fault_is_told_with_its_line(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_text(FAULTY, encoding="utf-8")

    with pytest.raises(TableError) as caught:
        read_status_rules(path)

    told = {(fault.place, fault.object) for fault in caught.value.faults}
    assert told == {
        ("rules.toml line 1", "surprise"),
        ("rules.toml line 5", "rule_set 1 country"),
        ("rules.toml line 6", "rule_set 1 valid_from"),
        ("rules.toml line 10", "rule_set 1 criterion 1 measure"),
        ("rules.toml line 13", "rule_set 1 criterion 2 main_employer_share_of_jobs"),
        ("rules.toml line 21", "rule_set 1 criterion 3 wrong"),
        ("rules.toml line 25", "rule_set 1 admission 1 at_least"),
        ("rules.toml line 38", "rule_set 2 admission 1 criteria"),
    }
    assert "nearest is people" in str(caught.value)
    assert "population, the nearest" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[[rule_set", "not TOML"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"", r"one table \[\[rule_set\]\] or more"),
        (
            b"[[rule_set]]\nid = 'A'\ncountry = 'RU'\nvalid_from = 2020-01-01\n",
            "criterion is missing",
        ),
        (b"rule_set = 3\n", r"\[\[rule_set\]\]"),
    ],
)
def test_what_is_no_file_of_rules(tmp_path, content, expected):
    path = tmp_path / "rules.toml"
    path.write_bytes(content)

    with pytest.raises(TableError, match=expected):
        read_status_rules(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(TableError, match="not readable"):
        read_status_rules(tmp_path / "none.toml")
