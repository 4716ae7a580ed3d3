"""The effect of an event as files: a page, its JSON twin, tables, charts."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd

from comarca.demography.effects import OpeningEffect
from comarca.report.effect_charts import gaps_chart, growth_chart, paths_chart
from comarca.report.effect_page import effect_page
from comarca.report.effect_tables import frames
from comarca.writing import written_whole

PAGE, TWIN = "effect.html", "effect.json"


def write_effect_report(effect: OpeningEffect, directory: Path | str) -> tuple[Path, ...]:
    """
    Write what is known of the effect of an event.

    Parameters
    ----------
    effect
        What was found, or why nothing could be told.
    directory
        Folder that takes the files; made where it is missing.

    Returns
    -------
    tuple of pathlib.Path
        ``effect.html``, self-contained; ``effect.json``; charts; a CSV for each table that there
        is.

    Raises
    ------
    OutputError
        When nothing can be written there.
    """
    texts = {PAGE: effect_page(effect)}
    texts[TWIN] = json.dumps(effect_content(effect), ensure_ascii=False, indent=2) + "\n"
    if effect.control is not None and effect.in_space is not None:
        texts["paths.svg"] = paths_chart(effect.control)
        texts["gaps.svg"] = gaps_chart(effect.control, effect.in_space, effect.without_one)
    if effect.ranks:
        texts["growth.svg"] = growth_chart(effect.ranks[0], effect.event_year)
    for name, frame in frames(effect).items():
        texts[f"{name}.csv"] = frame.to_csv(index=False, lineterminator="\n")
    folder = Path(directory)
    with written_whole(folder) as unfinished:
        for name, text in texts.items():
            (unfinished / name).write_text(text, encoding="utf-8", newline="\n")
    return tuple(folder / name for name in texts)


def effect_content(effect: OpeningEffect) -> dict[str, Any]:
    """Everything a program may ask for; what is missing, or endless, is null."""
    content: dict[str, Any] = {
        "region": effect.region_name,
        "town_id": effect.town_id,
        "town": effect.name,
        "event": effect.event,
        "kind": effect.kind,
        "year": effect.event_year,
        "outcome": effect.outcome,
        "status": effect.status,
        "reasons": list(effect.reasons),
        "reading": effect.reading(),
        "notes": list(effect.notes),
        "years": list(effect.years),
        "counts_before": effect.n_before,
        "counts_after": effect.n_after,
        "parameters": effect.params.model_dump(mode="json"),
        "assumed": [
            used.assumption.name for used in effect.params.defaults_used() if used.is_assumed
        ],
        "not_donors": effect.left_out_counts(),
        "effect": _headline(effect),
        "staggered": _staggered(effect),
    }
    content["tables"] = {name: _records(frame) for name, frame in frames(effect).items()}
    return {name: _plain(value) for name, value in content.items()}


def _headline(effect: OpeningEffect) -> dict[str, Any] | None:
    control, space = effect.control, effect.in_space
    if control is None or space is None:
        return None
    return {
        "mean_gap": control.mean_gap,
        "last_gap": control.last_gap,
        "mean_effect": control.effect(control.mean_gap),
        "last_effect": control.effect(control.last_gap),
        "pre_rmspe": control.pre_rmspe,
        "post_rmspe": control.post_rmspe,
        "p": space.p,
        "p_ratio": space.p_ratio,
        "p_gap": space.p_gap,
        "p_goes_by": "ratio" if space.ratio_tells else "gap",
        "donors": {str(unit): float(weight) for unit, weight in control.weights().items()},
        "predictors": {str(name): float(weight) for name, weight in control.predictors.items()},
        "penalty": control.penalty,
    }


def _staggered(effect: OpeningEffect) -> dict[str, Any] | None:
    if effect.staggered is None:
        return None
    overall = effect.staggered.aggregate("overall")
    return {
        "towns_with_event": effect.staggered.n_treated,
        "overall": _records(overall)[0] if len(overall) else None,
        "p_dealt": effect.staggered.p_dealt,
        "left_out": dict(effect.staggered.left_out),
    }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    """Numbers as JSON knows them: no ``nan``, no ``inf``, none of numpy's types."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "item"):
        value = value.item()
    if value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value
