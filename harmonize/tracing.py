"""Which entries of the knowledge an item's reading used, each with its source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial

from harmonize.catalogue import entry_of
from harmonize.knowledge import Entry, Knowledge, Phrase, Rule, Source
from harmonize.likeness import dice, letters
from harmonize.measures import Measure
from harmonize.slots import Profile, name_profile, names, profile
from harmonize.spelling import Fired, spelled

NO_SOURCE = Source("")


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """An entry that an item's reading used.

    `rule` is its sort (`slip`, `glued`, `acronym`, `abbreviation`, `synonym`, `boilerplate`,
    `stop`, `slot`, `measure`), `where` is `title` or `description`, `read` the words that it
    stands on and `as_` what they are read as.  `because` says what else it took: words beside it,
    or by what an item is taken for a measure.
    """

    where: str
    rule: str
    read: str
    as_: str
    because: str
    source: Source


def uses(item: Measure, knowledge: Knowledge) -> tuple[Use, ...]:
    """Every entry that was used on an item, in the order of reading, each once."""
    heard: list[tuple[str, Fired]] = []

    def hear(where: str, fired: Fired) -> None:
        heard.append((where, fired))

    one = profile(item, knowledge, {w: partial(hear, w) for w in ("title", "description")})
    found = [_use(where, fired, knowledge) for where, fired in heard]
    return tuple(dict.fromkeys((*found, *taken_for(one, knowledge))))


def _use(where: str, fired: Fired, knowledge: Knowledge) -> Use:
    new = " ".join(fired.new)
    match fired.rule:
        case "slot":
            new = f"{fired.name}: {new}"
            key: Rule = (f"slot {fired.name}", fired.old, fired.new)
            whole: Rule = (f"slot {fired.name}", (), ())
        case "acronym":
            new = knowledge.by_key[fired.name].name
            key = whole = ("measure", (fired.name,), ())
        case _:
            key = whole = (fired.rule, fired.old, fired.new)
    known = _sources(knowledge)
    source = known.get(key) or known.get(whole) or NO_SOURCE
    return Use(where, fired.rule, " ".join(fired.old), new, " ".join(fired.beside), source)


@cache
def _sources(knowledge: Knowledge) -> Mapping[Rule, Source]:
    """Sources by entry, also as its words are when others have been rewritten before it."""
    found = dict(knowledge.sources)
    for (rule, old, new), source in knowledge.sources.items():
        if rule in ("synonym", "boilerplate") or rule.startswith("slot"):
            for form in _forms(old, knowledge, new):
                found.setdefault((rule, form, new), source)
    return found


def _forms(old: Phrase, knowledge: Knowledge, new: Phrase) -> Iterator[Phrase]:
    """How an entry's words may look where it is looked for: abbreviations long, synonyms one."""
    steps: list[Fired] = []
    yield spelled(old, knowledge, steps.append)
    yield from (step.old for step in steps[-1:] if step.new == new)


def taken_for(one: Profile, knowledge: Knowledge) -> Iterator[Use]:
    """The measure of the catalogue that an item is taken for, and by what."""
    found = entry_of(one, knowledge)
    if found is None:
        return
    entry, likeness = found
    told = [*_shared(one, entry)]
    name = _closest(one, entry, likeness, knowledge) if likeness else None
    if name:
        told.insert(0, f"a name {likeness:.0%} alike")
    source = knowledge.sources.get(("measure", (entry.key,), ()), NO_SOURCE)
    yield Use("title", "measure", name or one.title, entry.name, ", ".join(told), source)


def _shared(one: Profile, entry: Entry) -> Iterator[str]:
    """Identifiers and acronyms that an item shares with an entry."""
    for system, values in sorted(one.ids.items()):
        for value in sorted(values & {*entry.ids.get(system, ())}):
            yield f"{system} {value}"
    own = {a.removesuffix("-E") for a in (entry.acronym, *entry.ids.get("hedis", ())) if a}
    for acronym in sorted({a.removesuffix("-E") for a in one.acronyms} & own):
        yield f"acronym {acronym}"


def _closest(one: Profile, entry: Entry, likeness: float, knowledge: Knowledge) -> str | None:
    """The name of an entry by which an item was taken for it."""
    called = [
        (letters(one.title.lower(), name.lower()), name)
        for place, (whose, name) in enumerate(names(knowledge))
        if whose is entry and dice(one, name_profile(place, knowledge), knowledge) == likeness
    ]
    return max(called)[1] if called else None
