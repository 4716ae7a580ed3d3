"""
Writes the pages of the reference that repeat what the package knows.

Data dictionary, assumptions, commands, errors and API are generated before each build, so they
cannot differ from what runs.
"""

import importlib
import inspect
import pkgutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from types import GenericAlias
from typing import Any

from sphinx.application import Sphinx

import comarca
from comarca import errors
from comarca.model import dictionary as data_dictionary

DICTIONARY_INTRODUCTION = """# Data dictionary

A region is a folder of CSV files, one XLSX file or one GeoPackage with these tables. Only `towns`
is required; `comarca template DIR` writes them empty. Missing is not zero: leave unknown cells
empty. Codes are text, and leading zeros are kept.

"""

ASSUMPTIONS_INTRODUCTION = """# Assumptions

What Comarca takes for granted where a region does not tell. *Assumed* means that no source stands
behind the value. A plan lists each number it used, and the report marks it. Amounts are in US
dollars of 2024.

"""

ERRORS_INTRODUCTION = """# Errors

What Comarca refuses, it refuses with one of these. The command line prints the text and ends with
exit code 2; nothing is written.

"""

ERRORS_END = "Each is described in [comarca.errors](api-errors.md).\n"

RULES = {"id": "text, kept as written", "share": "number in [0, 1]"}


def write_pages(app: Sphinx) -> None:
    """Write every generated page into ``reference/generated``, only where it changed."""
    place = Path(app.srcdir) / "reference" / "generated"
    pages = {
        "data-dictionary.md": dictionary_page(),
        "assumptions.md": assumptions_page(),
        "commands.md": commands_page(),
        "errors.md": errors_page(),
        **{f"api-{part}.md": page for part, page in api_pages().items()},
    }
    place.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        path = place / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for stale in set(place.glob("*.md")) - {place / name for name in pages}:
        stale.unlink()


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Lay rows out as a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(map(cell, line))} |\n" for line in lines) + "\n"


def cell(value: object) -> str:
    """Text that does not break the table it stands in."""
    return str(value).replace("|", "\\|").replace("\n", " ")


def dictionary_page() -> str:
    """Every table and attribute a region may have."""
    text = DICTIONARY_INTRODUCTION
    for name, columns in data_dictionary.dictionary().items():
        text += f"## {name}\n\n{data_dictionary.TABLE_MEANINGS[name]}.\n\n"
        text += table(
            ["attribute", "type", "unit", "required", "allowed", "meaning"],
            (
                [f"`{c.name}`", RULES.get(c.type, c.type), c.unit, need(c), allowed(c), c.meaning]
                for c in columns
            ),
        )
    return text


def need(column: data_dictionary.Attribute) -> str:
    """Whether a value must be there, and whether it identifies the row."""
    return "key" if column.is_key else "yes" if column.is_required else ""


def allowed(column: data_dictionary.Attribute) -> str:
    """Bounds, words or the table that a value must be found in."""
    found = []
    if column.choices:
        found.append(", ".join(f"`{choice}`" for choice in column.choices))
    if column.references:
        found.append(f"one of `{column.references}`")
    if column.minimum is not None and column.type != "share":
        found.append(f"{'>' if column.excludes_minimum else '≥'} {column.minimum:g}")
    if column.maximum is not None and column.type != "share":
        found.append(f"≤ {column.maximum:g}")
    return "; ".join(found)


def assumptions_page() -> str:
    """Every number from the world, by section, with its range and source."""
    text = ASSUMPTIONS_INTRODUCTION
    stored = (files("comarca.defaults") / "assumptions.toml").read_text(encoding="utf-8")
    for section, entries in sections(tomllib.loads(stored)):
        text += f"## {section}\n\n"
        text += table(
            ["name", "value", "range", "unit", "basis", "meaning", "source"],
            ([f"`{name}`", *assumption(entry)] for name, entry in entries.items()),
        )
    return text


