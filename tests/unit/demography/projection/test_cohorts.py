"""Steps by hand, and what must hold of any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from comarca.demography.projection import Rates, carry_forward
from comarca.demography.projection.cohorts import level_that_reaches
from comarca.demography.projection.engine.fan import drawn_futures
from comarca.errors import ParameterError

N = 4


def rates(n_steps=1, **given):
    told = {
        "width": 5,
        "survival": np.full((n_steps, 2, N + 1), 1.0),
        "fertility": np.zeros((n_steps, N)),
        "male_share": np.full(n_steps, 0.5),
        "migrants": np.zeros((n_steps, 2, N)),
        "migration": np.zeros((n_steps, 2, N)),
    }
    return Rates(**(told | given))


def test_who_stays_alive_grows_older():
    survival = np.tile([0.9, 0.8, 0.7, 0.6, 0.5], (1, 2, 1))

    later = carry_forward(
        np.array([[100.0, 50, 40, 20], [10, 10, 10, 10]]), rates(survival=survival)
    )

    assert later.persons[1].tolist() == [
        [0, 80, 35, 40 * 0.6 + 20 * 0.5],
        [0, 8, 7, 11],
    ]
    assert later.deaths == pytest.approx(250 - later.persons[1].sum())


def test_women_bear_children_and_most_of_them_live():
    """Twenty women now and thirty later: 25 on average, 0.1 births a year, for five years."""
    women = np.array([[0.0, 30, 20, 0], [0, 0, 0, 0]])
    bearing = rates(
        fertility=np.array([[0.0, 0, 0.1, 0]]),
        survival=np.full((1, 2, N + 1), 1.0) * np.array([0.8, 1, 1, 1, 1]),
        male_share=np.array([0.6]),
    )

    later = carry_forward(women, bearing)

    assert later.births.tolist() == [pytest.approx(12.5)]
    assert later.persons[1][:, 0] == pytest.approx([12.5 * 0.4 * 0.8, 12.5 * 0.6 * 0.8])


def test_half_of_the_migrants_move_before_and_half_after():
    moving = rates(migrants=np.full((1, 2, N), 10.0), survival=np.full((1, 2, N + 1), 0.5))

    later = carry_forward(np.full((2, N), 100.0), moving)

    assert later.persons[1][0].tolist() == [5, 57.5, 57.5, 110]
    assert later.net_migrants.tolist() == [80]


def test_nobody_leaves_who_is_not_there():
    leaving = rates(migrants=np.full((1, 2, N), -300.0))

    later = carry_forward(np.full((2, N), 100.0), leaving)

    assert (later.persons[1] == 0).all()
    assert later.net_migrants.tolist() == [-800]
    assert later.deaths == pytest.approx([0])


PEOPLE = arrays(float, (2, N), elements=st.floats(0, 1e5))
SHARES = arrays(float, (3, 2, N + 1), elements=st.floats(0, 1))
BIRTHS = arrays(float, (3, N), elements=st.floats(0, 0.3))
MOVES = arrays(float, (3, 2, N), elements=st.floats(-0.9, 0.9))


@given(PEOPLE, SHARES, BIRTHS, MOVES, st.floats(0.1, 10))
def test_the_balance_closes_and_twice_the_people_have_twice_the_future(
    persons, survival, fertility, migration, factor
):
    given_rates = rates(3, survival=survival, fertility=fertility, migration=migration)

    once = carry_forward(persons, given_rates)
    scaled = carry_forward(persons * factor, given_rates)

    assert (once.persons >= 0).all()
    assert (once.deaths >= -1e-6 * (1 + once.persons.max())).all()
    totals = once.persons.sum(axis=(-1, -2))
    change = once.births - once.deaths + once.net_migrants
    assert np.diff(totals) == pytest.approx(change, rel=1e-9, abs=1e-5)
    assert scaled.persons == pytest.approx(once.persons * factor, rel=1e-9, abs=1e-6)


def test_many_populations_are_carried_as_each_alone():
    many = np.random.default_rng(3).uniform(0, 100, (5, 2, N))
    given_rates = rates(2, fertility=np.full((2, N), 0.05), survival=np.full((2, 2, N + 1), 0.9))

    together = carry_forward(many, given_rates)

    for at in range(5):
        assert together.persons[:, at] == pytest.approx(
            carry_forward(many[at], given_rates).persons
        )


def naive_draw(persons, given_rates, shape, shocks, draw):
    """The same futures one by one, by the plain steps under strayed rates."""
    found = [persons]
    for step in range(given_rates.n_steps):
        births, deaths, drift = shocks[:, step, draw]
        strayed = rates(
            survival=1 - np.minimum((1 - given_rates.survival[step : step + 1]) * deaths, 1),
            fertility=given_rates.fertility[step : step + 1] * births,
            male_share=given_rates.male_share[step : step + 1],
            migrants=given_rates.migrants[step : step + 1],
            migration=given_rates.migration[step : step + 1] + drift * shape,
        )
        found.append(carry_forward(found[-1], strayed).persons[-1])
    return np.array(found)


def test_compiled_futures_are_those_of_plain_steps():
    rng = np.random.default_rng(5)
    persons = rng.uniform(0, 500, (2, N))
    given_rates = rates(
        3,
        survival=rng.uniform(0.7, 1, (3, 2, N + 1)),
        fertility=rng.uniform(0, 0.1, (3, N)),
        male_share=np.array([0.5, 0.51, 0.52]),
        migrants=rng.uniform(-20, 20, (3, 2, N)),
        migration=rng.uniform(-0.2, 0.2, (3, 2, N)),
    )
    shape, school = rng.uniform(0.2, 2, (2, N)), np.array([0.0, 0.4, 1.0, 0.0])
    shocks = np.stack(
        [
            rng.uniform(0.8, 1.2, (3, 70)),
            rng.uniform(0.8, 1.3, (3, 70)),
            rng.normal(0, 0.1, (3, 70)),
        ]
    )

    drawn = drawn_futures(
        persons,
        given_rates.survival,
        given_rates.fertility,
        given_rates.male_share,
        given_rates.migrants,
        given_rates.migration,
        shape,
        shocks,
        5,
        school,
    )

    for draw in (0, 1, 63, 64, 69):  # on both sides of a block's end
        plain = naive_draw(persons, given_rates, shape, shocks, draw)
        assert drawn[0, :, draw] == pytest.approx(plain.sum(axis=(1, 2)))
        assert drawn[1, :, draw] == pytest.approx(plain.sum(axis=1) @ school)


@pytest.mark.parametrize("wanted", [500.0, 900.0, 1_400.0])
@pytest.mark.parametrize("n_steps", [1, 2])
def test_the_level_of_migration_that_leads_to_a_total(wanted, n_steps):
    persons = np.full((2, N), 100.0)
    dying = rates(2, survival=np.full((2, 2, N + 1), 0.95), fertility=np.full((2, N), 0.05))
    shape = np.array([[0.5, 1.5, 1.2, 0.8]] * 2)

    level = level_that_reaches(persons, dying, shape, wanted, n_steps)

    moving = rates(
        2,
        survival=dying.survival,
        fertility=dying.fertility,
        migration=np.tile(level * shape, (2, 1, 1)),
    )
    assert carry_forward(persons, moving).persons[n_steps].sum() == pytest.approx(wanted)


def test_every_fault_of_the_rates_is_told():
    with pytest.raises(ParameterError) as told:
        rates(
            survival=np.full((1, 2, N + 1), 1.2),
            fertility=np.full((1, N), -0.1),
            migration=np.full((1, 2, N - 1), 0.0),
        )

    for fault in ("survival has a value", "fertility has a value", "migration has shape (1, 2, 3)"):
        assert fault in str(told.value)
