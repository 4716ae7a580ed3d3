"""
Build ``src/comarca/defaults/country_names.csv`` from the Unicode CLDR, through Babel.

For each country: its names in its own official languages, national and regional, and in the
languages this many planners write in. Needs ``pip install babel``; Unicode License v3.

    python tools/build_country_names.py
"""

import csv
from pathlib import Path

from babel import Locale, UnknownLocaleError, __version__
from babel.core import get_global

TARGET = Path(__file__).resolve().parents[1] / "src/comarca/defaults/country_names.csv"
EVERYWHERE = ("en", "es", "fr", "pt", "de", "it", "ru", "ar", "zh", "ja")


def names_of(country: str) -> list[tuple[str, str]]:
    """``(language, name)`` of a country, each name once."""
    spoken = get_global("territory_languages").get(country, {})
    official = [code for code, facts in spoken.items() if facts["official_status"]]
    names: dict[str, str] = {}
    for language in (*official, *EVERYWHERE):
        try:
            name = Locale.parse(language).territories.get(country)
        except UnknownLocaleError:
            continue
        if name and name not in names.values():
            names[language] = name
    return list(names.items())


def main() -> None:
    """Write the table."""
    countries = sorted(
        code
        for code in Locale.parse("en").territories
        if len(code) == 2 and code not in {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
    )
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["alpha2", "language", "name"])
        for country in countries:
            writer.writerows((country, language, name) for language, name in names_of(country))
    print(f"{TARGET.name}: {len(countries)} countries, Babel {__version__}")  # noqa: T201


if __name__ == "__main__":
    main()
