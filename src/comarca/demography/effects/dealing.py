"""
Events dealt out anew: how often chance gives an overall effect as large.

If the events do nothing, it does not matter which towns have them. They are dealt out anew to all
the towns many times; the dealing that was observed is counted with them, so that no p is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comarca.demography.effects.comparisons import base_count, compared, group_times
from comarca.demography.effects.params import StaggeredParams
from comarca.demography.effects.simplex import FloatArray


@dataclass(frozen=True, eq=False)
class Overall:
    """The overall effect alone, for events dealt out in any way."""

    values: FloatArray
    years: Sequence[int]
    design: FloatArray
    params: StaggeredParams

    def p_of_dealing(self, group_of: FloatArray) -> float:
        """Share of dealings whose effect is as large, either way, the true one with them."""
        random = np.random.default_rng(self.params.seed)
        true = abs(self.effect(group_of))
        as_large = 1
        for _ in range(self.params.dealings):
            as_large += abs(self.effect(random.permutation(group_of))) >= true * (1 - 1e-12)
        return as_large / (self.params.dealings + 1)

    def effect(self, group_of: FloatArray) -> float:
        """Mean over towns and years after the event."""
        if self.design.shape[1] > 1:
            table, _, _ = group_times(self.values, self.years, group_of, self.design, self.params)
            after = table[table["year"] >= table["group"]]
            effects, weights = after["effect"].to_numpy(), after["n_treated"].to_numpy()
        else:
            effects, weights = self._of_means(group_of)
        return float(np.average(effects, weights=weights)) if len(effects) else 0.0

    def _of_means(self, group_of: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Without covariates all estimators are differences of means."""
        effects, weights = [], []
        for group in np.unique(group_of[np.isfinite(group_of)]):
            is_treated = group_of == group
            for at, year in enumerate(self.years):
                base = base_count(self.years, group, at, self.params)
                if base is None or year < group:
                    continue
                is_control = compared(group_of, group, year, self.params) & ~is_treated
                change = self.values[:, at] - self.values[:, base]
                effects.append(change[is_treated].mean() - change[is_control].mean())
                weights.append(is_treated.sum())
        return np.array(effects), np.array(weights, dtype=float)
