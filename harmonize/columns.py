"""What the columns of the views hold: the kind of value, what it means, and which name a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Holds(StrEnum):
    """What sort of value a column holds; a table for people or programs has a type per sort."""

    TEXT = "text"
    WHOLE = "whole"  # a count
    NUMBER = "number"
    FLAG = "flag"  # true or false


@dataclass(frozen=True, slots=True)
class Column:
    """One column; those that are a `key` name the row, whatever else of it changes."""

    means: str
    holds: Holds = Holds.TEXT
    key: bool = False


_CONCEPT: Final = {
    "concept": Column("Id of the concept: one measure as several payers hold it.", key=True),
    "label": Column("Name of the concept: the standard's current one where one is known."),
}
_PAYER: Final = Column("Slug of the payer.", key=True)
_PAIR: Final = {
    "payer_a": Column("The payer that comes first by its slug.", key=True),
    "measure_a": Column("That payer's id of its measure.", key=True),
    "title_a": Column("That payer's title, as printed."),
    "payer_b": Column("The other payer.", key=True),
    "measure_b": Column("The other payer's id of its measure.", key=True),
    "title_b": Column("The other payer's title, as printed."),
    "confidence": Column("Probability, 0 to 1, that the two are one measure.", Holds.NUMBER),
    "verdict": Column("match, possible or nonmatch."),
    "relation": Column("What the two are to each other; empty where that is open."),
    "reason": Column("What decided, strongest first."),
    "decision": Column("What people judged of the pair: accept, reject or unsure."),
}
OF_A_PAYER: Final = Column("What this payer has in the row; empty: it is not in the list.")
TOLD_BY_A_PAYER: Final = Column("What this payer tells a practice; empty: not stated.")
VALUE_OF_A_PAYER: Final = Column("What this payer states, as written; empty: not stated.")

# Columns that views have where a report is about more than measures.
OF_AREAS: Final = {
    "agrees": Column("Attributes of which all that state them state the same."),
    "not_stated": Column("Attributes that some of these payers do not state."),
    "area": Column("measures, convening, participation, payment or feedback."),
}
COLUMNS: Final[Mapping[str, Mapping[str, Column]]] = {
    "overlap": {
        **_CONCEPT,
        "payers": Column("How many payers that count hold the concept.", Holds.WHOLE),
        "payer": _PAYER,
        "measure": Column("The payer's own id of the measure.", key=True),
        "title": Column("The payer's title, as printed."),
        "family": Column("Id of the family: a measure with its rates, strata and relatives."),
        "domain": Column("Domain of care."),
        "used_by": Column("How many payers that count ask for it.", Holds.WHOLE),
        "could_use": Column("How many payers that count could ask, by their scope.", Holds.WHOLE),
        "differs": Column("Attributes of which different values are stated."),
        "role": Column("contract counts; reference and internal are shown, never counted."),
        "source": Column("File and line of the measure."),
        "decision": Column("What has been decided about it, and what of it rests on a decision."),
    },
    "divergence": {
        **_CONCEPT,
        "dimension": Column("What sort of thing differs, in the words of CMS where it has one."),
        "attribute": Column("Which field differs, by its key in the specs.", key=True),
        "severity": Column("major or minor change what is asked; info does not."),
        "payer": _PAYER,
        "value": Column("What the payer states, as written."),
        "source": Column("File and line of the value."),
        "cause": Column("version, rate, population, modified or unknown."),
        "silent": Column("Payers that hold the measure and state nothing here."),
        "decision": Column("What has been decided about it, by whom, until when, and why."),
        "sources": Column("File and line of each value."),
        "note": Column("How two values compare, where that needs words."),
        "counted": Column("true if payers that count differ, not only a reference.", Holds.FLAG),
    },
    "pairs": _PAIR,
    "related": _PAIR,
    "questions": {
        "payer": _PAYER,
        "measure": Column("The payer's own id of the measure.", key=True),
        "attribute": Column("What is not stated, by its key in the specs.", key=True),
        "question": Column("What to ask, and why it would decide."),
    },
    "decisions": {
        "about": Column(
            "What is decided: a match, a difference, or a measure in the set.", key=True
        ),
        "measures": Column("The measures, or the concept, that it names.", key=True),
        "attribute": Column("The attribute of a difference.", key=True),
        "contract_type": Column("Type of contract for which it is decided.", key=True),
        "answer": Column("The judgement, or what becomes of the measure in the set.", key=True),
        "mapping": Column("How the first maps to the second; broad: the second is the broader."),
        "state": Column("What has become of it: holds, stale, orphaned, expired, and so on."),
        "again": Column("What to look at again: what changed, or is gone, or has run out."),
        "concept": Column("Ids of the concepts to which it applies."),
        "by": Column("Who decided."),
        "on": Column("When."),
        "because": Column("Why."),
        "effective": Column("From when it holds."),
        "expires": Column("Last day on which it holds."),
        "owner": Column("Who has to resolve a difference."),
        "due": Column("By when a difference is to be resolved."),
        "meeting": Column("The meeting at which it was decided."),
        "votes": Column("How the vote went."),
        "dissent": Column("What those say who were against it."),
        "convener_is_payer": Column("true if the convener was a payer too."),
        "source": Column("File and line of the decision."),
    },
    "signals": {
        "rank": Column(
            "1 pulls hardest; equal pulls share a rank; empty: no conflict.", Holds.WHOLE
        ),
        "concept": Column("Id of the concept, or ids of siblings of one family.", key=True),
        "label": Column("Name of the concept, or names of the siblings."),
        "signal": Column("direction, threshold, target, weight or use.", key=True),
        "payer": _PAYER,
        "value": Column("What the payer tells a practice."),
        "source": Column("File and line of what it tells."),
        "pull": Column("How hard it pulls apart, 7 hardest: see docs/signals.md.", Holds.WHOLE),
        "conflict": Column("What pulls apart, and between whom, in words."),
        "family": Column("Id of the family: a measure with its rates, strata and relatives."),
        "sources": Column("File and line of each value."),
    },
    "addable": {
        "payer_a": Column("The payer that comes first by its slug.", key=True),
        "payer_b": Column("The other payer.", key=True),
        "concept": Column("Id of the concept; empty: the two lists as such.", key=True),
        "label": Column("Name of the concept, or: both lists."),
        "addable": Column("yes, no, or unknown: something is not stated."),
        "reason": Column("Every part that differs; else every part not known to be the same."),
    },
    "withheld": {
        **_CONCEPT,
        "dimension": Column("What sort of thing is withheld; of other areas, the area."),
        "attribute": Column("Which field is withheld, by its key in the specs.", key=True),
        "count": Column("How many payers that count withhold it.", Holds.WHOLE),
        "payers": Column("Who they are."),
        "agreement": Column(
            "agree or differ, where a coalition tells so of values that nobody sees; else empty."
        ),
    },
    "summary": {
        "figure": Column("Name of the figure.", key=True),
        "value": Column("The figure.", Holds.NUMBER),
        "of": Column("What it is a part of; empty: it has no base.", Holds.WHOLE),
        "unit": Column("What is counted; a percentage says of what."),
    },
}


def column(view: str, name: str) -> Column:
    """The column of a view; one that the view does not know is a payer's."""
    payers = _OF_PAYERS.get(view, OF_A_PAYER)
    return COLUMNS[view].get(name) or OF_AREAS.get(name, payers)


