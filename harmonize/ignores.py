"""What somebody has asked not to be told again: which findings, why, by whom and until when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from harmonize.fields import Kind, Role, said
from harmonize.findings import Finding
from harmonize.problems import NOWHERE, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """One request; it names a finding by its fingerprint, or a rule and what to ignore it for.

    `lines` are the first and the last line beside which it stands as a comment in a spec: a finding
    that names no measure is known by its place there.
    """

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    lines: tuple[int, int] | None = field(default=None, compare=False)

    fingerprint: str | None = said(Kind.LINE, "Fingerprint of the finding.", Role.IDENTITY)
    rule: str | None = said(Kind.LINE, "Name or code of the rule.", Role.IDENTITY)
    measure: str | None = said(
        Kind.LINE, "Only for measures that fit, as payer/id; * fits anything.", Role.IDENTITY
    )
    attribute: str | None = said(Kind.LINE, "Only for this field.", Role.IDENTITY)
    because: str | None = said(Kind.TEXT, "Why; it has to be said.")
    by: str | None = said(Kind.LINE, "Who asks for it.")
    expires: str | None = said(Kind.DATE, "Last day on which it holds, YYYY-MM-DD.")

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.where.get("", NOWHERE)

    @property
    def told(self) -> str:
        """`'missing-source' of lake/*`."""
        what = repr(self.fingerprint or self.rule)
        field_ = f" in {self.attribute}" if self.attribute else ""
        return f"{what}{f' of {self.measure}' if self.measure else ''}{field_}"

    def covers(self, one: Finding, name: str) -> bool:
        """Whether it is about this finding; `name` is that of the finding's rule."""
        if self.fingerprint is not None and self.fingerprint != one.fingerprint:
            return False
        if self.rule is not None and self.rule not in (one.code, name):
            return False
        return self._beside(one) or (self._measured(one) and self._attributed(one))

    def _measured(self, one: Finding) -> bool:
        glob = self.measure
        return glob is None or any(fnmatchcase(measure, glob) for measure in one.measures)

    def _attributed(self, one: Finding) -> bool:
        own = self.attribute
        return own is None or one.attribute == own or one.attribute.startswith(f"{own}.")

    def _beside(self, one: Finding) -> bool:
        if self.lines is None:
            return False
        first, last = self.lines
        return any(p.file == self.place.file and first <= p.line <= last for p in one.places)
