"""
How long effects take, CPU seconds of one thread.

Towns walk at random over thirty yearly counts, twenty of them before the event; the mixture then
has to miss some counts, which takes the most steps. Sizes: 40 and 570 towns, as in the classic
studies and as in Oaxaca.
"""

import os
import time

import numpy as np
import pandas as pd

from comarca.demography.effects import (
    EffectParams,
    OutcomePanel,
    StaggeredParams,
    placebo_in_space,
    staggered_effects,
    synthetic_control,
)

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
SIZES = (12,) if SMOKE else (40, 570)


def walks(n: int) -> OutcomePanel:
    random = np.random.default_rng(1)
    outcomes = 10 + random.normal(0, 0.03, (n, 30)).cumsum(axis=1)
    frame = pd.DataFrame(np.exp(outcomes), [f"u{at}" for at in range(n)], range(1990, 2020))
    return OutcomePanel.from_frame(frame)


def predictors(panel: OutcomePanel) -> pd.DataFrame:
    logs = np.log(panel.outcomes[:, :20])
    return pd.DataFrame(
        {f"p{at}": logs[:, at : at + 4].mean(axis=1) for at in range(0, 20, 3)}, panel.units
    )


def told(what: str, n: int, start: float) -> None:
    print(f"{n:5} towns  {what:44} {time.process_time() - start:8.3f} s")


for n in SIZES:
    panel = walks(n)
    for method in ("synthetic", "covariates", "augmented"):
        met = predictors(panel) if method == "covariates" else None
        params = EffectParams(method=method)
        start = time.process_time()
        found = synthetic_control(panel, "u0", 2010, params, predictors=met)
        told(f"{method}, one town", n, start)
        if n <= 40 or method == "synthetic":
            start = time.process_time()
            space = placebo_in_space(panel, found, predictors=met)
            told(f"{method}, placebos (p = {space.p:.2f})", n, start)
    events = {f"u{at}": 2000 + at % 10 for at in range(n // 4)}
    for covariates in (None, predictors(panel)[["p0"]]):
        start = time.process_time()
        params_did = StaggeredParams(dealings=0)
        effects = staggered_effects(panel, events, params_did, covariates=covariates)
        effects.aggregate("event")
        told(f"staggered{' with a covariate' if covariates is not None else ''}", n, start)
