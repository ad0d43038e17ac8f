"""Decisions written into the text of a file: what did not change keeps its bytes."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from harmonize.composing import composed_flow, composed_pair, composed_record, composed_text
from harmonize.decisions import Decision, Withdrawn, ordered
from harmonize.fields import Info, Kind, Role, declared
from harmonize.problems import Place, Problem, SpecError
from harmonize.reading.decisions import read_file, read_root
from harmonize.reading.nodes import parse
from harmonize.reading.remarks import ends
from harmonize.trees import Items, Node, Pairs, Scalar

HEAD: Final = "harmonize: 1\ndecisions:\n"
INDENT: Final = "  "
_LINE: Final = re.compile("[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")
_NO_ITEMS: Final = re.compile(r"\[\s*\]")
_TEXT: Final = re.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^']|'')*'", re.DOTALL)
_HOW: Final = "write the list in lines of its own, a dash before each decision"


def recorded(text: str | None, file: str, decisions: Iterable[Decision]) -> str:
    """The text with each decision: in place of what answers the same question, or added.

    What is added goes before the first entry that comes after it by what it is about.  No text: a
    new file.  Raises `SpecError` for a file that cannot be read or added to.
    """
    text = text or HEAD
    listing = _Listing.of(text, file)
    old = listing.decisions
    standing: dict[tuple[str, ...], list[int]] = {}
    for at, own in enumerate(old):
        if own.withdrawn is None:  # what is withdrawn stays as a trace
            standing.setdefault(own.key, []).append(at)
    added: dict[tuple[str, ...], Decision] = {}
    traces: list[Decision] = []
    put: dict[int, Decision | None] = {}
    for one in ordered(decisions):
        same = standing.get(one.key, [])
        if one.withdrawn is not None:
            traces += [one] if one not in old else []
        elif not same:
            added[one.key] = one
        elif [old[at] for at in same] != [one]:
            put |= {**dict.fromkeys(same), same[0]: one}
    if not added and not traces and not put:
        return text
    return listing.with_(ordered((*traces, *added.values())), put)


def withdrawn(text: str, file: str, chosen: Collection[Decision], trace: Withdrawn) -> str:
    """The text with these of its entries marked as withdrawn, to which it only adds."""
    if not any(one in chosen for one in read_file(text, file)[0]):
        return text
    return _Listing.of(text, file).marked(chosen, trace)


def renamed(text: str, file: str, old: str, new: str) -> str:
    """The text with a payer, or a measure and its rates, called otherwise wherever it is named.

    `old` and `new` are both a payer, or both `payer/id`.
    """

    def called(ref: str) -> str:
        is_it = "/" in ref and (ref == old or ref.startswith(f"{old}/"))
        return f"{new}{ref[len(old) :]}" if is_it else ref

    if all(_with_names(one, called) == one for one in read_file(text, file)[0]):
        return text
    listing = _Listing.of(text, file)
    starts = _starts(listing.lines)
    names = {name for one in listing.entries for name in _names(one.node, Decision)}
    for one in sorted(names, key=lambda name: name.place, reverse=True):
        if called(one.text) == one.text:
            continue
        begin = starts[one.place.line - 1] + one.place.column - 1
        quoted = None if one.plain else _TEXT.match(text, begin)
        end = quoted.end() if quoted else begin + len(one.text)
        if not quoted and text[begin:end] != one.text:
            raise _refused(one.place, "a name over several lines: write it in one")
        style = text[begin] if quoted else ""
        text = f"{text[:begin]}{composed_text(called(one.text), style)}{text[end:]}"
    return _checked(text, file, [_with_names(one, called) for one in listing.decisions])


def _checked(text: str, file: str, expected: list[Decision]) -> str:
    """The text, if it reads as it is meant: nothing may break an entry, nor what it refers to."""
    try:
        found, _ = read_file(text, file)
    except SpecError as error:
        told = (replace(one, place=Place(file)) for one in error.problems)
        raise SpecError(tuple(one for one in told if one.severity == "error")) from None
    if list(found) != expected:
        message = "an entry would read otherwise than it is meant: write out what has an alias"
        raise _refused(Place(file), message)
    return text


def _refused(place: Place, message: str) -> SpecError:
    return SpecError((Problem(place, "HZ506", message),))


# --- names --------------------------------------------------------------------------------------


def _is_name(info: Info) -> bool:
    """Whether a field of one text names a measure, or a concept."""
    return info.kind is Kind.LINE and info.role is Role.IDENTITY


def _names(node: Node, cls: type) -> Iterator[Scalar]:
    """Every text of an entry that names a measure."""
    for key, value in node.pairs if isinstance(node, Pairs) else ():
        info = declared(cls)[key.text]
        if isinstance(value, Items) and info.kind is Kind.REFS:
            yield from (one for one in value.items if isinstance(one, Scalar))
        elif isinstance(value, Pairs) and info.kind is Kind.JUDGED:
            yield from (ref for ref, _ in value.pairs)
        elif isinstance(value, Scalar) and _is_name(info):
            yield value
        elif info.record is not None:
            yield from _names(value, info.record)


def _with_names(one: Any, called: Callable[[str], str]) -> Any:
    """A record with every measure that it names called otherwise."""
    found: dict[str, Any] = {}
    for info in declared(one.__class__).values():
        value = getattr(one, info.name)
        if value is None:
            continue
        if info.kind is Kind.REFS:
            found[info.name] = tuple(map(called, value))
        elif info.kind is Kind.JUDGED:
            found[info.name] = {called(ref): said for ref, said in value.items()}
        elif _is_name(info):
            found[info.name] = called(value)
        elif info.record is not None:
            found[info.name] = _with_names(value, called)
    return replace(one, **found)


# --- where entries stand ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry by its lines, from 0: what stands above it, its dash, and what is behind it."""

    above: int
    dash: int
    end: int
    node: Pairs


