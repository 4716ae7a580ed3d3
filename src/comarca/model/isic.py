"""
Codes of ISIC Rev. 4: which section a code lies in, and rows of several levels brought to one.

References
----------
.. [1] United Nations (2008). International Standard Industrial Classification of All Economic
       Activities, Rev. 4. Statistical papers M 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

_FIRST_DIVISION = MappingProxyType(
    {
        "A": 1,
        "B": 5,
        "C": 10,
        "D": 35,
        "E": 36,
        "F": 41,
        "G": 45,
        "H": 49,
        "I": 55,
        "J": 58,
        "K": 64,
        "L": 68,
        "M": 69,
        "N": 77,
        "O": 84,
        "P": 85,
        "Q": 86,
        "R": 90,
        "S": 94,
        "T": 97,
        "U": 99,
    }
)
"""First division of each section; the next begins where it ends."""
MANUFACTURING = "C"
SECTION_NAMES = MappingProxyType(
    {
        "A": "agriculture, forestry, fishing",
        "B": "mining and quarrying",
        "C": "manufacturing",
        "D": "electricity and gas",
        "E": "water and waste",
        "F": "construction",
        "G": "trade",
        "H": "transport and storage",
        "I": "hotels and restaurants",
        "J": "information and communication",
        "K": "finance and insurance",
        "L": "real estate",
        "M": "professional and scientific services",
        "N": "administrative and support services",
        "O": "public administration",
        "P": "education",
        "Q": "health and social work",
        "R": "arts and recreation",
        "S": "other services",
        "T": "households as employers",
        "U": "international organisations",
    }
)
"""Sections in a few words."""


def section_of(code: str) -> str | None:
    """
    Section of a code, or ``None`` when it is not of ISIC.

    Parameters
    ----------
    code
        ``"C"``, ``"24"``, ``"2410"`` or ``"C2410"``; dots and spaces are passed over.
    """
    bare = code.replace(".", "").replace(" ", "").upper()
    letter, digits = ("", bare) if bare[:1].isdigit() else (bare[:1], bare[1:])
    if not digits:
        return letter if letter in _FIRST_DIVISION else None
    if not digits.isascii() or not digits.isdigit() or not 2 <= len(digits) <= 4:
        return None
    division = int(digits[:2])
    found = [name for name, first in _FIRST_DIVISION.items() if first <= division]
    section = found[-1] if found else None
    return section if not letter or letter == section else None


def digits_of(code: str) -> str | None:
    """Digits of a code of ISIC; blank for a section, ``None`` where the code is not of ISIC."""
    if section_of(code) is None:
        return None
    return "".join(sign for sign in code if sign.isdigit())


def name_of(code: str) -> str:
    """A code with its section in words, where it has one: ``"24 (manufacturing)"``."""
    section = section_of(code)
    return code if section is None else f"{code} ({SECTION_NAMES[section]})"


def lies_in(code: str, wanted: Iterable[str]) -> bool | None:
    """
    Whether an industry lies within one of some others.

    Returns
    -------
    bool or None
        ``None`` where the code is too coarse to say, as section ``B`` for division ``06``, or is
        not of ISIC.
    """
    section, digits = section_of(code), digits_of(code)
    if section is None or digits is None:
        return None
    is_open = False
    for other in wanted:
        within = digits_of(other)
        if within is None or section != section_of(other):
            continue
        if digits.startswith(within):
            return True
        is_open = is_open or within.startswith(digits)
    return None if is_open else False


def is_mixed(codes: Iterable[str]) -> bool:
    """Whether some of the codes are parts of others, so that adding all would count twice."""
    known = {(section_of(code), digits_of(code)) for code in codes if section_of(code) is not None}
    return any(
        section == other and digits != within and within.startswith(digits)
        for section, digits in known
        for other, within in known
        if digits is not None and within is not None
    )