_OF_PAYERS: Final = {"divergence": VALUE_OF_A_PAYER, "signals": TOLD_BY_A_PAYER}


_OF_A_SAMPLE: Final = Column(
    "all: every list; latest: the last edition of each programme.", key=True
)
_TOLD: Final = {
    "figure": Column("Name of the figure.", key=True),
    "value": Column("The figure.", Holds.NUMBER),
    "of": Column("What it is a part of; empty: it has no base.", Holds.WHOLE),
    "unit": Column("What is counted; a percentage says of what."),
}
# The views of a portfolio.
PORTFOLIO: Final[Mapping[str, Mapping[str, Column]]] = {
    "figures": {
        "sample": _OF_A_SAMPLE,
        **_TOLD,
        "counts": Column("What the figure counts."),
        "base": Column("What it is a part of, in words."),
    },
    "matrix": {
        "sample": _OF_A_SAMPLE,
        "matrix": Column("What stands in the rows and in the columns.", key=True),
        "row": Column("The row: a region, a programme or a group.", key=True),
        "column": Column("The column: a type of payer, a year or another group.", key=True),
        **_TOLD,
    },
    "measures": {
        **_CONCEPT,
        "domain": Column("Domain of care."),
        "measure_type": Column("The type that most lists state; empty: none, or a tie."),
        "origin": Column("standard, homegrown, or not known where identifiers are held back."),
        "used_by": Column("How many lists ask for it.", Holds.WHOLE),
        "of": Column("Of how many lists.", Holds.WHOLE),
        "used_by_latest": Column("How many latest editions ask for it.", Holds.WHOLE),
        "of_latest": Column("Of how many latest editions.", Holds.WHOLE),
        "programmes": Column("How many programmes ask for it, in any year.", Holds.WHOLE),
        "modified_by": Column("Lists that say that they changed it."),
        "asked_by": Column("The lists that ask for it."),
    },
    "sets": {
        "key": Column("payer@year; the payer alone where no year is stated.", key=True),
        "payer": Column("Slug of the payer's programme."),
        "name": Column("Its name."),
        "year": Column("Year of the care, else of the report, else in which it begins."),
        "latest": Column("true if it is the last edition of its programme.", Holds.FLAG),
        "role": Column("contract counts; reference and internal are shown, never counted."),
        "complete": Column("false if the list says that it is not whole.", Holds.FLAG),
        "payer_type": Column("Type of payer."),
        "line_of_business": Column("Line of business."),
        "contract_type": Column("Type of contract."),
        "use": Column("Every use that one of its measures states."),
        "region": Column("Where it holds."),
        "members": Column("Members that it states.", Holds.WHOLE),
        "measures_listed": Column("Lines that it prints.", Holds.WHOLE),
        "asks": Column("Distinct measures that it asks for.", Holds.WHOLE),
        "shared": Column("Those that another programme asks for too.", Holds.WHOLE),
        "standard": Column("Those with a standard identifier.", Holds.WHOLE),
        "modified": Column("Lines of which it says that it changed the measure.", Holds.WHOLE),
        "source": Column("The file."),
    },
    "groups": {
        "sample": _OF_A_SAMPLE,
        "axis": Column("By what lists or measures are put together.", key=True),
        "group": Column("What they say there.", key=True),
        **_TOLD,
    },
}


ASKED: Final = "what it asks, as short as a committee says it; the key is below the table."
COMMITTEE: Final[Mapping[str, Column]] = {
    "row": Column("What a row is about; hidden, for votes and notes to find their row.", key=True),
    "short": Column("Short name of the measure, or the mark of a difference or a question."),
    "measure": Column("Name of the measure, or what is to settle, to know or to ask."),
    "cited as": Column("Identifiers that the lists give."),
    "used by": Column("Lists that ask, of those that could by their scope."),
    "difference": Column("D: to settle. N: no vote needed. none seen: no stated fact differs."),
    "decided": Column("What becomes of the measure in the set, where that has been decided."),
}
DEFINITIONS: Final[Mapping[str, Column]] = {
    "sheet": Column("Name of the sheet.", key=True),
    "name": Column("Name of a column, or of a figure.", key=True),
    "meaning": Column("What it holds, or what it counts."),
}
SHEETS: Final = {"committee": COMMITTEE, **COLUMNS, "definitions": DEFINITIONS}


def keys(sheet: str, heads: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that together name a row of a sheet, of those that it has."""
    known = SHEETS[sheet]
    return tuple(dict.fromkeys(name for name in heads if name in known and known[name].key))
