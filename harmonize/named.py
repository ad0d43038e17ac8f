"""What a wish names, found among the candidates, and what of it is not here."""

from collections.abc import Iterable
from difflib import get_close_matches

from harmonize.audience import Published
from harmonize.candidates import Candidate, candidates
from harmonize.problems import Problem
from harmonize.wishes import Wish
from harmonize.wording import base_id


class Names:
    """The candidates by every name that somebody may use for them."""

    def __init__(self, published: Published, every: Iterable[Candidate]) -> None:
        home = {name: one for one in every for name in one.unit.concepts}
        self.found: dict[str, set[str]] = {}
        self.by_id = {one.id: one for one in every}
        for concept in published.report.crosswalk.concepts:
            one = home.get(concept.id)
            names = {concept.id, *(m.ref for m in concept.members)}
            for item in concept.members:
                for system, values in (item.ids or {}).items():
                    both = {*values, *(base_id(system, value) for value in values)}
                    names |= {f"{system}:{value}".lower() for value in both}
            for name in names:
                self.found.setdefault(name, set()).update({one.id} if one else set())

    def one(self, name: str | None) -> Candidate | None:
        """The candidate of this name, if it is the only one."""
        ids = self.ids(name or "")
        return self.by_id[next(iter(ids))] if ids and len(ids) == 1 else None

    def ids(self, name: str) -> frozenset[str] | None:
        """The candidates of this name; `None` where nothing here is called so."""
        found = self.found.get(name, self.found.get(name.lower()))
        return None if found is None else frozenset(found)

    def near(self, name: str) -> str:
        """The name that was probably meant, as a hint."""
        found = get_close_matches(name[:60], sorted(self.found), 1, 0.6)
        return f": did you mean {found[0]!r}?" if found else ""


def lost(published: Published, wish: Wish) -> tuple[Problem, ...]:
    """What a wish names that is not here, or that may be several things."""
    named = Names(published, candidates(published, wish))
    found = []
    for key, asked in (("required", wish.required), ("excluded", wish.excluded)):
        for part in asked or ():
            name = part.measure or ""
            ids = named.ids(name)
            place = wish.place_of(key, part.where, "measure")
            if ids is None and not _is_number(name):
                told = f"no measure here is {name[:60]!r}{named.near(name)}"
                found.append(Problem(place, "HZ561", told))
            elif ids and len(ids) > 1:
                told = f"{name[:60]!r} may be any of {', '.join(sorted(ids))}: name one of them"
                found.append(Problem(place, "HZ562", told))
    domains = known_domains(published)
    for one in wish.domains or ():
        if (one.domain or "").casefold() not in {name.casefold() for name in domains}:
            told = f"no domain is {(one.domain or '')[:60]!r}; there are {', '.join(domains)}"
            place = wish.place_of("domains", one.where, "domain")
            found.append(Problem(place, "HZ563", told))
    payers = [p.payer for p in published.report.payers]
    for notice in wish.notice or ():
        if notice.payer is not None and notice.payer not in payers:
            told = f"no payer {notice.payer[:60]!r}; here are {', '.join(payers)}"
            found.append(Problem(wish.place_of("notice", notice.where, "payer"), "HZ010", told))
    return tuple(found)


def known_domains(published: Published) -> tuple[str, ...]:
    """The domains that a measure can be of, in the order of reading."""
    found = published.report.crosswalk
    more = sorted({c.domain for c in found.concepts} - found.order_of_domains.keys())
    return (*sorted(found.order_of_domains, key=lambda d: found.order_of_domains[d]), *more)


def _is_number(name: str) -> bool:
    """Whether it is written as system:number, which nobody here may list."""
    system, colon, number = name.partition(":")
    return bool(colon and system and number) and "/" not in system