@dataclass(frozen=True, slots=True)
class _Listing:
    """A decisions file as lines, and which of them are whose.

    `last` is the line before which the list ends, `indent` what stands before each dash, `ends`
    the column behind what is no comment, by line from 1.
    """

    file: str
    lines: tuple[str, ...]
    last: int
    indent: str = INDENT
    decisions: tuple[Decision, ...] = ()
    entries: tuple[_Entry, ...] = ()
    ends: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, file: str) -> "_Listing":
        """Raises `SpecError` for what cannot be read, and for a list that is not one of lines."""
        root = parse(text, file)
        decisions, _ = read_root(root)
        assert isinstance(root, Pairs)  # noqa: S101 - it has been read
        key, listed = next(pair for pair in root.pairs if pair[0].text == "decisions")
        lines = tuple(_LINE.findall(text))
        if _sign(lines, root.place) == "{":
            raise _refused(root.place, f"the file is one of braces: {_HOW}")
        if not decisions:
            return cls(file, _emptied(text, listed), key.place.line)
        indent = lines[listed.place.line - 1][: listed.place.column - 1]
        if _sign(lines, listed.place) != "-" or not isinstance(listed, Items):
            raise _refused(listed.place, f"this list is none of lines: {_HOW}")
        after = (k.place.line - 1 for k, _ in root.pairs if k.place.line > listed.place.line)
        closed = (n for n, line in enumerate(lines) if re.match(r"\.\.\.\s", f"{line} "))
        stop = min((*after, *(n for n in closed if n >= listed.place.line)), default=len(lines))
        reach = ends(text)
        entries = tuple(_entries(lines, listed.items, indent, reach, stop))
        last = entries[-1].end
        while last < stop and _is_comment(lines[last]) and _margin(lines[last]) > len(indent):
            last += 1
        return cls(file, lines, last, indent, decisions, entries, reach)

    @property
    def spaced(self) -> bool:
        """Whether a blank line stands between entries, as it does where nobody has shown how."""
        between = [self.lines[one.above - 1] for one in self.entries[1:]]
        return not between or any(not line.strip() for line in between)

    def with_(self, added: tuple[Decision, ...], put: Mapping[int, Decision | None]) -> str:
        """The text with entries added, and others in place of some; `None` takes one out."""
        gap = [""] if self.spaced else []
        edits: list[_Edit] = []
        expected: list[Decision] = []
        waiting = [*reversed(added)]
        for at, (own, entry) in enumerate(zip(self.decisions, self.entries, strict=True)):
            key = own.key
            while waiting and waiting[-1].key < key:
                one = waiting.pop()
                made = [*composed_record(one, self.indent), *gap]
                edits.append((entry.above, entry.above, made))
                expected.append(one)
            if at in put:
                new = put[at]
                lines = composed_record(new, self.indent) if new else []
                edits.append((entry.dash, entry.end, lines))
            kept = put.get(at, own)
            expected += [kept] if kept else []
        for one in reversed(waiting):
            made = [*(gap if expected else []), *composed_record(one, self.indent)]
            edits.append((self.last, self.last, made))
            expected.append(one)
        return _checked(_edited(self.lines, edits), self.file, expected)

    def marked(self, chosen: Collection[Decision], trace: Withdrawn) -> str:
        """The text with the trace at the end of some entries."""
        edits: list[_Edit] = []
        for own, entry in zip(self.decisions, self.entries, strict=True):
            if own not in chosen:
                continue
            if _sign(self.lines, entry.node.place) == "{":
                line = self.lines[entry.end - 1]
                brace = self.ends[entry.end] - 2
                before = "".join(
                    self.lines[at][: self.ends.get(at + 1, 1) - 1]
                    for at in range(entry.dash, entry.end - 1)
                )
                head = line[:brace].rstrip()
                comma = "" if f"{before}{head}".endswith(",") else ","
                gap = " " if head or comma else line[:brace]
                new = f"{head}{comma}{gap}{composed_flow('withdrawn', trace)}{line[brace:]}"
                edits.append((entry.end - 1, entry.end, [new]))
            else:
                indent = " " * (entry.node.pairs[0][0].place.column - 1)
                edits.append(
                    (entry.end, entry.end, composed_pair(Decision, "withdrawn", trace, indent))
                )
        expected = [
            replace(own, withdrawn=trace) if own in chosen else own for own in self.decisions
        ]
        return _checked(_edited(self.lines, edits), self.file, expected)


