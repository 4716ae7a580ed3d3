"""The house rules that a machine can hold: no private address, sound notes, a truthful README."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

# Written so that this file does not hold what it looks for.
MACHINE_PATHS = r"/work/(main|steering|shared|\.library)|/tmp/(scout|bash_jobs|house)|/root" + "/"
INDEX_OPTIONS = r"^ *(--index-url|--extra-index-url|--find-links|--trusted-host|-i |-f )"
INDEX_SETTINGS = r"^(index-url|extra-index-url|find-links|registry) *=|\"resolved\": *\"http"
INDEX_HOSTS = r"https?://[^/ ]*(pypi\.org/simple|pythonhosted|registry\.npmjs|artifactory|nexus)"


def git_grep(repository: Path, pattern: str) -> list[str]:
    """Lines of tracked text files that match; skips where there is no git or no repository."""
    try:
        found = subprocess.run(
            [
                "git",
                "-C",
                str(repository),
                "grep",
                "-nIE",
                pattern,
                "--",
                ".",
                ":!tests/unit/test_house.py",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("no git on this machine")
    if found.returncode > 1:
        pytest.skip(f"not a git checkout: {found.stderr.strip()}")
    return found.stdout.splitlines()


@pytest.mark.parametrize("pattern", [INDEX_OPTIONS, INDEX_SETTINGS, INDEX_HOSTS])
def test_no_package_index_is_named(repository_dir: Path, pattern: str) -> None:
    """Where packages come from is for each machine to say."""
    assert git_grep(repository_dir, pattern) == []


def test_no_path_of_one_machine_is_named(repository_dir: Path) -> None:
    assert git_grep(repository_dir, MACHINE_PATHS) == []


def test_every_locked_package_has_hashes(repository_dir: Path) -> None:
    for lock in (repository_dir / "requirements").glob("*.lock"):
        entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
        packages = [entry for entry in entries if not entry.startswith("#")]
        assert packages, f"{lock.name} locks nothing"
        for entry in packages:
            assert re.match(r"[a-z0-9.-]+==\S+", entry), f"{lock.name}: {entry[:60]} is not pinned"
            assert "--hash=sha256:" in entry, f"{lock.name}: {entry[:60]} has no hash"


def test_what_is_declared_is_locked(repository_dir: Path) -> None:
    """Somebody who adds a dependency runs ``make lock``."""
    project = tomllib.loads((repository_dir / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    declared = {
        "runtime.lock": project["dependencies"],
        "dev.lock": project["dependencies"] + project["optional-dependencies"]["dev"],
    }
    for lock, requirements in declared.items():
        locked = (repository_dir / "requirements" / lock).read_text(encoding="utf-8")
        names = {
            re.match(r"[\w.-]+", line).group().lower().replace("_", "-") for line in requirements
        }  # type: ignore[union-attr]  # every requirement begins with a name
        missing = [
            name for name in sorted(names) if not re.search(rf"^{re.escape(name)}==", locked, re.M)
        ]
        assert missing == [], f"{lock} lacks {missing}; run `make lock`"


def fragments(repository: Path) -> list[Path]:
    """The notes of changes not yet released."""
    return [path for path in sorted((repository / "changelog.d").iterdir()) if path.name[0] != "."]


def test_changelog_fragments_are_well_formed(repository_dir: Path) -> None:
    """``<slug>.<type>.md``, one or two sentences that end with a full stop."""
    for path in fragments(repository_dir):
        assert re.fullmatch(r"[a-z0-9_-]+\.(added|changed|fixed|removed)\.md", path.name), path.name
        text = path.read_text(encoding="utf-8").strip()
        assert text, f"{path.name} is empty"
        assert text.endswith("."), f"{path.name} does not end with a full stop"
        assert text[0] not in "-*#", f"{path.name} begins with markup; the changelog adds its own"
        assert len(text) <= 600, f"{path.name} is longer than a note"


def test_every_command_named_in_the_texts_exists(repository_dir: Path) -> None:
    """``make plan`` and the others, wherever a reader is told to type them."""
    makefile = (repository_dir / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*?## ", makefile, re.M))
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        text = (repository_dir / name).read_text(encoding="utf-8")
        told = set(re.findall(r"(?:`|^|&& )make ([a-z-]+)", text, re.M))
        assert told <= targets, f"{name} tells of `make {min(told - targets)}`"
    assert {"plan", "test"} <= set(
        re.findall(
            r"^make ([a-z-]+)", (repository_dir / "README.md").read_text(encoding="utf-8"), re.M
        )
    )


def test_every_make_target_is_in_help(repository_dir: Path) -> None:
    makefile = (repository_dir / "Makefile").read_text(encoding="utf-8")
    declared = set(re.findall(r"^\.PHONY: ([a-z-]+)$", makefile, re.M))
    helped = set(re.findall(r"^([a-z-]+):.*?## ", makefile, re.M))
    assert declared == helped
