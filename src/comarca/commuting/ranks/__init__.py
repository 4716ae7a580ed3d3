"""
Rank laws of town systems: how the sizes of towns fall, and whether that is more than chance.

Three laws (:mod:`~comarca.commuting.ranks.laws`) are fitted by least squares and judged in one
stated space. The criterion *C*, R² of the logarithmic law less that of Zipf's, is never told
without the p-value that random towns of the same region give it
(:mod:`~comarca.commuting.ranks.permutation`).
"""

from comarca.commuting.ranks.areas import AreaRanks, AreaTest, rank_areas
from comarca.commuting.ranks.judging import RankTest
from comarca.commuting.ranks.laws import LAWS, LawFit, RankLaws, fit_rank_laws
from comarca.commuting.ranks.params import RankParams
from comarca.commuting.ranks.profile import RadiusTest, RankedTown, RankProfile, rank_profile

__all__ = [
    "LAWS",
    "AreaRanks",
    "AreaTest",
    "LawFit",
    "RadiusTest",
    "RankLaws",
    "RankParams",
    "RankProfile",
    "RankTest",
    "RankedTown",
    "fit_rank_laws",
    "rank_areas",
    "rank_profile",
]