_Edit = tuple[int, int, list[str]]
"""Lines from one to before another, and what is to stand there."""


def _entries(
    lines: tuple[str, ...],
    items: tuple[Node, ...],
    indent: str,
    reach: Mapping[int, int],
    stop: int,
) -> Iterator[_Entry]:
    dashes: list[int] = []
    for one in items:
        at = one.place.line - 1
        while at >= 0 and not lines[at].startswith(f"{indent}-"):
            at -= 1
        if at < 0 or (dashes and at <= dashes[-1]):
            raise _refused(one.place, "an alias stands for this entry elsewhere: write it out")
        dashes.append(at)
    before = 0
    for dash, bound, one in zip(dashes, (*dashes[1:], stop), items, strict=True):
        assert isinstance(one, Pairs)  # noqa: S101 - it has been read
        end = max(line for line in range(dash + 1, bound + 1) if line in reach)
        above = dash
        while (
            above > before
            and _is_comment(lines[above - 1])
            and _margin(lines[above - 1]) <= len(indent)
            and above not in reach
        ):
            above -= 1
        yield _Entry(above, dash, end, one)
        before = end


def _emptied(text: str, listed: Node) -> tuple[str, ...]:
    """The lines of a file without decisions, where its list can begin under its key."""
    lines = tuple(_LINE.findall(text))
    if isinstance(listed, Scalar) and listed.plain:
        return lines
    begin = _starts(lines)[listed.place.line - 1] + listed.place.column - 1
    found = _NO_ITEMS.match(text, begin)
    if not found:
        raise _refused(listed.place, f"this is no list of lines: {_HOW}")
    return tuple(_LINE.findall(text[:begin].rstrip(" \t") + text[found.end() :]))


def _starts(lines: Iterable[str]) -> list[int]:
    """At which character each line begins."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return starts


def _sign(lines: tuple[str, ...], place: Place) -> str:
    return lines[place.line - 1][place.column - 1 : place.column]


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip())


def _edited(lines: tuple[str, ...], edits: Iterable[_Edit]) -> str:
    """The lines with edits; breaks, and whether the last line has one, are as they were."""
    found = re.search("\r\n|[\r\n]", lines[0])
    end = found[0] if found else "\n"
    made: list[str] = []
    at = 0
    for start, stop, new in sorted(edits, key=lambda edit: edit[:2]):
        made += lines[at:start]
        made += (line if line[-1:] in ("\r", "\n") else f"{line}{end}" for line in new)
        at = stop
    made += lines[at:]
    if lines[-1][-1:] in ("\r", "\n"):
        return "".join(made)
    made[:-1] = [line if line[-1:] in ("\r", "\n") else f"{line}{end}" for line in made[:-1]]
    return "".join(made).rstrip("\r\n")
