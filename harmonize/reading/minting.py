"""Ids for measures whose payer gives none, made from what each states and from no other."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from harmonize.fields import declared
from harmonize.marks import Marks, for_everybody
from harmonize.measures import Measure


def minted(measures: Sequence[Measure], marks: Marks) -> list[Measure]:
    """Measures without an id get one from the title, which does not hang on the rest of the list.

    Only where two would be called the same does each carry a mark made from all that it states
    for everybody to see, and only where that is the same a number besides, in the order given.
    `marks` are those of the list: an id is in every output, and a hash tells of what is short.
    """
    taken = {m.id for m in measures if not m.minted}
    slugs = Counter(_slug(m.title) for m in measures if m.minted)
    named: list[Measure] = []
    for one in measures:
        if not one.minted:
            named.append(one)
            continue
        name = _slug(one.title)
        if name in taken or slugs[name] > 1:
            seen = for_everybody(one, marks)
            stated = repr([(k, getattr(seen, i.name)) for k, i in declared(Measure).items()])
            name = marked = f"{name}-{_mark(stated)}"
            more = 1
            while name in taken:
                more += 1
                name = f"{marked}-{more}"
        taken.add(name)
        named.append(replace(one, id=name))
    return named


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    signs = {"<=": " le ", ">=": " ge ", "<": " lt ", ">": " gt ", "%": " pct ", "+": " plus "}
    for sign, word in signs.items():
        plain = plain.replace(sign, word)
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")
    return slug or f"measure-{_mark(title)}"


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:6]
