"""What the comparison takes for granted beyond the prices."""

from __future__ import annotations

from typing import Literal

from comarca.model.parameters import Params, assumed


class CompareParams(Params):
    """
    How the same jobs would be reached by commuting, and how full trucks run.

    Parameters
    ----------
    commuter_mode
        How people would travel to the base.
    daily_limit_min
        Longest one-way trip people make every working day, minutes, ``inf`` for no limit; whoever
        lives farther from the base cannot take the job there.
    load_factor
        Share of a truck's capacity that an average round trip uses, in (0, 1]; break-even only.
    base_supervision_share
        Supervision of the same work done at the base, as a share of its wages.
    stop_min, loading_min
        Minutes of one stop at a workshop, and of loading before each trip; break-even and reach.
    """

    commuter_mode: Literal["car", "bus"] = assumed("study.commuter_mode")
    daily_limit_min: float = assumed("commuting.daily_limit_min", gt=0, allow_inf_nan=True)
    load_factor: float = assumed("compare.load_factor", gt=0, le=1)
    base_supervision_share: float = assumed("compare.base_supervision_share", ge=0)
    stop_min: float = assumed("freight.stop_min", ge=0)
    loading_min: float = assumed("freight.loading_min", ge=0)
