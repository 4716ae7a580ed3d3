"""Both regimes side by side: ledgers, cost to serve, break-even, reach."""

from comarca.compare.break_even import break_even_h_per_t
from comarca.compare.comparing import compare_regimes
from comarca.compare.params import CompareParams

__all__ = ["CompareParams", "break_even_h_per_t", "compare_regimes"]
