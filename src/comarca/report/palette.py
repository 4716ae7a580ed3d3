"""
Colours, one accent for each regime, told apart by readers who see no red or no green.

Blue against orange is the pair that every common colour blindness keeps apart; areas of one map
differ in lightness as well as in hue.
"""

from __future__ import annotations

INK = "#1f2933"
QUIET = "#52606d"
LINE = "#cbd2d9"
LAND = "#f4f1ea"
SEA = "#e6eef3"
PAPER = "#ffffff"

COMMUTING = "#1f5f99"
FREIGHT = "#b4510a"
ACCENT = {"commuting": COMMUTING, "freight": FREIGHT, "official": QUIET, "today": QUIET}

COMMUTING_TINTS = ("#b9d3ea", "#8fb8da", "#d9e6f2", "#a5cfd6", "#c6c9e8", "#7fa6c9")
FREIGHT_TINTS = ("#f6cfa6", "#e9a86b", "#f9e3c8", "#e3bd8f", "#f0b7a0", "#d9934f")
TINTS = {"commuting": COMMUTING_TINTS, "freight": FREIGHT_TINTS}

DIFFERENCE = {
    "stays": "#bfd3e6",
    "moves": "#edb073",
    "gains": "#7dbbab",
    "loses": "#a596c6",
    "none": "#efece4",
}
"""Colours of towns by what became of them between two partitions; they differ in lightness too."""

CERTAINTY = {0.95: "#bdd3e7", 0.8: "#f8e6c4", 0.5: "#e39a4c", 0.0: "#8f3a05"}
"""Colours of towns by how sure their area is, each from this share on; they darken with doubt."""

KINDS = {
    "growing": "#2f6fa8",
    "stable": "#bcd4e6",
    "shrinking": "#f7d9a8",
    "emptying": "#e08f3c",
    "irreversible": "#8f3a05",
    "not known": "#e3e6e9",
}
"""Colours of towns by kind of growth or shrinkage: blue where people come, brown where they go."""

LEVELS = ("#a9c6e0", "#6f9fc9", "#3d76ab", "#14406b")
"""Colours of the levels of one parameter, the lowest first."""

AREAS = ("#9cc3e6", "#f3c98b", "#a8d5a2", "#e7b3c8", "#e4dc86", "#bcaedd", "#8fd0c8", "#d8b79a")
"""Grounds of areas on a map of their own, where neighbours must differ; six do for most maps."""
NO_AREA = "#e3e6e9"

PARTIES = {
    "household": "Families",
    "town": "Town budgets",
    "enterprise": "Enterprises",
    "elsewhere": "Other employers and towns",
}
"""Parties of the ledgers in the order they are shown, with what a reader calls them."""
