"""
The best plans known of the benchmark's instances, and what is proven of them.

``agglomerations.csv`` holds the value and the least bound, ``agglomeration_plans/TOWNS-SEED.json``
the plan itself.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from comarca.model.codec import from_plain, to_plain
from comarca.model.freight_plan import FreightPlan

HERE = Path(__file__).parent
KNOWN = HERE / "agglomerations.csv"
PLANS = HERE / "agglomeration_plans"
SAME = 2e-6  # relative difference of value and bound of a plan that is proven best


def known(n_towns: int, seed: int) -> tuple[float, float] | None:
    """Best value and least bound known of an instance, currency a year."""
    row = _rows()
    row = row[(row["towns"] == n_towns) & (row["seed"] == seed)]
    return None if row.empty else (float(row["value"].iloc[0]), float(row["bound"].iloc[0]))


def kept_plan(n_towns: int, seed: int) -> FreightPlan:
    """
    The best plan known.

    Raises
    ------
    FileNotFoundError
        Where none is kept.
    """
    text = (PLANS / f"{n_towns}-{seed}.json").read_text(encoding="utf-8")
    plan: FreightPlan = from_plain(json.loads(text), FreightPlan)
    return plan


def keep(n_towns: int, seed: int, plan: FreightPlan | None, value: float, bound: float) -> None:
    """
    Keep a plan and a bound where they are better than what is known.

    Parameters
    ----------
    n_towns, seed
        Of the instance.
    plan, value
        What was found, and what the evaluator says it is worth; ``None`` where it is known already.
    bound
        That was proven, currency a year.
    """
    before = known(n_towns, seed)
    file = PLANS / f"{n_towns}-{seed}.json"
    best, least = (
        (value, bound) if before is None else (max(before[0], value), min(before[1], bound))
    )
    if plan is not None and round(value) >= round(best):
        is_better = before is None or round(value) > round(before[0])
        if is_better or not file.exists():
            PLANS.mkdir(exist_ok=True)
            text = json.dumps(to_plain(plan), ensure_ascii=False, separators=(",", ":"))
            file.write_text(text + "\n", encoding="utf-8")
    least = max(least, best)
    rows = _rows()
    rows = rows[(rows["towns"] != n_towns) | (rows["seed"] != seed)]
    is_proven = least - best <= SAME * abs(best)
    row = {
        "towns": n_towns,
        "seed": seed,
        "value": round(best),
        "bound": round(best if is_proven else least),
        "proven": "yes" if is_proven else "no",
    }
    rows = pd.concat([rows, pd.DataFrame([row])]).sort_values(["towns", "seed"])
    rows.to_csv(KNOWN, index=False, lineterminator="\n")


def _rows() -> pd.DataFrame:
    return pd.read_csv(KNOWN)
