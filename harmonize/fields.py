"""How a field is declared, once for every room: its kind, its role, and what is shown of it.

A declaration (`Info`) is read by the reader, the JSON Schema, the divergence and the redaction;
nothing about a field is said anywhere else.  `None` always means *not stated*.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, Final


class Kind(StrEnum):
    """What sort of value a field holds; every reader, schema and comparison is a row per kind."""

    LINE = "line"  # one short text
    TEXT = "text"  # free text, compared by its words
    LINES = "lines"  # a list of texts; a single text is a list of one
    CHOICE = "choice"  # one word of a closed vocabulary
    CHOICES = "choices"  # alternatives from a closed vocabulary
    FLAG = "flag"  # true or false
    AGES = "ages"
    THRESHOLD = "threshold"
    DURATION = "duration"
    COUNT = "count"
    SHARE = "share"  # 10% or 3x
    RATE = "rate"  # a percentage, or text
    LIMIT = "limit"  # a whole number, 0 too
    PROBABILITY = "probability"  # above 0 and below 1
    YEAR = "year"
    DATE = "date"
    IDS = "ids"  # identifier system -> identifiers
    FIELDS = "fields"  # names of fields of a measure
    VISIBILITY = "visibility"  # field or area -> who may see it
    SLUG = "slug"
    REFS = "refs"  # measures as payer/id, in the order given
    IRI = "iri"  # an absolute address
    PREFIXES = "prefixes"  # prefix -> the address that its names stand under
    ALIASES = "aliases"  # payer -> the slug that it goes by
    JUDGED = "judged"  # payer/id -> what it said, by field
    RECORD = "record"  # a map of its own fields
    RECORDS = "records"  # a list of such maps


class Role(StrEnum):
    """What a field is for."""

    IDENTITY = "identity"  # names the thing
    EVIDENCE = "evidence"  # helps to tell whether two things are the same
    ATTRIBUTE = "attribute"  # how the thing is asked for: compared, never a reason to part
    PROVENANCE = "provenance"  # where it comes from and who may see it


@dataclass(frozen=True, slots=True)
class Info:
    """One field as declared.

    `dimension` is the CMS harmonization dimension (MMS Hub, "Measure harmonization"), or our own
    word where CMS has none.  `severity` is that of a difference.  `none` says whether "there is
    none" makes sense.  `text` says whether words outside the grammar are kept as text.  A
    `sensitive` field is never quoted in a message; a `hidden` one is in no output unless asked for.
    A list of choices holds alternatives, unless it is `together`.
    """

    kind: Kind
    help: str
    role: Role
    choices: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()
    dimension: str = ""
    severity: str = ""
    record: type | None = None
    shorthand: str = ""
    none: bool = False
    text: bool = False
    required: bool = False
    sensitive: bool = False
    hidden: bool = False
    together: bool = False
    name: str = ""

    @property
    def alternatives(self) -> bool:
        """Whether a list of choices says what may be taken: such lists agree if they share one."""
        return self.kind is Kind.CHOICES and not self.together


def said(kind: Kind, help: str, role: Role = Role.PROVENANCE, **more: Any) -> Any:  # noqa: A002
    """A declared field; its default is silence."""
    return field(default=None, metadata={"info": Info(kind=kind, help=help, role=role, **more)})


def asked(kind: Kind, help: str, dimension: str, severity: str, **more: Any) -> Any:  # noqa: A002
    """A declared field in which payers who mean the same measure may differ."""
    return said(kind, help, Role.ATTRIBUTE, dimension=dimension, severity=severity, **more)


@cache
def declared(cls: type) -> Mapping[str, Info]:
    """The declared fields of a record, by the key that the YAML uses."""
    found = {}
    for one in fields(cls):
        if "info" in one.metadata:
            info: Info = one.metadata["info"]
            name = one.name.rstrip("_")
            found[name] = Info(
                **{f.name: getattr(info, f.name) for f in fields(Info) if f.name != "name"},
                name=one.name,
            )
    return MappingProxyType(found)


def spoken(key: str) -> str:
    """A key as it is said; `ids.cbe` is the CBE number."""
    system = key.removeprefix("ids.")
    if system != key:
        return f"{system.upper()} number"
    plain = key.replace("_", " ")
    return f"LAN {plain[4:]}" if plain.startswith("lan ") else plain  # Learning and Action Network


# Words that fields of several records share.
DATA_SOURCES: Final = (
    "claims", "ehr", "hybrid", "registry", "survey", "ecds", "chart", "hie", "vital records",
    "web interface",
)  # fmt: skip
AUDIENCES: Final = ("public", "participants", "withheld")
FREE: Final = ("id", "title", "notes", "note", "source", "name", "payer")  # "none" is just a word
