"""Ways to keep decisions: accepted at once, withdrawn, renewed, renamed, pinned or listed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches

import click

from harmonize import ledger, workspace
from harmonize.audience import Published, open_to_all
from harmonize.cli.exporting import export as write_sheet
from harmonize.cli.exporting import heard, suffix_of
from harmonize.cli.options import (
    Given,
    Shown,
    audience_of,
    by_name,
    color_of,
    emit,
    note,
    published_for,
    watching,
    width_of,
)
from harmonize.concepts import Pair
from harmonize.decisions import Decision, Withdrawn
from harmonize.problems import Place, Problem, SpecError
from harmonize.recording import recorded, renamed, withdrawn
from harmonize.register import register
from harmonize.render import register as drawn_register
from harmonize.render.progress import watched
from harmonize.render.text import visible
from harmonize.report import Report
from harmonize.rulings import Rulings, Standing, State, rulings
from harmonize.sweeping import sweep


@dataclass(frozen=True, slots=True)
class Sitting:
    """What every mode works with: the files as they were read, and who decides on which day."""

    found: workspace.Inputs
    given: Given
    shown: Shown
    match_at: float | None
    by: str | None
    because: str | None
    expires: str | None
    only: str | None
    dry_run: bool
    today: str
    comments: tuple[str, ...] = ()
    bom: bool = False
    matches: bool = False

    @property
    def who(self) -> str:
        """Whose decision it is; somebody has to say so where one is written."""
        if not self.by:
            raise click.UsageError("Whose decision is it? Say --by NAME, or set HARMONIZE_BY.")
        return self.by

    def published(self) -> Published:
        """The report as the person sees it."""
        seen_by = audience_of(self.found.sets, self.shown.audience, quiet=self.given.quiet)
        by_name(self.found.settings.agreed, seen_by, "review")
        with watched(shown=watching(quiet=self.given.quiet)) as pace:
            return published_for(self.found, seen_by, self.match_at, pace, self.today)

    def ruled(self, more: Iterable[Decision] = ()) -> Rulings:
        """Every decision with its standing, and more; raises `SpecError` if they contradict."""
        return rulings((*self.found.decisions, *more), open_to_all(self.found.sets), self.today)

    def told(self, text: str) -> None:
        """A word to the person."""
        note(visible(text), quiet=self.given.quiet)

    def keep(self, edits: tuple[ledger.Edit, ...]) -> None:
        """Writes files, or shows what would change in them."""
        if self.dry_run:
            lines = (line for one in edits for line in one.diff.rstrip("\n").split("\n") if line)
            emit("".join(f"{visible(line)}\n" for line in lines), None)
            return
        written = ledger.save(edits)
        for file in written:
            self.told(f"wrote {file}")
        if not written:
            self.told("nothing changes, and nothing was written.")


def accept_above(sitting: Sitting, at_least: float) -> None:
    """Accepts every possible match that is so sure, or lists them."""
    who = "" if sitting.dry_run else sitting.who
    file = ledger.target(sitting.found)
    published = sitting.published()
    swept = sweep(published, at_least, sitting.ruled().standings)
    surest = max((pair.confidence for pair in published.report.crosswalk.possible), default=1)
    if surest < at_least:
        sitting.told(f"the surest possible match has {surest:.4f}.")
    for pair, why in swept.left:
        sitting.told(f"left for you: {_pair(pair)}: {why}")
    if sitting.dry_run:
        emit("".join(f"{visible(_pair(pair))}\n" for pair in swept.accepted), None)
        sitting.told(f"{_many(len(swept.accepted))} would be accepted in {file}; none was.")
        return
    seen = ledger.public(sitting.found)
    made = [ledger.pin(_accepted(pair, sitting, who), seen) for pair in swept.accepted]
    sitting.ruled(made)
    edit, met = ledger.record(file, made, sitting.found.decisions)
    for one in met:
        sitting.told(f"left as somebody else decided meanwhile: {one.place}: {_said(one)}")
    sitting.keep((edit,))
    sitting.told(f"{_many(len(made) - len(met))} accepted.")


def _accepted(pair: Pair, sitting: Sitting, who: str) -> Decision:
    return Decision(
        match=(pair.left.ref, pair.right.ref),
        judgement="accept",
        by=who,
        on=sitting.today,
        because=sitting.because,
        expires=sitting.expires,
    )


def _many(count: int) -> str:
    return "1 possible match" if count == 1 else f"{count} possible matches"


def _pair(pair: Pair) -> str:
    titles = f"{pair.left.title} | {pair.right.title}"
    return f"{pair.confidence:.4f}  {pair.left.ref} = {pair.right.ref}  {titles}"


def withdraw(sitting: Sitting, names: tuple[str, ...]) -> None:
    """Marks the decision about these measures as withdrawn."""
    if not sitting.because:
        raise click.UsageError("--withdraw: say --because TEXT, for others will ask why.")
    trace = Withdrawn(by=sitting.who, on=sitting.today, because=sitting.because)
    chosen = [_chosen(sitting, names, "withdraw")]
    files = sitting.found.decided_in
    sitting.keep(ledger.edits(files, lambda text, name: withdrawn(text or "", name, chosen, trace)))


def _chosen(sitting: Sitting, names: tuple[str, ...], verb: str) -> Decision:
    """The one decision about these measures; raises where it is none, or one of several."""
    decided = sitting.found.decisions
    known = {ref for one in decided for ref in one.refs}
    absent = [name for name in names if name not in known]
    if absent:
        _refuse((name, known, "no decision names it") for name in absent)
    about = [one for one in decided if set(one.refs) == set(names)]
    chosen = [one for one in about if one.withdrawn is None and _says(one, sitting.only)]
    told = "; ".join(f"{one.place}: {_said(one)}" for one in (chosen or about))
    if not chosen:
        near = [one for one in decided if set(names) & set(one.refs)]
        told = told or "; ".join(f"{one.place}: {' and '.join(one.refs)}" for one in near)
        message = f"no decision about {' and '.join(names)} is left to {verb}; there is {told}."
        raise click.UsageError(visible(message))
    if len(chosen) > 1:
        words = "--only and its judgement, its attribute or who decided it"
        message = f"several decisions fit, say which with {words}: {told}."
        raise click.UsageError(visible(message))
    return chosen[0]


def renew(sitting: Sitting, names: tuple[str, ...]) -> None:
    """Says again what was decided, of what the measures say now."""
    one = _chosen(sitting, names, "renew")
    again = replace(
        one,
        by=sitting.who,
        on=sitting.today,
        because=sitting.because or one.because,
        expires=sitting.expires,
    )
    report = sitting.published().report
    bare = replace(one, judged=None)  # of what was judged an audience may see less
    standings = (s for s in report.rulings.standings if replace(s.decision, judged=None) == bare)
    _repin(sitting, report, [(standing, again) for standing in standings])


def pin(sitting: Sitting, asked: bool) -> None:
    """Pins every decision in force that is not, such as those that people wrote by hand."""
    if asked:
        report = sitting.published().report
        loose = (State.UNPINNED, State.OVERDUE)
        found = (s for s in report.rulings.standings if s.state in loose)
        _repin(sitting, report, [(s, s.decision) for s in found if not s.decision.fingerprint])


def _repin(sitting: Sitting, report: Report, wanted: list[tuple[Standing, Decision]]) -> None:
    """Writes decisions, each into its own file and pinned to what is there now."""
    members = {c.id: tuple(m.ref for m in c.members) for c in report.crosswalk.concepts}
    made: dict[str, list[Decision]] = {}
    for standing, new in wanted:
        pinned = ledger.pinned_to(new, standing, sitting.found, members)
        if pinned.fingerprint == standing.decision.fingerprint and standing.state is State.ORPHANED:
            sitting.told(f"as it was: {_said(new)}: what it is about is not here")
        made.setdefault(new.place.file, []).append(pinned)
    sitting.keep(ledger.edits(made, lambda text, name: recorded(text or "", name, made[name])))


def export(sitting: Sitting, sheet: str) -> None:
    """What is to be decided as a sheet to fill."""
    suffix_of(sheet)
    published = sitting.published()
    quiet = sitting.given.quiet
    said = heard(sitting.comments, published, quiet=quiet)
    public = open_to_all(sitting.found.sets)
    write_sheet(
        sheet,
        published,
        public,
        said,
        matched=sitting.matches,
        bom=sitting.bom,
        quiet=quiet,
        paths=sitting.given.paths,
    )


def status(sitting: Sitting, asked: bool) -> None:
    """Where all decisions stand."""
    if asked:
        width, color = width_of(sitting.shown.width, None), color_of(sitting.shown.color, None)
        emit(drawn_register(register(sitting.published()), width=width, color=color), None)


def _says(one: Decision, only: str | None) -> bool:
    return only is None or only in (one.answer, one.attribute, one.contract_type, one.by)


def _said(one: Decision) -> str:
    about = f" in {one.attribute}" if one.attribute else ""
    kind = f" for {one.contract_type}" if one.contract_type else ""
    over = ", withdrawn" if one.withdrawn else ""
    return f"{one.told}{about}{kind}{over}"


def rename(sitting: Sitting, names: tuple[str, str]) -> None:
    """Calls a payer, or a measure, by its new name in every decision."""
    old, new = names
    decided = {ref for one in sitting.found.decisions for ref in (*one.refs, *(one.judged or ()))}
    here = tuple(m.ref for one in sitting.found.sets for m in one.measures or ())
    wanted = (
        (old, _named_like(old, decided), "no decision names it"),
        (new, _named_like(new, here), "the specs have no such name"),
    )
    _refuse(one for one in wanted if one[0] not in one[1])
    sitting.keep(
        ledger.edits(
            sitting.found.decided_in, lambda text, name: renamed(text or "", name, old, new)
        )
    )


def _named_like(name: str, refs: Iterable[str]) -> set[str]:
    """What can be called so: payers, or measures and their rates."""
    parts = [ref.split("/") for ref in refs if "/" in ref]
    if "/" not in name:
        return {payer for payer, *_ in parts}
    return {"/".join(ref[:end]) for ref in parts for end in range(2, len(ref) + 1)}


def _refuse(wrong: Iterable[tuple[str, Iterable[str], str]]) -> None:
    """Raises for names that are not among the known ones, each with those that may be meant."""
    problems = []
    for name, known, message in wrong:
        near = get_close_matches(name, sorted(known), 3, 0.6)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        problems.append(Problem(Place(name), "HZ010", f"{message}{hint}"))
    if problems:
        raise SpecError(tuple(problems))
