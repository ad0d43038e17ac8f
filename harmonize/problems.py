"""One fault in one place, and the codes by which people and CI jobs know it."""

from dataclasses import dataclass
from typing import Final, NamedTuple

MOST: Final = 2_000  # problems that are told of one file
TOO_MANY: Final = f"more than {MOST:,} problems in this file: the rest is not told"


class Place(NamedTuple):
    """Where something stands in a file; lines and columns count from 1, 0 is the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """`file:line`, the form that reports print as `source`."""
        return f"{self.file}:{self.line}" if self.line else self.file


NOWHERE: Final = Place("")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What was found and what was wanted, said once; `severity` is `error` or `warning`."""

    place: Place
    code: str
    message: str
    severity: str = "error"
    also: tuple[Place, ...] = ()  # where else one has to look

    def __str__(self) -> str:
        """`file:line:col: CODE message`, the line that a person sees."""
        place = self.place
        return (
            f"{place.file}:{max(place.line, 1)}:{max(place.column, 1)}: {self.code} {self.message}"
        )


class SpecError(Exception):
    """Input that cannot be read: every problem of every file, in order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


# A code never changes its meaning and is never given to another fault.
CODES: Final = {
    "HZ001": "no such file or folder",
    "HZ002": "no spec where one was looked for",
    "HZ003": "not a regular file",
    "HZ004": "cannot be opened",
    "HZ005": "not UTF-8",
    "HZ006": "binary",
    "HZ007": "empty",
    "HZ008": "larger than the stated bound",
    "HZ009": "a folder that contains itself",
    "HZ010": "an unknown payer or payer/id",
    "HZ011": "two files for one payer",
    "HZ012": "no gold crosswalk where one was looked for",
    "HZ013": "files of a folder that an import leaves aside",
    "HZ101": "not readable as YAML",
    "HZ102": "a plain value cut by #",
    "HZ103": "a value that starts with > or | and became a block",
    "HZ104": "an unquoted colon",
    "HZ105": "a key given twice",
    "HZ106": "several documents in one file",
    "HZ107": "a merge key",
    "HZ108": "a tag",
    "HZ109": "an alias that refers to itself or to nothing",
    "HZ110": "nested deeper than the stated bound",
    "HZ111": "expanded beyond the stated bound",
    "HZ112": "a value longer than the stated bound",
    "HZ113": "more problems in one file than are told",
    "HZ201": "an unknown key",
    "HZ202": "a required key is missing",
    "HZ203": "a key without a value",
    "HZ204": "another shape than the field takes",
    "HZ205": "a word outside a closed vocabulary",
    "HZ206": "a value that cannot be",
    "HZ207": "a value outside its field's grammar",
    "HZ208": "two measures with one id",
    "HZ209": "a payer slug that cannot be used",
    "HZ210": "another format version",
    "HZ211": "a part of nothing, or of itself",
    "HZ212": "an overlay changes what its base locks",
    "HZ213": "a base that cannot be used",
    "HZ214": "knowledge that contradicts what is known",
    "HZ301": "kept as text",
    "HZ302": "an identifier in an unusual form",
    "HZ303": "an identifier of another measure than the title says",
    "HZ304": "an acronym of another measure than what stands beside it",
    "HZ305": "a measure that was renamed, replaced or retired by then",
    "HZ311": "words that no field can hold, kept in notes",
    "HZ312": "read in another encoding than UTF-8",
    "HZ401": "not readable as CSV",
    "HZ402": "a column is missing",
    "HZ403": "an empty cell where a value is needed",
    "HZ404": "a pair inside one list, or judged in two ways",
    "HZ405": "a file of another kind where one is to be written",
    "HZ411": "a column that does not stand in the table",
    "HZ412": "a cell that a spreadsheet has spoilt",
    "HZ413": "several tables or lists, where one was wanted",
    "HZ414": "not readable as a workbook",
    "HZ415": "a cross that may mean yes or no",
    "HZ416": "a row that may be a measure or the heading of a section",
    "HZ451": "not readable as JSON",
    "HZ452": "nothing in it that the importer looks for",
    "HZ453": "a direction whose code and words contradict each other",
    "HZ454": "measures of one identifier with contrary directions",
    "HZ455": "ages that the texts of a measure name differently",
    "HZ456": "a word that the format has no word for",
    "HZ457": "a filter that fits nothing in the data",
    "HZ458": "a year other than the data's own",
    "HZ501": "a decision that does not say who decided, or when",
    "HZ502": "decisions that contradict each other",
    "HZ503": "a decision that says why nowhere, and has to",
    "HZ504": "a decision about nothing, or about several things",
    "HZ505": "a judgement of another kind of question",
    "HZ506": "a list of decisions in a form that cannot be added to",
    "HZ507": "several decisions files, where one is to be written",
    "HZ511": "a column of a filled sheet that is missing, or stands twice",
    "HZ512": "an answer in a row whose question cannot be told",
    "HZ513": "a pin that was damaged, or is of another row",
    "HZ514": "a decision about a measure that no spec has",
    "HZ515": "one question answered in two places",
    "HZ516": "words in a row that decides nothing",
    "HZ517": "a comment on a measure that is not there",
    "HZ518": "a comment that says nothing",
    "HZ519": "a decision about a payer that is not here",
    "HZ521": "a mapping, or a set of them, without what each must have",
    "HZ522": "a word or a number of values that a slot of SSSOM does not take",
    "HZ523": "no CURIE, or no absolute address, where SSSOM wants one",
    "HZ524": "a prefix that is not declared, or stands for another address",
    "HZ525": "a slot that SSSOM has not, and that no extension defines",
    "HZ526": "a slot of SSSOM 1.1 in a set that does not say that it is of 1.1",
    "HZ527": "a number or a day that a slot of SSSOM cannot hold",
    "HZ528": "not readable as SSSOM/TSV",
    "HZ529": "a prefix that names no payer",
    "HZ530": "what an export as SSSOM needs and no configuration says",
    "HZ545": "a fingerprint that no version of this program makes",
    "HZ546": "a rule that there is not",
    "HZ547": "a rule that is asked for without what it is to hold",
    "HZ548": "an ignore that does not say why, or who asks for it",
    "HZ549": "an ignore of nothing in particular",
    "HZ551": "git is not installed",
    "HZ552": "no git repository where one was looked for",
    "HZ553": "a ref that is not in this clone",
    "HZ554": "something that git refused",
    "HZ561": "a wish for a measure that is not here",
    "HZ562": "a name that may mean several measures",
    "HZ563": "a wish for a domain that there is not",
    "HZ564": "marks of one person for one candidate in two rows",
    "HZ565": "marks of what is no candidate here",
    "HZ571": "two files for one payer and year",
    "HZ581": "a number of payers too small for one to be hidden among them",
    "HZ582": "an alias that two payers have, or that is a payer",
    "HZ583": "a payer without an alias where others have one",
    "HZ584": "something that cannot be done where payers or what few hold are not shown",
}
