"""How the answer was found and where it may mislead, in words for those who decide."""

from __future__ import annotations

METHOD = (
    "Travel between towns comes from distances and speeds, or from a table where one was given. "
    "Commuters are counted, or estimated by a model in which work attracts and distance deters. "
    "Areas are drawn so that most people who live in one also work there. For the freight plan a "
    "solver chooses bases, work and workers of every town within the limits of labour, floor and "
    "goods, and lays the trucks' rounds; a check that shares no code with the solver goes over "
    "every limit again, and a bound proves how much better any plan could be. All parties are "
    "priced by the same rules under both regimes."
)

LIMITATIONS = (
    "Numbers marked † are assumed. They stand in for what nobody has told yet; a plan that rests "
    "on them is a place to start a conversation, not to sign a contract.",
    "Areas drawn from estimated flows are illustrations. Counted commuters may join towns "
    "differently.",
    "A year looks like every other here: no growth, no crisis, no seasons.",
    "Whoever is counted as able to work in a workshop has not been asked.",
    "Travel that is computed from distances knows no road works, passes or ferries.",
    "Premises that are assumed have not been seen by anybody.",
    "What a workshop does to rents, prices and other employers of its town is left out.",
)
