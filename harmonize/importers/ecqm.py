"""One FHIR Measure as an entry of a spec, and what of it was inferred, contradicted or not said.

Only what the Measure itself says is taken: its criteria merely name CQL definitions, so that no
logic stands in it and none is claimed.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from harmonize.fields import declared
from harmonize.headings import Headings, says_nothing
from harmonize.importers.codings import codings
from harmonize.importers.jsonnodes import each, said, text
from harmonize.importers.prose import ages_told, widest, written
from harmonize.importers.terms import as_id, lined, term, unknown, worded, words
from harmonize.measures import Measure
from harmonize.problems import Place, Problem
from harmonize.trees import Items, Node, Pairs, Scalar, bare, listed, stated

# By what an identifier is known: the last part of its system, else the code of its type.
_SYSTEMS: Final = {"cmsid": "cms", "cbeid": "cbe", "nqfid": "cbe", "shortname": "short"}
_TYPES: Final = {"endorser": "cbe", "short-name": "short"}
_CMS: Final = re.compile(r"(?:CMS)?0*([0-9]{1,4})(?:FHIR)?(v[0-9]+(?:\.[0-9]+)*)?", re.IGNORECASE)
_EQUALS: Final = re.compile(
    r"(?:equals?|same as|equal to) (?:the )?"
    r"(initial (?:patient )?population|denominator|measure population)\.?",
    re.IGNORECASE,
)
_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*)?", re.DOTALL)
# A population of a Measure, and the field that it is.
_POPULATIONS: Final = {
    "initial-population": "initial_population",
    "denominator": "denominator",
    "measure-population": "denominator",
    "denominator-exclusion": "denominator_exclusions",
    "measure-population-exclusion": "denominator_exclusions",
    "denominator-exception": "denominator_exceptions",
    "numerator": "numerator",
    "numerator-exclusion": "numerator_exclusions",
}
_LISTS: Final = ("denominator_exclusions", "denominator_exceptions", "numerator_exclusions")
_BASES: Final = {"boolean": "patients"}
_TEXTS: Final = (*_POPULATIONS.values(), "description", "stratified_by")
_WAYS: Final = declared(Measure)["improvement_notation"].choices


@dataclass(frozen=True, slots=True)
class Entry:
    """A Measure as a spec lists it, and what the list as a whole has to know of it.

    `ways` are its directions by rate, `notes` lines that are kept beside it.
    """

    id: Scalar
    fields: Mapping[str, Node | None]
    place: Place
    period: tuple[str, str]  # first and last day, empty where not stated
    status: str
    ways: Mapping[str, Scalar]
    notes: tuple[str, ...]

    @property
    def years(self) -> str:
        """The year in which the care happens, `2026-2027` if it is two, nothing if not stated."""
        return "-".join(dict.fromkeys(day[:4] for day in self.period))


def read_measure(
    node: Pairs, file: str, problems: list[Problem], headings: Headings, *, texts: bool
) -> Entry | None:
    """A Measure; `None` if nothing in it names it, which is then one of the problems."""
    ids = _identifiers(node)
    raw = worded(node, "title") or worded(node, "name") or worded(node, "id")
    if raw is None:
        problems.append(Problem(node.place, "HZ202", "a Measure without title, name or id"))
        return None
    title = " ".join(raw.text.split())
    title = title.removesuffix("FHIR").rstrip() or title
    identity, systems = _identity(ids, worded(node, "name") or worded(node, "id") or raw)
    of_it = each(node, "group") or (node,)
    groups = [_group(node, one, identity.text, problems, headings) for one in of_it]
    authors = (lined(one, "name") for one in each(node, "author"))
    fields: dict[str, Node | None] = {
        "id": identity,
        "title": raw._replace(text=title),
        "ids": stated(systems, node.place) if systems else None,
        "steward": lined(node, "publisher") or next(filter(None, authors), None),
        "version": lined(node, "version"),
        "description": worded(node, "description"),
        "measurement_period": _period(node),
        "source": Scalar(re.split(r"[\\/]", file)[-1], node.place),
    }
    fields |= _common(groups)
    fields["ages"] = _ages(fields, identity.text, problems)
    rates = [_rate(at, one, fields, texts=texts) for at, one in enumerate(groups, start=1)]
    fields["rates"] = Items(tuple(rates), node.place) if len(rates) > 1 else None
    notes = [f"Title as published: {raw.text}"] if title != raw.text else []
    notes += groups[0].notes if len(groups) == 1 else ()
    if texts:
        notes += _notices(node)
    else:
        fields |= dict.fromkeys(_TEXTS)
    return Entry(
        identity,
        {name: fields.get(name) for name in declared(Measure)},
        node.place,
        _days(node),
        text(node, "status"),
        {str(at): one.way for at, one in enumerate(groups, start=1) if one.way},
        tuple(notes),
    )


def _notices(node: Node) -> Iterator[str]:
    """What has to stay with the steward's text."""
    for key in ("copyright", "disclaimer"):
        if found := worded(node, key):
            yield f"{key.capitalize()}: {found.text}"


