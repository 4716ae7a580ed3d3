"""How much longer trips take by one measure than by another."""

from __future__ import annotations

import numpy as np
import pytest

from comarca.errors import ParameterError
from comarca.model.matrices import TravelMatrix
from comarca.travel import travel_difference


def matrix(minutes: list[list[float]], source="circle", ids="abcd") -> TravelMatrix:
    times = np.array(minutes, dtype=np.float32)
    return TravelMatrix(tuple(ids), "car", times, times, source)


CIRCLE = matrix([[0, 10, 20, 300], [10, 0, 40, 300], [20, 40, 0, 300], [300, 300, 300, 0]])


def test_the_ratio_of_a_town_is_the_median_over_its_near_trips():
    roads = matrix(
        [[0, 15, 50, 900], [20, 0, np.inf, 9], [np.inf, np.inf, 0, 9], [9, 9, 9, 0]], "roads"
    )

    difference = travel_difference(roads, CIRCLE, within_min=60)

    np.testing.assert_allclose(difference.ratio, [2.0, 2.0, np.inf, np.nan])
    assert difference.n_lost == 1
    assert difference.median == 2.0
    assert "roads against circle" in difference.summary()
    assert "1 town without a way" in difference.summary()


def test_matrices_of_other_towns_are_refused():
    with pytest.raises(ParameterError, match="other towns"):
        travel_difference(matrix(CIRCLE.time_min.tolist(), ids="abce"), CIRCLE)
