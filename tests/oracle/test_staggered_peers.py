"""Group-time effects against a peer's answers and against a slow computation of another kind."""

import numpy as np
import pytest

from comarca.demography.effects import StaggeredParams, staggered_effects
from comarca.demography.effects.group_time import effect_on_treated
from effect_worlds import staggered_world

ESTIMATORS = {"dr": "doubly_robust", "reg": "regression", "ipw": "weighting"}
# Overall effect and error, then those of the group of 2004 in 2005, on `staggered_world()`:
# diff-diff 3.13.0 (MIT), 2026-11; without covariates all its estimators agree. Its "dr" with
# covariates does not normalise the weights of the controls and differs by 0.04 %; there the answer
# is that of the package differences 0.3.0, which normalises them (Sant'Anna and Zhao 2020).
PEERS = {
    ("reg", "never", False): (2.498883, 0.200855, 2.057205, 0.218928),
    ("reg", "not_yet", False): (2.420141, 0.192409, 1.830313, 0.212718),
    ("reg", "never", True): (1.791609, 0.109564, 1.551520, 0.211272),
    ("reg", "not_yet", True): (1.775017, 0.106396, 1.496690, 0.196708),
    ("ipw", "never", True): (1.718104, 0.146001, 1.414299, 0.234787),
    ("ipw", "not_yet", True): (1.709158, 0.132584, 1.403510, 0.220200),
    ("dr", "never", True): (1.769451, 0.114743, None, None),
}


@pytest.mark.parametrize("asked", PEERS, ids=lambda asked: "-".join(map(str, asked)))
def test_effects_and_errors_are_those_of_a_peer(asked):
    estimator, control, has_covariates = asked
    panel, events, x = staggered_world()
    params = StaggeredParams(
        scale="level", dealings=0, control=control, estimator=ESTIMATORS[estimator]
    )

    found = staggered_effects(panel, events, params, covariates=x if has_covariates else None)

    overall = found.aggregate("overall").iloc[0]
    one = found.group_time.query("group == 2004 and year == 2005").iloc[0]
    answers = (overall["effect"], overall["se"], one["effect"], one["se"])
    for answer, peer in zip(answers, PEERS[asked], strict=True):
        assert peer is None or answer == pytest.approx(peer, abs=2e-6)


@pytest.mark.parametrize("estimator", ESTIMATORS.values())
def test_the_influence_function_is_what_a_town_more_or_less_does(estimator):
    """Jackknife: leaving out each town in turn spreads as the influence function says."""
    random = np.random.default_rng(8)
    n = 400
    x = np.column_stack((np.ones(n), random.normal(size=n)))
    treated = (random.uniform(size=n) < 1 / (1 + np.exp(-x[:, 1]))).astype(float)
    change = 1 + x[:, 1] + treated * (1 + 0.5 * x[:, 1]) + random.normal(size=n)

    effect, influence = effect_on_treated(change, treated, x, estimator)

    without = np.array(
        [
            effect_on_treated(
                np.delete(change, at), np.delete(treated, at), np.delete(x, at, 0), estimator
            )[0]
            for at in range(n)
        ]
    )
    jackknife = np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    assert influence.mean() == pytest.approx(0, abs=1e-9)
    assert np.sqrt((influence**2).mean() / n) == pytest.approx(jackknife, rel=0.06)
    assert np.corrcoef(effect - without, influence)[0, 1] > 0.99
