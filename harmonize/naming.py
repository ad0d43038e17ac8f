"""What a group of items is called: id, label, acronym and domain."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from harmonize.evidence import PRECISE
from harmonize.knowledge import DEFAULT_DOMAIN, Entry
from harmonize.pairing import Lists, content

NAMING: Final = tuple(system for system in PRECISE if system != "star")


@dataclass(frozen=True, slots=True)
class Name:
    """How a concept is called; `entry` is what it is in the catalogue, if anything."""

    id: str
    label: str
    domain: str
    acronym: str | None
    entry: Entry | None


def names(lists: Lists, clusters: list[frozenset[str]]) -> list[Name]:
    """A name for each group; of two that would be called the same the larger is, then the first."""
    entries = [entry_of(lists, cluster) for cluster in clusters]
    plain = [_plain(lists, c, e) for c, e in zip(clusters, entries, strict=True)]
    claims = [(-len(cluster), min(lists.rank[r] for r in cluster)) for cluster in clusters]
    best: dict[str, tuple[int, int]] = {}
    for name, claim in zip(plain, claims, strict=True):
        best[name] = min(best.get(name, claim), claim)
    found = []
    for cluster, entry, name, claim in zip(clusters, entries, plain, claims, strict=True):
        first = claim == best[name]
        found.append(
            Name(
                id=name if first else f"{name}.{_mark(lists, cluster)}",
                label=entry.name if entry and first else commonest_title(lists, cluster),
                domain=_domain(lists, cluster, entry),
                acronym=_acronym(lists, cluster, entry) if first else None,
                entry=entry,
            )
        )
    twice = {one.id for i, one in enumerate(found) if one.id in {o.id for o in found[:i]}}
    return [
        replace(one, id=f"{one.id}.{_hash(','.join(sorted(cluster)))}") if one.id in twice else one
        for one, cluster in zip(found, clusters, strict=True)
    ]  # equals in every word, which a tie keeps apart


def entry_of(lists: Lists, cluster: Iterable[str]) -> Entry | None:
    """The catalogue's measure that most members are; nothing when two are equally many."""
    counts: dict[str, int] = {}
    for ref in lists.first(cluster):
        if entry := lists.scene.entries[ref]:
            counts[entry.key] = counts.get(entry.key, 0) + 1
    top = [k for k, n in counts.items() if n == max(counts.values())]
    return lists.knowledge.by_key[top[0]] if len(top) == 1 else None


def commonest_title(lists: Lists, cluster: Iterable[str]) -> str:
    """What most members print; of equals the shortest."""
    titles: dict[str, int] = {}
    for ref in lists.first(cluster):
        item = lists.measures[ref]
        title = " ".join((f"{item.context}: {item.title}" if item.context else item.title).split())
        titles[title] = titles.get(title, 0) + 1
    return min(titles, key=lambda t: (-titles[t], len(t), t))


def _plain(lists: Lists, cluster: Iterable[str], entry: Entry | None) -> str:
    """An id that comes from what the members are and does not move when a payer joins."""
    if entry:
        return entry.key.lower()
    for system in NAMING:
        values = sorted({v for r in cluster for v in lists.profiles[r].ids.get(system, ())})
        if len(values) == 1 and not lists.scene.names_family(
            system, values[0], *(lists.measures[r].payer for r in cluster)
        ):
            return f"{system}-{values[0].lower().removeprefix(system)}"
    return _words(lists, cluster)


def _words(lists: Lists, cluster: Iterable[str]) -> str:
    """The telling words of most members, and a mark of them all."""
    counts: dict[tuple[str, ...], int] = {}
    for ref in cluster:
        words = lists.profiles[ref].words
        counts[words] = counts.get(words, 0) + 1
    words = min(counts, key=lambda w: (-counts[w], w))
    shown = "-".join(words[:4])[:32] or "measure"
    return f"{shown}-{_hash(' '.join(words))}"


def _mark(lists: Lists, cluster: Iterable[str]) -> str:
    """A short mark of what the first member says."""
    first = min(content(lists.measures[r], lists.profiles[r]) for r in cluster)
    return _hash(repr(first))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def _domain(lists: Lists, cluster: Iterable[str], entry: Entry | None) -> str:
    if entry:
        return entry.domain
    said = f" {' '.join(commonest_title(lists, cluster).lower().replace('-', ' ').split())} "
    for name, _, phrases in sorted(lists.knowledge.domains, key=lambda d: d[1]):
        if any(f" {p} " in said.replace(":", " ").replace(",", " ") for p in phrases):
            return name
    return DEFAULT_DOMAIN


def _acronym(lists: Lists, cluster: Iterable[str], entry: Entry | None) -> str | None:
    whole = entry and lists.knowledge.by_key.get(entry.whole or "")
    if entry and (entry.acronym or (whole and whole.acronym)):
        return entry.acronym or (whole.acronym if whole else None)
    found: dict[str, int] = {}
    for ref in cluster:
        for acronym in lists.profiles[ref].acronyms:
            found[acronym] = found.get(acronym, 0) + 1
    return min(found, key=lambda a: (-found[a], a), default=None)