def sections(stored: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each section that holds numbers, however deep, with its dotted name."""
    entries = {name: inner for name, inner in stored.items() if "value" in inner}
    if entries:
        yield path, entries
    for name, inner in stored.items():
        if name not in entries:
            yield from sections(inner, f"{path}.{name}" if path else name)


def assumption(entry: Mapping[str, Any]) -> list[object]:
    """Return the cells of one number."""
    value = entry["value"]
    return [
        ", ".join(map(str, value)) if isinstance(value, list) else value,
        " to ".join(map(str, entry.get("range", []))),
        entry["unit"],
        entry["basis"],
        entry["meaning"],
        f"{entry['source']} ({entry['date']})",
    ]


def commands_page() -> str:
    """The commands and their options, as Typer tells them."""
    done = subprocess.run(
        [sys.executable, "-m", "typer", "comarca.cli", "utils", "docs", "--name", "comarca"],
        capture_output=True,
        text=True,
        check=True,
    )
    return f"# Commands\n\n{done.stdout.partition(chr(10))[2].strip()}\n"


def errors_page() -> str:
    """The tree of errors, and what each means."""
    rows = ([f"`{e.__name__}`", first_paragraph(e)] for e in tree(errors.PlanningError))
    drawing = f"```text\n{branch(errors.PlanningError)}```\n\n"
    return ERRORS_INTRODUCTION + drawing + table(["error", "when"], rows) + ERRORS_END


def branch(error: type[BaseException], depth: int = 0) -> str:
    """Draw an error and those below it, a line each."""
    builtin = next((b.__name__ for b in error.__bases__ if b.__module__ == "builtins"), "")
    line = f"{'    ' * depth}{error.__name__}{f' ({builtin})' if depth else ''}\n"
    return line + "".join(branch(child, depth + 1) for child in error.__subclasses__())


def tree(error: type[BaseException]) -> Iterator[type[BaseException]]:
    """Yield an error and all below it."""
    yield error
    for child in error.__subclasses__():
        yield from tree(child)


def api_pages() -> dict[str, str]:
    """One page of public names, then one for each part of the package with all its modules."""
    pages = {"comarca": public_names_page()}
    for part in pkgutil.iter_modules(comarca.__path__):
        if part.name.startswith("_"):
            continue
        name = f"comarca.{part.name}"
        pages[part.name] = api_page(name, public_modules(name))
    return pages


def public_names_page() -> str:
    """The names a planner needs, each with its first sentence and the way to the rest."""
    rows = ([link(name), first_paragraph(getattr(comarca, name))] for name in comarca.__all__)
    told = f"```{{eval-rst}}\n{inspect.getdoc(comarca)}\n```"
    return f"# comarca\n\n{told}\n\n{table(['name', 'what it is'], rows)}"


def link(name: str) -> str:
    """Return a reference to a public name's home, which lies deeper in the package."""
    value = getattr(comarca, name)
    if inspect.ismodule(value):
        return f"[`{name}`](api-{value.__name__.split('.')[1]}.md)"
    home = getattr(value, "__module__", "")
    return f"{{py:obj}}`{name} <{home}.{value.__qualname__}>`" if home else f"`{name}`"


def first_paragraph(thing: object) -> str:
    """First paragraph of a docstring."""
    return (inspect.getdoc(thing) or "").partition("\n\n")[0]


def public_modules(name: str) -> list[str]:
    """Return the module and every public one within it."""
    module = importlib.import_module(name)
    below = pkgutil.iter_modules(getattr(module, "__path__", []), f"{name}.")
    inner = [inner for m in below if "._" not in m.name for inner in public_modules(m.name)]
    return [name, *inner]


def api_page(title: str, modules: Sequence[str]) -> str:
    """Document modules one below the other."""
    text = f"# {title}\n\n"
    for name in modules:
        heading = f"## {name}\n\n" if name != title else ""
        text += f"{heading}```{{eval-rst}}\n.. automodule:: {name}\n```\n\n"
    return text


def flatten_headings(
    _app: Sphinx, what: str, _name: str, _thing: object, _options: object, lines: list[str]
) -> None:
    """Turn a module docstring's headings into rubrics, since two modules share a page."""
    if what != "module":
        return
    for number in range(len(lines) - 1, 0, -1):
        if len(lines[number]) > 2 and set(lines[number]) <= set("-=~"):
            lines[number - 1 : number + 1] = [f".. rubric:: {lines[number - 1]}", ""]


def skip_aliases(
    _app: Sphinx, _what: str, _name: str, thing: object, skip: bool, _options: object
) -> bool | None:
    """Leave out names for types such as ``tuple[float, float]``, which numpydoc cannot describe."""
    return True if isinstance(thing, GenericAlias) else None


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx."""
    app.connect("builder-inited", write_pages)
    app.connect("autodoc-process-docstring", flatten_headings, priority=400)
    app.connect("autodoc-skip-member", skip_aliases)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
