"""What `harmonize.yaml` says: which files a repository works on, how it matches, what it checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from harmonize.confidential import NOTHING_AGREED, Confidential
from harmonize.fields import Kind, said
from harmonize.mappings import Exchange
from harmonize.policy import NO_POLICY, Policy
from harmonize.problems import Place
from harmonize.wishes import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A configuration file; its paths are relative to where it stands.

    `where` says for each stated key where it stands; `sssom` is what it says of mappings that are
    written.
    """

    file: str = ""
    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    policy: Policy = NO_POLICY
    sssom: Exchange | None = None

    specs: tuple[str, ...] | None = said(Kind.LINES, "Specs to compare: files or folders.")
    reference: tuple[str, ...] | None = said(
        Kind.LINES, "Lists that are shown beside the others and never counted."
    )
    knowledge: tuple[str, ...] | None = said(
        Kind.LINES, "Knowledge files with your own words, measures and slots."
    )
    decisions: tuple[str, ...] | None = said(Kind.LINES, "Decisions files.")
    confidential: Confidential | None = said(
        Kind.RECORD, "What is agreed about confidential terms.", record=Confidential
    )
    match_at: float | None = said(
        Kind.PROBABILITY, "From which probability on pairs may be matches, such as 0.8."
    )
    proposal: Wish | None = said(
        Kind.RECORD, "What a core is to be that harmonize propose looks for.", record=Wish
    )

    @property
    def agreed(self) -> Confidential:
        """What is agreed about confidential terms, be it nothing."""
        return self.confidential or NOTHING_AGREED


PATHS: Final = ("specs", "reference", "knowledge", "decisions")
NO_SETTINGS: Final = Settings()
