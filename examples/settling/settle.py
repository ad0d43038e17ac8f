"""Twenty judgements on the lists that this project ships, from a spreadsheet to a crosswalk.

    python settle.py SPECS

Works in a folder of its own, which it takes away again; nothing in SPECS is touched.
"""

import shutil
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

import pandas as pd
from openpyxl import load_workbook

import harmonize
from harmonize.cli import main as cli

DAY = "2026-11-24"
WHO = ("--by", "Ana", "--on", DAY)


def run(*arguments: str) -> None:
    if code := cli.main([*arguments, "--quiet"], "harmonize", standalone_mode=False):
        raise SystemExit(code)


def with_pandas() -> int:
    """Ten matches judged in the CSV: of ten concepts one pair each, one rejected, one left open."""
    run("review", "--export", "review.csv", "--matches")
    sheet = pd.read_csv("review.csv", dtype=str, keep_default_na=False)
    matches = sheet[(sheet.about == "match") & (sheet.reason != "")]
    chosen = matches.drop_duplicates("label").index[:10]
    sheet.loc[chosen, "judgement"] = "accept"
    sheet.loc[chosen[:2], "judgement"] = ["reject", "unsure"]
    sheet.loc[chosen, "because"] = "read side by side"
    sheet.to_csv("review.csv", index=False)
    run("import", "review", "review.csv", *WHO)
    return len(chosen)


def with_openpyxl() -> int:
    """Ten measures adopted in the workbook, half of them for a year."""
    run("review", "--export", "review.xlsx")
    book = load_workbook("review.xlsx")
    sheet = book["Review"]
    at = {cell.value: cell.column for cell in sheet[1]}
    open_ = [
        row[0].row
        for row in sheet.iter_rows(min_row=2)
        if row[at["about"] - 1].value == "measure" and row[at["state"] - 1].value == "open"
    ]
    chosen = open_[-10:]  # of other concepts than those whose matches were judged
    for i, row in enumerate(chosen):
        sheet.cell(row, at["disposition"]).value = "adopt"
        sheet.cell(row, at["votes.for"]).value = 9
        if i % 2:
            sheet.cell(row, at["expires"]).value = "2027-12-31"
    book.save("review.xlsx")
    run("import", "review", "review.xlsx", *WHO)
    return len(chosen)


def decisions(*paths: str) -> pd.DataFrame:
    return harmonize.compare(paths or ["specs"], as_of=DAY).decisions


def tell(title: str, found: pd.DataFrame) -> None:
    print(f"{title}: {found['state'].value_counts().sort_index().to_dict()}")


def main(specs: Path) -> None:
    shutil.copytree(specs, "specs")
    print(f"judged: {with_pandas()} with pandas, {with_openpyxl()} with openpyxl")
    found = decisions()
    tell("as judged", found)

    matches = found[found.about == "match"]
    (refused,) = matches[matches.answer == "reject"].measures
    pairs = harmonize.compare("specs", as_of=DAY).pairs
    left, right = refused.split("; ")
    a, b = (pairs[f"payer_{side}"] + "/" + pairs[f"measure_{side}"] for side in "ab")
    there = bool(((a == left) & (b == right)).any())
    print(f"compare tells: {pairs['decision'].value_counts().sort_index().to_dict()}")
    run("review", "--export", "again.csv", "--matches")
    again = pd.read_csv("again.csv", dtype=str, keep_default_na=False)
    asked = again[(again.state == "open") & (again.a == left) & (again.b == right)]
    print(f"rejected: {left} and {right}")
    print(f"  among the pairs: {there}; asked again: {len(asked)} times")

    accepted = [ref for m in matches[matches.answer == "accept"].measures for ref in m.split("; ")]
    one = next(ref for ref in accepted if ref.startswith("medicaid-adult/"))
    payer, measure = one.split("/", 1)
    path = Path("specs") / f"{payer}.yaml"
    before = path.read_text("utf-8")
    lines = before.splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.strip() == f"- id: {measure}")
    indent = " " * (lines[at].index("id:"))
    longer = [*lines[: at + 1], f"{indent}lookback: 99 months\n", *lines[at + 1 :]]
    path.write_text("".join(longer), "utf-8")
    changed = decisions()
    tell(f"{one} looks back another time", changed)
    for row in changed[changed.state == "stale"].itertuples():
        print(f"  stale: {row.about} {row.measures}: {row.again}")

    below = range(at + 1, len(lines))
    end = next((i for i in below if lines[i].lstrip().startswith("- ")), len(lines))
    path.write_text("".join([*lines[:at], *lines[end:]]), "utf-8")
    gone = decisions()
    tell(f"{one} is taken out", gone)
    for row in gone[gone.state == "orphaned"].itertuples():
        print(f"  orphaned: {row.about} {row.measures}: {row.again}")
    path.write_text(before, "utf-8")

    files = sorted(Path("specs").glob("*.yaml"))
    away = decisions(*(str(p) for p in files if p.stem not in (payer, "decisions")))
    tell(f"without {payer}", away)
    out = away[away.state == "out of scope"]
    print(f"  out of scope: {out.about.value_counts().sort_index().to_dict()}")


if __name__ == "__main__":
    shipped = Path(sys.argv[1] if len(sys.argv) > 1 else "../../specs").resolve()
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        main(shipped)
