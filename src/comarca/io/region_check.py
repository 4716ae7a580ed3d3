"""Everything wrong or suspicious in a region, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comarca.errors import Fault
from comarca.model.region import Region
from comarca.wording import counted


@dataclass(frozen=True, eq=False, kw_only=True)
class CheckReport:
    """
    What a check of a region found.

    Parameters
    ----------
    place
        What was checked.
    faults
        What refuses the region; empty when it can be planned.
    warnings
        What looks suspicious and was left as it is.
    region
        The region, or ``None`` when there are faults.
    """

    place: str
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    region: Region | None

    @property
    def is_sound(self) -> bool:
        """Whether the region can be planned."""
        return not self.faults

    def text(self) -> str:
        """Say it in lines, one a fault and one a warning."""
        lines = [
            f"{counted(len(self.faults), 'fault')}, {counted(len(self.warnings), 'warning')} "
            f"in {self.place}"
        ]
        lines += [f"  fault: {fault}" for fault in self.faults]
        lines += [f"  warning: {warning}" for warning in self.warnings]
        return "\n".join(lines + ([self.region.summary()] if self.region else []))

    def to_json(self) -> dict[str, Any]:
        """Say it in values that JSON can hold."""
        return {
            "place": self.place,
            "is_sound": self.is_sound,
            "faults": [_plain(fault) for fault in self.faults],
            "warnings": [_plain(warning) for warning in self.warnings],
        }


def _plain(fault: Fault) -> dict[str, str]:
    return {
        "place": fault.place,
        "object": fault.object,
        "value": fault.value,
        "expectation": fault.expectation,
    }


def check_report(path: str | Path) -> CheckReport:
    """
    Check a region and tell everything found, without refusing it.

    Parameters
    ----------
    path
        A folder, a workbook or a GeoPackage, as :func:`comarca.io.read_region` takes it.

    Raises
    ------
    TooFewTownsError
        With fewer than two towns there is nothing to check.
    """
    from comarca.io.region_reader import examine_region

    region, findings = examine_region(Path(path))
    return CheckReport(
        place=str(path),
        faults=tuple(findings.faults),
        warnings=tuple(findings.warnings),
        region=region,
    )
