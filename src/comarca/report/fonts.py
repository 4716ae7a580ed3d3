"""
Which letters the document can write.

Assumption: Typst carries Latin, Greek and Cyrillic; any other script needs a font of the machine.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

FONTS = ("Libertinus Serif",)
_FALLBACKS = ("Noto Serif CJK JP", "Noto Sans CJK JP", "Noto Serif", "Noto Sans", "DejaVu Sans")


def installed_fallbacks() -> tuple[str, ...]:
    """Fonts of this machine that lend letters Typst's own lack."""
    import typst

    present = set(typst.Fonts().families())
    return tuple(family for family in _FALLBACKS if family in present)


def unreadable(names: Iterable[str]) -> tuple[str, ...]:
    """
    Names with a letter that neither Typst nor any font of this machine can write.

    Latin, Greek and Cyrillic are always there; for other scripts the installed fonts are asked.
    """
    strange = {name: {letter for letter in name if not _is_carried(letter)} for name in names}
    wanted = set().union(*strange.values()) if strange else set()
    missing = wanted - _installed_letters(wanted)
    return tuple(name for name, letters in strange.items() if letters & missing)


def _is_carried(letter: str) -> bool:
    if not letter.isalpha():
        return True
    return unicodedata.name(letter, "").startswith(("LATIN", "GREEK", "CYRILLIC", "MODIFIER"))


def _installed_letters(wanted: set[str]) -> set[str]:
    """Those of the letters that some installed font has; fonts are opened only while any lacks."""
    found: set[str] = set()
    if not wanted:
        return found
    import typst
    from fontTools.ttLib import TTFont

    for path in sorted({str(font.path) for font in typst.Fonts().fonts() if font.path}):
        if found == wanted:
            break
        # The first font of a collection stands for all: they share their letters.
        with TTFont(path, lazy=True, fontNumber=0) as font:
            has = font.getBestCmap() or {}
        found |= {letter for letter in wanted if ord(letter) in has}
    return found
