"""What a plan that breaks a rule is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Violation:
    """A rule that a plan breaks: which, where, what was found and what the rule allows."""

    rule: str
    where: str
    found: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.where} has {self.found}; allowed {self.allowed}"
