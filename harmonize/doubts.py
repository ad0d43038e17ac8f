"""What a list says of a measure that the catalogue contradicts: its number, its label, its name.

Only what the catalogue is sure of is told, and as a doubt: nobody is corrected.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from harmonize.catalogue import SURE, entry_of
from harmonize.knowledge import Entry, Knowledge, Phrase, words
from harmonize.measures import Measure
from harmonize.problems import Problem
from harmonize.sets import MeasureSet
from harmonize.slots import profile
from harmonize.spelling import spelled
from harmonize.standards import Change, Standards, year_of
from harmonize.wording import base_id, names_apart


def doubts(
    sets: Iterable[MeasureSet], knowledge: Knowledge, standards: Standards
) -> tuple[Problem, ...]:
    """Warnings about every printed line, in the order of their places."""
    called = _old_names(standards, knowledge)
    found: set[Problem] = set()
    for one in sets:
        for item in one.measures or ():
            if item.rate_of is None and not item.any_of:
                said = _said(item, knowledge)
                found |= {*_numbers(said, knowledge, standards), *_labels(said, knowledge)}
                year = year_of(one)
                if year is not None:
                    found |= {*_past(said, year, called, standards, knowledge)}
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class _Said:
    """A line with what its words alone single out, and what each of its numbers names."""

    item: Measure
    title: Entry | None
    numbers: tuple[tuple[str, str, tuple[Entry, ...]], ...]  # (system, as written, entries)


def _said(item: Measure, knowledge: Knowledge) -> _Said:
    plain = names_apart(item.title)[0]
    bare = replace(item, title=plain, ids=None, acronym=None)
    found = entry_of(profile(bare, knowledge), knowledge)
    numbers = [
        (system, value, knowledge.by_id.get((system, base_id(system, value)), ()))
        for system, values in (item.ids or {}).items()
        for value in values
    ]
    sure = found[0] if found and found[1] >= SURE else None
    return _Said(item, sure, tuple(n for n in numbers if n[2]))


def _families(entries: Iterable[Entry], knowledge: Knowledge) -> set[str]:
    return {knowledge.family(e) for e in entries}


def _name(key: str, knowledge: Knowledge) -> str:
    entry = knowledge.by_key[key]
    return f"{entry.name} ({entry.acronym})" if entry.acronym else entry.name


def _numbers(said: _Said, knowledge: Knowledge, standards: Standards) -> Iterator[Problem]:
    """Numbers of a measure that is neither the one that the title names nor next to it in time."""
    if said.title is None:
        return
    own = knowledge.family(said.title)
    for system, value, entries in said.numbers:
        families = _families(entries, knowledge)
        beside = {f for s, _, e in said.numbers if s == system for f in _families(e, knowledge)}
        if len(beside) > len(families):
            continue  # a composite has the numbers of its parts
        after = {c.by for key in (said.title.key, own) for c in standards.changes_of.get(key, ())}
        before = {c.by for f in families for c in standards.changes_of.get(f, ())}
        if own not in families and own not in before and not families & after:
            names = " or ".join(sorted(_name(f, knowledge) for f in families))
            message = (
                f"ids.{system} is {value!r}, the number of {names}, and the title is that of "
                f"{_name(own, knowledge)}: correct the one that is wrong"
            )
            yield Problem(said.item.place_of("ids"), "HZ303", message, "warning")


def _labels(said: _Said, knowledge: Knowledge) -> Iterator[Problem]:
    """An acronym of another measure than that of every number, or of the title if there is none."""
    item = said.item
    labelled = knowledge.by_acronym.get((item.acronym or "").removesuffix("-E"))
    meant = _families((e for _, _, entries in said.numbers for e in entries), knowledge)
    meant = meant or _families([said.title] if said.title else [], knowledge)
    if labelled is None or not meant or knowledge.family(labelled) in meant:
        return
    names = " or ".join(sorted(_name(f, knowledge) for f in meant))
    message = (
        f"'acronym' is {item.acronym!r}, which is {labelled.name}, and what stands beside it is "
        f"{names}: correct the one that is wrong"
    )
    yield Problem(item.place_of("acronym"), "HZ304", message, "warning")


# --- names and measures of the past -------------------------------------------------------------


def _plain(text: str, knowledge: Knowledge) -> Phrase:
    return spelled(words(names_apart(text)[0]), knowledge)


def _old_names(standards: Standards, knowledge: Knowledge) -> dict[Phrase, list[Change]]:
    """Renames by the name that was."""
    found: dict[Phrase, list[Change]] = {}
    for change in standards.history:
        if _renamed(change) and change.was and change.now:
            was = _plain(change.was, knowledge)
            if was != _plain(change.now, knowledge):
                found.setdefault(was, []).append(change)
    return found


def _renamed(change: Change) -> bool:
    """Whether it got another name; BCS-E is BCS by another way of collecting."""
    codes = [(code or "").removesuffix("-E") for code in (change.was_code, change.now_code)]
    return change.kind == "renamed" and (codes[0] != codes[1] or not codes[0])


def _past(
    said: _Said,
    year: int,
    called: dict[Phrase, list[Change]],
    standards: Standards,
    knowledge: Knowledge,
) -> Iterator[Problem]:
    """A measure that is no more in the year of the list, or a name that it no longer has."""
    item = said.item
    keys = [k for k in _keys(said, knowledge) if _its_steward(item, knowledge.by_key[k])]
    gone = [
        change
        for key in keys
        for change in standards.changes_of.get(key, ())
        if change.kind != "renamed" and change.year <= year
    ]
    if gone:
        last = gone[-1]
        by = knowledge.by_key.get(last.by or "")
        what = f"replaced by {_name(by.key, knowledge)}" if by else "retired"
        message = f"{what} in {last.year} ({last.source}): say which measure is meant"
        yield Problem(item.place_of("title"), "HZ305", message, "warning")
        return
    renamed = [
        change
        for key in keys
        for change in standards.changes_of.get(key, ())
        if change.year <= year and _renamed(change) and _uses(item, change, called, knowledge)
    ]
    if renamed:
        last = [c for c in standards.changes_of[renamed[0].measure]
                if c.year <= year and _renamed(c)][-1]  # fmt: skip
        code = f", code {last.now_code}" if last.now_code else ""
        now = last.now or knowledge.by_key[last.measure].name
        message = f"renamed in {last.year}: now {now!r}{code} ({last.source})"
        yield Problem(item.place_of("title"), "HZ305", message, "warning")


def _its_steward(item: Measure, entry: Entry) -> bool:
    """Whether the line may be the steward's: who keeps a measure of the same name keeps its own."""
    if not item.steward or not entry.steward:
        return True
    mine, theirs = item.steward.lower(), entry.steward.lower()
    initials = "".join(word[0] for word in mine.split() if word not in ("for", "of", "and", "the"))
    return theirs in mine or mine in theirs or initials == theirs


def _keys(said: _Said, knowledge: Knowledge) -> list[str]:
    """The measure that a line is, and its whole: by its title, else by its numbers together."""
    if said.title is not None:
        entry = said.title
        return list(dict.fromkeys([entry.key, knowledge.family(entry)]))
    families = _families((e for _, _, entries in said.numbers for e in entries), knowledge)
    return sorted(families) if len(families) == 1 else []


def _uses(
    item: Measure, change: Change, called: dict[Phrase, list[Change]], knowledge: Knowledge
) -> bool:
    """Whether a line still has the old name, or the old code and not the new one."""
    if change in called.get(_plain(item.title, knowledge), ()):
        return True
    codes = {item.acronym, *(item.ids or {}).get("hedis", ())}
    return change.was_code in codes - {None} and change.now_code not in codes
