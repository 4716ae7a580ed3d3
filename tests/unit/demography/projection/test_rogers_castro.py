"""The model schedule of migration."""

import numpy as np
import pytest

from comarca.demography.projection import RogersCastro, fit_rogers_castro
from comarca.errors import ParameterError

STANDARD = RogersCastro(
    children=0.02,
    children_decline=0.10,
    young=0.06,
    young_decline=0.10,
    young_age=20.0,
    young_ascent=0.40,
    constant=0.003,
)
AGES = np.arange(0.5, 90)


def test_the_young_move_most():
    rates = STANDARD.rates(AGES)

    assert 20 < AGES[rates.argmax()] < 26
    # At birth: children and constant; the young's part is nothing yet.
    assert STANDARD.rates(np.array([0.0]))[0] == pytest.approx(0.02 + 0.003, abs=1e-6)


def test_known_parameters_are_found_again():
    fitted, r2 = fit_rogers_castro(AGES, STANDARD.rates(AGES))

    assert r2 == pytest.approx(1)
    assert fitted.young_age == pytest.approx(20, abs=0.05)
    assert fitted.young == pytest.approx(0.06, rel=0.01)
    assert fitted.children_decline == pytest.approx(0.10, rel=0.02)


def test_noise_hardly_moves_the_peak():
    noise = np.random.default_rng(1).normal(1, 0.1, len(AGES))

    fitted, r2 = fit_rogers_castro(AGES, STANDARD.rates(AGES) * noise)

    assert r2 > 0.9
    peak = AGES[fitted.rates(AGES).argmax()]
    assert peak == pytest.approx(AGES[STANDARD.rates(AGES).argmax()], abs=2)


@pytest.mark.parametrize("rates", [np.full(5, 0.1), np.linspace(-0.1, 0.1, 20), np.zeros(20)])
def test_rates_that_cannot_be_fitted_are_refused(rates):
    with pytest.raises(ParameterError, match="expected at least 8"):
        fit_rogers_castro(np.arange(len(rates)) * 5.0, rates)


def test_parameters_below_zero_are_refused():
    with pytest.raises(ParameterError, match="young is -1; expected 0 or more"):
        RogersCastro(**{**STANDARD.__dict__, "young": -1.0})