# --- what it is called --------------------------------------------------------------------------


def _identifiers(node: Node) -> dict[str, list[Scalar]]:
    """Identifiers by what they are, never by where they stand in the list."""
    found: dict[str, list[Scalar]] = {}
    for one in each(node, "identifier"):
        value = lined(one, "value")
        system = text(one, "system").rstrip("/").split("/")[-1].lower()
        types = [text(coding, "code") for coding in each(one, "type", "coding")]
        kinds = [_SYSTEMS[system]] if system in _SYSTEMS else [_TYPES.get(t, "") for t in types]
        if value is not None and any(kinds):
            found.setdefault(next(filter(None, kinds)), []).append(value)
    return found


def _identity(
    ids: Mapping[str, list[Scalar]], name: Scalar
) -> tuple[Scalar, dict[str, Node | None]]:
    """The id in the list, and identifiers by system; `165FHIR` is CMS165."""
    short = ids.get("short", [])
    cms = ids.get("cms", [])
    if not cms:
        named = [one for one in short if re.match("CMS[0-9]", one.text)]
        cms = [one._replace(remark=f"read from the short name {one.text}") for one in named]
    numbers = [(_CMS.fullmatch(one.text), one) for one in cms]
    own = [(f"CMS{m[1]}", (m[2] or "").lower(), one) for m, one in numbers if m]
    own += [(one.text, "", one) for m, one in numbers if not m]
    systems = {
        "cms": listed([one._replace(text=f"{number}{edition}") for number, edition, one in own]),
        "cbe": listed(ids.get("cbe", [])),
    }
    chosen = own[0][2]._replace(text=own[0][0], remark="") if own else (*short, name)[0]
    found: dict[str, Node | None] = {k: node for k, node in systems.items() if node is not None}
    return chosen._replace(text=as_id(chosen.text)), found


# --- when it holds ------------------------------------------------------------------------------


def _days(node: Node) -> tuple[str, str]:
    """The first and the last day, if both are days and in this order."""
    days = []
    for key in ("start", "end"):
        found = _DAY.fullmatch(text(node, "effectivePeriod", key))
        try:
            days.append(dt.date.fromisoformat(found[1] if found else "").isoformat())
        except ValueError:
            return "", ""
    return (days[0], days[1]) if days[0] <= days[1] else ("", "")


def _period(node: Node) -> Scalar | None:
    first, last = _days(node)
    start = said(node, "effectivePeriod", "start")
    if not first or start is None:
        return None
    told = f"{first} to {last}"
    if (first[5:], last[5:]) == ("01-01", "12-31") and first[:4] == last[:4]:
        return Scalar("calendar year", start.place, remark=told)
    return Scalar(told, start.place)


# --- a group is a rate --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Group:
    """A group of populations, which is one rate, in the words of the format."""

    node: Node
    fields: Mapping[str, Node | None]
    way: Scalar | None
    notes: tuple[str, ...]


def _group(
    measure: Pairs, group: Node, name: str, problems: list[Problem], headings: Headings
) -> _Group:
    scoring = _choice("scoring", measure, group, "scoring", name, problems, headings)
    way = _direction(measure, group, name, problems)
    fields: dict[str, Node | None] = {
        "scoring": scoring,
        "measure_type": _choice("measure_type", measure, group, "type", name, problems, headings),
        "improvement_notation": way,
        **_people(group),
        "stratified_by": listed([s for one in each(group, "stratifier") if (s := _stratum(one))]),
    }
    notes = []
    for basis in codings(group, "populationBasis")[:1]:
        remark = f"Population basis: {basis.code.text}"
        if scoring and scoring.text == "proportion":
            unit = _BASES.get(basis.code.text) or f"{words(basis.code.text)}s"
            fields["scoring_unit"] = basis.code._replace(
                text=unit, plain=False, remark=remark.lower()
            )
        else:
            notes.append(remark)
    aggregations = [one.code.text for one in codings(group, "rateAggregation")]
    notes += [
        f"Rate aggregation: {one}" for one in aggregations if not says_nothing(one, none=True)
    ]
    return _Group(group, fields, way, tuple(notes))


def _stratum(node: Node) -> Scalar | None:
    return lined(node, "description") or lined(node, "code", "text")


def _people(group: Node) -> dict[str, Node | None]:
    """Populations by field; one that only points to another says what that one says."""
    told: dict[str, list[Scalar]] = {}
    for one in each(group, "population"):
        codes = [text(coding, "code") for coding in each(one, "code", "coding")]
        field = next((_POPULATIONS[code] for code in codes if code in _POPULATIONS), None)
        found = worded(one, "description")
        if field and found:
            told.setdefault(field, []).append(found)
    people: dict[str, Node | None] = {}
    for field in dict.fromkeys(_POPULATIONS.values()):
        texts = [_resolved(one, told) for one in told.get(field, ())]
        kept = [one for one in texts if one is not None]
        if field in _LISTS:
            people[field] = listed(kept)
        elif kept:
            whole = "\n\n".join(dict.fromkeys(one.text for one in kept))
            people[field] = kept[0]._replace(text=whole)
    return people


