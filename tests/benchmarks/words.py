"""How telling each word of the field is, counted over published titles.

    python -m tests.benchmarks.words FILE... [--write]

A FILE is a CSV with a column `title`, or measures data in JSON with `title` and `description`; the
names in the catalogue are counted with them.  `--write` rewrites `harmonize/data/weights.yaml`.
"""

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final
from unittest.mock import patch

import harmonize
from harmonize import spelling
from harmonize.knowledge import Knowledge, words
from harmonize.reading.knowledge import shipped
from harmonize.spelling import spelled
from harmonize.wording import names_apart, without_markup

DATA: Final = Path(harmonize.__file__).parent / "data"
TITLES: Final = 2  # titles from which a word has a count of its own
TEXTS: Final = 3  # texts from which an ordinary word is taken for no slip of the pen
YAML_WORDS: Final = frozenset(["no", "yes", "on", "off", "null", "true", "false", "y", "n"])

HEAD: Final = """\
# How often a word stands in the title of a quality measure: the rarer, the more it tells.
#
# What it is: for each word, in how many different titles it stands, after abbreviations and
# synonyms of words.yaml; a word that is not here stood in one title or none. `plain` are words of
# titles and descriptions that no other file knows: they are words, and no slips of the pen.
# How it is read: the weight of a word is log((titles + 1) / (count + 1)).
# Where it comes from: `python -m tests.benchmarks.words FILE... --write`, counted over the titles
# of public measure lists of 2011-2026 (HEDIS MY2022, Medicaid core sets 2021-2026, MIPS, CPC+, Web
# Interface, APP, MSSP, Stars, state and regional sets, HRSA UDS, IHS GPRA, CCBHC), the MIPS and
# registry measures of 2021, and the names in catalog.yaml and specialty.yaml.
weights: 1
"""


def texts(paths: Iterable[Path]) -> tuple[list[str], list[str]]:
    """All titles and all descriptions of the files, each once."""
    titles: set[str] = set()
    told: set[str] = set()
    for path in paths:
        if path.suffix == ".csv":
            with path.open(newline="", encoding="utf-8-sig") as file:
                rows = [dict(row) for row in csv.DictReader(file)]
        else:
            rows = json.loads(path.read_text("utf-8"))
            rows = [row for row in rows if row.get("category", "quality") == "quality"]
        titles |= {row["title"] for row in rows if row.get("title")}
        told |= {row["description"] for row in rows if row.get("description")}
    return sorted(titles), sorted(told)


def counted(titles: Iterable[str], knowledge: Knowledge) -> tuple[int, Counter[str]]:
    """Different titles, and in how many of them each word stands."""
    with patch.object(spelling, "mend", lambda word, _: word):
        seen = {spelled(words(names_apart(title)[0]), knowledge) for title in titles}
    return len(seen), Counter(word for phrase in seen for word in set(phrase))


def plain(titles: Iterable[str], told: Iterable[str], knowledge: Knowledge) -> list[str]:
    """Words that stand in several texts and in no knowledge file."""
    every: Counter[str] = Counter()
    for text in (*titles, *told):
        every.update(set(words(without_markup(text))))
    known = spelling.known_words(knowledge)
    return sorted(
        word for word, n in every.items() if n >= TEXTS and word.isalpha() and word not in known
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("files", nargs="+", type=Path)
    asked.add_argument("--write", action="store_true", help="rewrite harmonize/data/weights.yaml")
    options = asked.parse_args()
    knowledge = replace(shipped(), counts={}, titles=1, plain=frozenset())
    titles, told = texts(options.files)
    titles += [name for entry in knowledge.entries for name in (entry.name, *entry.also)]
    total, counts = counted(titles, knowledge)
    rows = sorted((w, n) for w, n in counts.items() if n >= TITLES and not w.isdigit())
    ordinary = plain(titles, told, replace(knowledge, counts=dict(rows)))
    lines = [f"titles: {total}", "words:", *(f"  {_key(word)}: {n}" for word, n in rows)]
    lines += ["plain:", *(f"  - {_key(word)}" for word in ordinary)]
    if options.write:
        (DATA / "weights.yaml").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{total} titles, {len(rows)} words, {len(ordinary)} plain words")


def _key(word: str) -> str:
    return f'"{word}"' if word in YAML_WORDS or not _is_word(word) else word


def _is_word(word: str) -> bool:
    return word.isascii() and word.isalnum() and not word[0].isdigit()


if __name__ == "__main__":
    main()
