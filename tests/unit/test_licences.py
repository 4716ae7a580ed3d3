"""What a user installs with Comarca may be used under the MIT licence's terms."""

import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import comarca

# The GNU GPL and AGPL, in words or by identifier; the LGPL is not meant.
COPYLEFT = re.compile(
    r"(?<![A-Za-z])A?GPL|(?<!Lesser )General Public License|Affero", re.IGNORECASE
)

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements"


def left_out() -> set[str]:
    """What dependencies ask for and `make` does not install, since Comarca never imports it."""
    lines = (REQUIREMENTS / "left-out.txt").read_text(encoding="utf-8").splitlines()
    names = (line.partition("#")[0].strip() for line in lines)
    return {canonicalize_name(name) for name in names if name}


def runtime_packages() -> dict[str, Distribution]:
    """Comarca's dependencies and theirs, as `make` installs them."""
    without = left_out()
    found: dict[str, Distribution] = {}
    ahead = ["comarca"]
    while ahead:
        package = distribution(ahead.pop())
        for line in package.requires or []:
            wanted = Requirement(line)
            name = canonicalize_name(wanted.name)
            applies = wanted.marker is None or wanted.marker.evaluate({"extra": ""})
            if applies and name not in found and name not in without:
                found[name] = distribution(name)
                ahead.append(name)
    return found


def licence_of(package: Distribution) -> str:
    """The licence as the package's metadata state it; the first line where it is a whole text."""
    stated = package.metadata
    classifiers = [c for c in stated.get_all("Classifier") or [] if c.startswith("License ::")]
    free_text = (stated["License"] or "").strip().partition("\n")[0]
    return "; ".join(filter(None, [stated["License-Expression"], free_text, *classifiers]))


def is_copyleft(licence: str) -> bool:
    """Whether every choice the licence leaves is the GPL or the AGPL."""
    return all(COPYLEFT.search(choice) for choice in re.split(r"\bOR\b", licence))


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("MIT", False),
        ("LGPL-2.1-or-later", False),
        ("GNU Lesser General Public License v3", False),
        ("MIT OR GPL-3.0-only", False),
        ("GPL-2.0-or-later", True),
        ("AGPLv3", True),
        ("GNU Affero General Public License", True),
        ("License :: OSI Approved :: GNU General Public License v2 or later (GPLv2+)", True),
    ],
)
def test_licences_are_told_apart(licence: str, expected: bool) -> None:
    assert is_copyleft(licence) is expected


def test_no_runtime_package_is_under_the_gpl() -> None:
    packages = runtime_packages()
    licences = {name: licence_of(package) for name, package in packages.items()}
    assert len(licences) > 20
    copyleft = {name for name, licence in licences.items() if is_copyleft(licence)}
    assert copyleft == set(), {name: licences[name] for name in copyleft}


@pytest.mark.parametrize("lock", ["runtime.lock", "dev.lock"])
def test_what_is_left_out_is_not_locked(lock: str) -> None:
    """Else `make` would install it after all."""
    locked = re.findall(r"^([\w.-]+)==", (REQUIREMENTS / lock).read_text(encoding="utf-8"), re.M)
    assert len(locked) > 20
    assert left_out() & {canonicalize_name(name) for name in locked} == set()


def test_what_is_left_out_is_imported_nowhere() -> None:
    source = Path(comarca.__file__).parent
    imported = {
        canonicalize_name(module.partition(".")[0])
        for path in source.rglob("*.py")
        for module in re.findall(r"^\s*(?:import|from) ([\w.]+)", path.read_text("utf-8"), re.M)
    }
    assert {"numpy", "pandas"} <= imported
    assert imported.isdisjoint(left_out())


def test_every_runtime_package_states_a_licence() -> None:
    unstated = [name for name, package in runtime_packages().items() if not licence_of(package)]
    assert unstated == []