def _resolved(one: Scalar, told: Mapping[str, list[Scalar]]) -> Scalar | None:
    """`Equals Initial Population` as the text of the initial population."""
    for _ in range(len(_POPULATIONS)):
        found = _EQUALS.fullmatch(" ".join(one.text.split()))
        if not found:
            return one
        other = "denominator" if found[1].lower()[0] in "dm" else "initial_population"
        texts = list(dict.fromkeys(t.text for t in told.get(other, ())))
        if not texts:
            return None
        remark = f"stands there as: {' '.join(one.text.split())}"
        one = one._replace(text="\n\n".join(texts), remark=one.remark or remark)
    return None


def _common(groups: list[_Group]) -> dict[str, Node | None]:
    """What every group states alike: the measure states it, and its rates what differs."""
    first = groups[0].fields
    same = (k for k in first if len({bare(one.fields.get(k)) for one in groups}) == 1)
    return {key: first[key] for key in same}


def _rate(at: int, group: _Group, whole: Mapping[str, Node | None], *, texts: bool) -> Node:
    place = group.node.place
    title = lined(group.node, "description") if texts else None
    own = {k: v for k, v in group.fields.items() if bare(v) != bare(whole.get(k))}
    people = own.get("initial_population")
    band = widest(ages_told(people.text)) if isinstance(people, Scalar) else None
    ages = band and written(band, place, f'read from its initial population: "{band.words}"')
    if ages and bare(ages) != bare(whole.get("ages")):
        own["ages"] = ages
    if not texts:
        own |= dict.fromkeys(_TEXTS)
    notes = "\n".join(group.notes)
    named = {
        "id": Scalar(str(at), place),
        "title": title or Scalar(f"Rate {at}", place, remark="the group has no description"),
        **{name: own.get(name) for name in declared(Measure) if name in own},
        "notes": Scalar(notes, place) if notes else None,
    }
    return stated(named, place)


# --- codes --------------------------------------------------------------------------------------


def _choice(
    field: str,
    measure: Node,
    group: Node,
    name: str,
    of: str,
    problems: list[Problem],
    headings: Headings,
) -> Scalar | None:
    """A code in the words of the format; the group's, else the Measure's."""
    found = codings(group, name) or codings(measure, name)
    for one in found:
        if word := term(headings, field, one.code.text):
            return one.code._replace(text=word, plain=False)
    if found:
        problems.append(unknown(field, found[0].code, of))
    return None


def _direction(measure: Node, group: Node, of: str, problems: list[Problem]) -> Scalar | None:
    """The direction that the code states; whoever says otherwise beside it is a warning."""
    whole = codings(measure, "improvementNotation")
    own = codings(group, "improvementNotation") or whole
    found = next((one for one in own if words(one.code.text) in _WAYS), None)
    if found is None:
        if own:
            problems.append(unknown("improvement_notation", own[0].code, of))
        return None
    way = words(found.code.text)
    said_of_it = [("its words say", _way(found.words))]
    said_of_it += [("another code says", words(one.code.text)) for one in own]
    said_of_it += [("the Measure as a whole says", words(one.code.text)) for one in whole]
    for who, other in said_of_it:
        if other in _WAYS and other != way:
            message = (
                f"{of}: direction-conflict: the code says {way!r}, {who} {other!r}; "
                "the code was taken, the steward knows"
            )
            problems.append(Problem(found.code.place, "HZ453", message, "warning"))
            break
    return found.code._replace(text=way, plain=False)


def _way(shown: str) -> str:
    """The direction that words name; nothing where they name none or both."""
    named = [way for way in _WAYS if re.search(rf"\b{way[:-1]}", shown, re.IGNORECASE)]
    return named[0] if len(named) == 1 else ""


# --- ages ---------------------------------------------------------------------------------------


def _ages(fields: Mapping[str, Node | None], of: str, problems: list[Problem]) -> Node | None:
    """Ages as the description has them, else the initial population; with the words."""
    told = {
        name: (node, ages)
        for name in ("description", "initial_population")
        if isinstance(node := fields.get(name), Scalar) and (ages := ages_told(node.text))
    }
    if not told:
        return None
    source, (node, ages) = next(iter(told.items()))
    chosen, named = widest(ages), source.replace("_", " ")
    if chosen is None:
        shown = ", ".join(one.words for one in ages)[:200]
        message = f"{of}: the {named} names several ages, none was taken: {shown}"
        problems.append(Problem(node.place, "HZ455", message, "warning"))
        return None
    remark = f'read from the {named}: "{chosen.words}"'
    other = widest(told["initial_population"][1]) if "initial_population" in told else None
    if other and other.ages != chosen.ages:
        remark += f'; the initial population says "{other.words}"'
        message = (
            f"{of}: the description says {chosen.words!r}, the initial population "
            f"{other.words!r}; the description's ages were taken"
        )
        problems.append(Problem(node.place, "HZ455", message, "warning"))
    elif other and other.start and not chosen.start:
        remark += "; the initial population counts it at the start of the period"
    return written(chosen, node.place, remark)
