"""What a coalition has agreed about confidential terms: tallies, aliases and the smallest cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from harmonize.fields import Kind, said
from harmonize.problems import Place

FEWEST: Final = 3  # payers among whom what one withholds is not plain to another
NARROW: Final = ("public", "participants")  # audiences that do not see everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidential:
    """What is agreed; without more, nothing withheld is held against anything."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    tell_agreement_from: int | None = said(
        Kind.LIMIT,
        "Tell whether withheld values agree where so many payers withhold one, 3 or more.",
    )
    aliases: Mapping[str, str] | None = said(
        Kind.ALIASES, "Payer -> the name that it goes by in what others see."
    )
    aliases_for: tuple[str, ...] | None = said(
        Kind.CHOICES, "Who sees aliases; without more, the public.", choices=NARROW, together=True
    )
    minimum_cell: int | None = said(
        Kind.LIMIT, "Show nobody but the broker what fewer payers hold than this, 3 or more."
    )

    def known_as(self, audience: str) -> Mapping[str, str]:
        """The aliases that an audience sees payers by."""
        seen = self.aliases_for or NARROW[:1]
        return (self.aliases or {}) if audience in seen else {}

    def smallest(self, audience: str) -> int:
        """How many payers at least hold what an audience sees; 0 where it sees everything."""
        return (self.minimum_cell or 0) if audience in NARROW else 0


NOTHING_AGREED: Final = Confidential()
