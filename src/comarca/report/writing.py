"""All outputs of a plan, each moved to its name when it is whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from comarca.errors import ParameterError
from comarca.model.plan import Plan

if TYPE_CHECKING:
    from comarca.report.atlas import Atlas

Progress = Callable[[str, float | None], None]
"""Told the work in words and the share done in [0, 1]."""

FILES: Mapping[str, str] = {
    "html": "report.html",
    "pdf": "report.pdf",
    "xlsx": "plan.xlsx",
    "gpkg": "plan.gpkg",
}
FORMATS: tuple[str, ...] = tuple(FILES)
"""Every format that can be written."""


def write_report(
    plan: Plan,
    directory: Path | str,
    formats: Sequence[str] = FORMATS,
    *,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """
    Write the report of a plan.

    Parameters
    ----------
    plan
        Whose figures are shown; an empty or infeasible one gets a report that says so.
    directory
        Folder that takes the files; it is made where it is missing. A file that is there is
        replaced once its successor is whole.
    formats
        Any of ``"html"`` (``report.html``), ``"pdf"`` (``report.pdf``), ``"xlsx"``
        (``plan.xlsx``) and ``"gpkg"`` (``plan.gpkg``).
    progress
        Told which file is being written.

    Returns
    -------
    tuple of pathlib.Path
        The files, in the order of ``formats``.

    Raises
    ------
    ParameterError
        When a format is not one of :data:`FORMATS`.
    """
    unknown = [name for name in formats if name not in FILES]
    if unknown:
        raise ParameterError(
            f"{', '.join(unknown)} is not a format of the report; expected {', '.join(FORMATS)}."
        )
    from comarca.report.atlas import atlas_of

    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    atlas = atlas_of(plan)
    written = []
    for number, name in enumerate(formats):
        if progress is not None:
            progress(f"Writing {FILES[name]}", number / len(formats))
        written.append(_written_whole(name, atlas, folder / FILES[name]))
    return tuple(written)


def _written_whole(name: str, atlas: Atlas, path: Path) -> Path:
    """Write beside the final name, then move, so that no reader meets half a file."""
    unfinished = path.with_name(f".{path.stem}-unfinished{path.suffix}")
    try:
        _write(name, atlas, unfinished)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def _write(name: str, atlas: Atlas, path: Path) -> None:
    if name == "html":
        from comarca.report.page import page

        path.write_text(page(atlas.contents.plan, atlas), encoding="utf-8", newline="\n")
    elif name == "pdf":
        from comarca.report.document import write_document

        write_document(atlas, path)
    elif name == "xlsx":
        from comarca.report.workbook import write_workbook

        write_workbook(atlas.contents, path)
    else:
        from comarca.report.geopackage import write_geopackage

        write_geopackage(atlas, path)
