"""What somebody asked of the import of a spreadsheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from harmonize.headings import Headings


@dataclass(frozen=True, slots=True)
class Wanted:
    """`mapping` is their heading -> our field; `ticks` are the headings of the payers' columns.

    `payer_column` is the heading of the column that names each row's list, `slug` what the one list
    is to be called.
    """

    headings: Headings
    mapping: Mapping[str, str] = field(default_factory=dict)
    ticks: tuple[str, ...] = ()
    payer_column: str = ""
    slug: str = ""
    sheet: str = ""
    drop_unmapped: bool = False
