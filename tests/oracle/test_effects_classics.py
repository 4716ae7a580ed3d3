"""The classic studies of synthetic control, on the data they were made with."""

import numpy as np
import pytest

from comarca.demography.effects import EffectParams, placebo_in_space, synthetic_control
from effect_worlds import BASQUE, CALIFORNIA, basque, proposition_99

PUBLISHED = EffectParams(method="covariates", scale="level")


def test_the_basque_country_is_catalonia_and_madrid(shared_dir):
    """Abadie and Gardeazabal (2003): Cataluña 0.851, Madrid 0.149."""
    panel, predictors = basque(shared_dir)

    found = synthetic_control(
        panel, BASQUE, 1970, PUBLISHED, predictors=predictors, followed_from=1960
    )

    assert found.donors["Cataluna"] == pytest.approx(0.851, abs=0.001)
    assert found.donors["Madrid (Comunidad De)"] == pytest.approx(0.149, abs=0.001)
    assert len(found.weights()) == 2
    assert found.last_gap == pytest.approx(-0.828, abs=0.002)  # pysyncon 1.7.0: −0.8281


def test_a_thorough_search_follows_the_basque_country_better(shared_dir):
    """Becker and Klößner (2018): the published weights are no global minimum; Baleares joins."""
    panel, predictors = basque(shared_dir)
    thorough = EffectParams(method="covariates", scale="level", search="thorough")
    both = [
        synthetic_control(panel, BASQUE, 1970, params, predictors=predictors, followed_from=1960)
        for params in (PUBLISHED, thorough)
    ]
    sixties = [(1960 <= year < 1970) for year in panel.years]

    published, better = (np.mean(found.gap[sixties] ** 2) for found in both)
    assert published == pytest.approx(0.008865, abs=1e-5)
    assert better == pytest.approx(0.004287, abs=1e-5)
    assert both[1].donors["Baleares (Islas)"] == pytest.approx(0.22, abs=0.01)


def test_california_is_mixed_as_published(shared_dir):
    """Abadie, Diamond and Hainmueller (2010), Table 2, and the gap of their Figure 3."""
    panel, predictors = proposition_99(shared_dir)

    found = synthetic_control(panel, CALIFORNIA, 1989, PUBLISHED, predictors=predictors)

    published = {
        "Utah": 0.334,
        "Nevada": 0.234,
        "Montana": 0.199,
        "Colorado": 0.164,
        "Connecticut": 0.069,
    }
    assert set(found.weights().index) == set(published)
    for state, weight in published.items():
        assert found.donors[state] == pytest.approx(weight, abs=0.01)
    assert found.mean_gap == pytest.approx(-19, abs=1)  # "almost 20 packs" on average
    assert found.last_gap == pytest.approx(-26, abs=1)  # "26 packs" by 2000


@pytest.mark.slow
def test_no_other_state_parts_from_its_mixture_as_california_does(shared_dir):
    """As published: 1/39 by the ratio of gaps."""
    panel, predictors = proposition_99(shared_dir)
    found = synthetic_control(panel, CALIFORNIA, 1989, PUBLISHED, predictors=predictors)

    space = placebo_in_space(panel, found, predictors=predictors)

    assert space.n_places == 39
    assert space.ratio_tells
    assert space.p == pytest.approx(1 / 39)


def test_the_ridge_correction_is_a_ridge_regression(shared_dir):
    """
    What is taken off a later gap is what a ridge regression over the donors foretells.

    The regression is computed in another way: least squares with the penalty as further rows.
    """
    panel, _ = proposition_99(shared_dir)
    plain = synthetic_control(panel, CALIFORNIA, 1989, EffectParams(scale="level"))
    found = synthetic_control(
        panel, CALIFORNIA, 1989, EffectParams(method="augmented", scale="level")
    )
    assert found.penalty is not None

    others = panel.only([unit for unit in panel.units if unit != CALIFORNIA]).outcomes
    centred = others - others.mean(axis=0)
    before = plain.is_before
    n_before = int(before.sum())
    ridge = np.vstack((centred[:, before], np.sqrt(found.penalty) * np.eye(n_before)))
    after = np.vstack((centred[:, ~before], np.zeros((n_before, int((~before).sum())))))
    slopes = np.linalg.lstsq(ridge, after, rcond=None)[0]
    foretold = plain.gap[before] @ slopes

    assert found.gap[~before] == pytest.approx(plain.gap[~before] - foretold, abs=1e-8)
    assert found.pre_rmspe < plain.pre_rmspe
