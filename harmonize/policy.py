"""What a coalition has decided to check: for each rule how severe it is, and its parameters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from harmonize.findings import SEVERITIES, Finding
from harmonize.problems import NOWHERE, Place

OFF: Final = "off"
SEVERE: Final = (*SEVERITIES, OFF)  # what a policy may say of a rule


@dataclass(frozen=True, slots=True)
class Ruled:
    """One rule as a policy has it; without a severity the rule's own holds."""

    rule: str
    severity: str | None = None
    parameters: Any = None
    place: Place = field(default=NOWHERE, compare=False)
    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """What is said of rules; of those that it does not name their own severity holds."""

    ruled: tuple[Ruled, ...] = ()
    file: str = ""

    def of(self, rule: str) -> Ruled:
        """What is said of a rule, be it nothing."""
        return next((one for one in self.ruled if one.rule == rule), Ruled(rule))


NO_POLICY: Final = Policy()


@dataclass(frozen=True, slots=True)
class Setting:
    """A rule as it runs: its code, how severe it is here, its parameters and who says so."""

    code: str
    severity: str
    parameters: Any = None
    place: Place = NOWHERE

    def found(
        self,
        message: str,
        measures: Iterable[str] = (),
        *,
        attribute: str = "",
        values: Iterable[str] = (),
        places: Iterable[Place] = (),
        severity: str = "",
        between: Iterable[tuple[str, str]] = (),
    ) -> Finding:
        """A finding of this rule; one that stands in no spec is told where the policy asks it."""
        known = tuple(dict.fromkeys(place for place in places if place != NOWHERE))
        return Finding(
            self.code,
            severity or self.severity,
            message,
            measures=tuple(measures),
            attribute=attribute,
            values=tuple(values),
            places=known or (self.place,),
            between=tuple(between),
        )
