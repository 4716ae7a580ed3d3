"""All outputs of a plan that people open, moved to their names when all are whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from comarca.errors import ParameterError
from comarca.model.plan import Plan
from comarca.writing import written_whole

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
        Folder that takes the files; it is made where it is missing. Files that are there are
        replaced once all their successors are whole.
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
    OutputError
        When nothing can be written there.
    """
    unknown = [name for name in formats if name not in FILES]
    if unknown:
        raise ParameterError(
            f"{', '.join(unknown)} is not a format of the report; expected {', '.join(FORMATS)}."
        )
    from comarca.report.atlas import atlas_of

    folder = Path(directory)
    atlas = atlas_of(plan)
    with written_whole(folder) as unfinished:
        for number, name in enumerate(formats):
            if progress is not None:
                progress(f"Writing {FILES[name]}", number / len(formats))
            _write(name, atlas, unfinished / FILES[name])
    return tuple(folder / FILES[name] for name in formats)


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
