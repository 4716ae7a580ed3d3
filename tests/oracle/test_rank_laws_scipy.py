"""The rank laws beside scipy's curve_fit from many starts, and p beside every subset there is."""

from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import OptimizeWarning, curve_fit

from comarca.commuting import fit_rank_laws
from comarca.commuting.ranks.laws import criteria, falling_rows
from comarca.commuting.ranks.permutation import drawn_criteria, significance

SHARES = (0.05, 0.3, 0.6, 0.9, 0.99, 0.9999)  # how far a logarithmic law falls, of its beginning
CURVES = {
    ("zipf", "linear"): (lambda r, A, k: A * r**-k, [(1, k) for k in (0.2, 0.7, 1.5, 4)]),
    ("exponential", "linear"): (
        lambda r, A, c: A * np.exp(-c * (r - 1)),
        [(1, c) for c in (0.01, 0.05, 0.2, 0.7, 2)],
    ),
    ("logarithmic", "linear"): (lambda r, a, b: a - b * np.log(r), [(1, 0.3)]),
    ("zipf", "log"): (lambda r, A, k: A - k * np.log(r), [(0, 1)]),
    ("exponential", "log"): (lambda r, A, c: A - c * r, [(0, 0.1)]),
    ("logarithmic", "log"): (
        lambda r, a, s: a + np.log1p(-np.log(r) / np.log(r[-1]) * -np.expm1(-s)),
        [(0, -np.log1p(-share)) for share in SHARES],
    ),
}


def best_r2(law, space, persons):
    """R² of the best of many starts, distances in units of the largest town."""
    values = np.sort(persons)[::-1] / np.max(persons)
    values = np.log(values) if space == "log" else values
    rank = np.arange(1.0, len(values) + 1)
    curve, starts = CURVES[law, space]
    best = 0.0
    for start in starts:
        try:
            found, _ = curve_fit(curve, rank, values, p0=start, maxfev=5_000, xtol=1e-13)
        except RuntimeError:
            continue
        off = ((values - curve(rank, *found)) ** 2).sum()
        best = max(best, 1 - off / ((values - values.mean()) ** 2).sum())
    return best


def drawn_sizes(kind, n_towns, random):
    if kind == "pareto":
        return 1_000 * (1 + random.pareto(1.0, n_towns))
    if kind == "stick":
        return 1 + random.dirichlet(np.ones(n_towns)) * 1e6
    return np.exp(random.normal(9, 2.0, n_towns))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of starts that curve_fit runs away from
@pytest.mark.filterwarnings(f"ignore::{OptimizeWarning.__module__}.OptimizeWarning")
@pytest.mark.parametrize("n_towns", [3, 5, 9, 20, 60])
@pytest.mark.parametrize("kind", ["pareto", "stick", "lognormal"])
@pytest.mark.parametrize(("law", "space"), list(CURVES))
def test_no_start_of_curve_fit_finds_a_nearer_curve(law, space, kind, n_towns):
    random = np.random.default_rng(n_towns)
    for _ in range(5):
        persons = drawn_sizes(kind, n_towns, random)
        theirs = best_r2(law, space, persons)
        ours = fit_rank_laws(persons, space).fits[law].r2
        assert ours >= theirs - 1e-9
        assert ours == pytest.approx(theirs, abs=1e-6)


@pytest.mark.parametrize("space", ["linear", "log"])
def test_many_sets_at_once_are_the_same_as_one_at_a_time(space):
    random = np.random.default_rng(4)
    many = falling_rows(1_000 * (1 + random.pareto(1.0, (50, 15))))

    one_by_one = [fit_rank_laws(row, space).criterion for row in many]

    assert criteria(many, space) == pytest.approx(one_by_one, abs=1e-9)


@pytest.mark.parametrize("space", ["linear", "log"])
def test_p_is_the_share_of_all_subsets_that_do_as_well(space):
    """Twelve towns have 924 halves: their exact share beside that of 20,000 draws."""
    pool = 1_000 * (1 + np.random.default_rng(12).pareto(1.0, 12))
    halves = falling_rows(np.array(list(combinations(pool, 6))))
    every = criteria(halves, space)
    drawn = drawn_criteria(pool, [(6, None)], space, draws=20_000, seed=5)

    for observed in np.quantile(every, [0.1, 0.5, 0.9, 0.98]):
        exact = (every >= observed - 1e-9).mean()
        found = significance(np.array([observed]), drawn).p[0]
        assert found == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 20_000) + 1e-4)
