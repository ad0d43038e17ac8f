"""From what can be downloaded to one report: FHIR Measures, CMS measures data, and ten lists.

    python combine.py FACTS FHIR QPP OUT

FACTS is a folder of lists as CSV, FHIR a folder of Measures, QPP a file of CMS measures data.  Each
of ten lists is imported in four forms: as CSV, as XLSX, as a column of one matrix, and under the
headings that five other spreadsheets would have; the last line says whether all four have its rows.
"""

import csv
import sys
from pathlib import Path

import pandas as pd

from harmonize.cli import main as cli

HEADINGS = (
    {"title": "Measure Name", "cbe_id": "NQF #", "hedis": "HEDIS", "steward": "Steward"},
    {"title": "Quality Measure", "cbe_id": "CBE ID", "mips_id": "MIPS #", "ecqm_id": "eCQM ID"},
    {"title": "Measure", "cbe_id": "NQF Number", "data_source": "Data Source"},
    {"title": "Measure Title", "mips_id": "Quality ID", "measure_type": "Measure Type"},
    {"title": "Indicator", "cbe_id": "NQF", "age_min": "Minimum Age", "age_max": "Maximum Age"},
)


def harmonize(*arguments: object) -> None:
    if code := cli.main([str(one) for one in arguments], "harmonize", standalone_mode=False):
        raise SystemExit(code)


def main(facts: Path, fhir: Path, qpp: Path, out: Path) -> None:
    lists = {p.stem: pd.read_csv(p, dtype=str) for p in sorted(facts.glob("*.csv"))[:10]}
    for place, (name, rows) in enumerate(lists.items()):
        for form in ("csv", "xlsx", "renamed"):
            (out / form).mkdir(parents=True, exist_ok=True)
        rows.to_csv(out / "csv" / f"{name}.csv", index=False)
        rows.to_excel(out / "xlsx" / f"{name}.xlsx", index=False)
        other = rows.rename(columns=HEADINGS[place % len(HEADINGS)])
        other.to_csv(out / "renamed" / f"{name}.csv", index=False, sep=",;\t"[place % 3])
    keys = ["title", "cbe_id", "hedis", "mips_id"]
    ticked = [rows[keys].drop_duplicates().assign(**{n: "X"}) for n, rows in lists.items()]
    matrix = pd.concat(ticked).groupby(keys, dropna=False, sort=False).first().reset_index()
    matrix.to_csv(out / "matrix.csv", index=False)

    for form, kind in (("csv", "csv"), ("xlsx", "xlsx"), ("renamed", "csv")):
        for file in sorted((out / form).glob(f"*.{kind}")):
            harmonize("import", kind, file, "-o", out / "specs" / form / f"{file.stem}.yaml")
    ticks = ",".join(lists)
    harmonize("import", "csv", out / "matrix.csv", "--tick", ticks, "-o", out / "specs" / "matrix")
    harmonize("import", "fhir", fhir, "-o", out / "specs" / "ecqm.yaml")
    harmonize("import", "qpp", qpp, "-o", out / "specs" / "qpp.yaml")

    sources = [out / "specs" / name for name in ("csv", "ecqm.yaml", "qpp.yaml")]
    harmonize("compare", *sources, "-o", out / "report.md", "--quiet")
    for form in ("csv", "xlsx", "renamed", "matrix"):
        where = out / "specs" / form
        harmonize("compare", where, "--view", "summary", "-o", out / f"{form}.csv", "--quiet")
    told = {form: listed(out / f"{form}.csv") for form in ("csv", "xlsx", "renamed", "matrix")}
    rows_in = {"csv": sum(map(len, lists.values())), "matrix": sum(map(len, ticked))}
    print("rows in:", rows_in, "measures out:", told)


def listed(summary: Path) -> int:
    with summary.open(newline="", encoding="utf-8") as file:
        return next(
            int(r["value"]) for r in csv.DictReader(file) if r["figure"] == "measures_listed"
        )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
