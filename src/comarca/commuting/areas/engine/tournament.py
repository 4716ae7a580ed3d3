"""
Which of many changing numbers is the least: a knockout tournament over positions.

``winner[1]`` is the champion; the players stand in the leaves. A changed number replays only the
matches on its way up, so both questions cost the logarithm of the number of players.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled


def bracket(n_players: int) -> NDArray[np.int64]:
    """Bracket for positions ``0 … n_players - 1``, all matches still to be played."""
    leaves = 1 << max(n_players - 1, 0).bit_length()
    winner = np.full(2 * leaves, -1, dtype=np.int64)
    winner[leaves : leaves + n_players] = np.arange(n_players)
    return winner


@compiled
def play_all(winner: NDArray[np.int64], score: NDArray[np.float64]) -> None:
    """Play every match."""
    for match in range(len(winner) // 2 - 1, 0, -1):
        winner[match] = _better(winner[2 * match], winner[2 * match + 1], score)


@compiled
def replay(winner: NDArray[np.int64], score: NDArray[np.float64], player: int) -> None:
    """Play again the matches of one player whose score has changed."""
    match = (len(winner) // 2 + player) // 2
    while match > 0:
        winner[match] = _better(winner[2 * match], winner[2 * match + 1], score)
        match //= 2


@compiled
def _better(left: int, right: int, score: NDArray[np.float64]) -> int:
    """Whoever has the lower score; the first position among equals."""
    if right < 0:
        return left
    return right if score[right] < score[left] else left
