"""The session of a review: one question at a time, each answer saved before the next is asked."""

import shlex
from dataclasses import dataclass, replace
from typing import Final

import click

from harmonize.audience import Published
from harmonize.cli.draft import Draft
from harmonize.cli.voice import LETTERS, Reply, Voice, understood
from harmonize.decisions import Decision
from harmonize.evidence import MATCH_AT
from harmonize.pairing import Lists
from harmonize.problems import Place, Problem, SpecError
from harmonize.render.question import question as drawn
from harmonize.review import (
    EVERYTHING,
    Question,
    Sought,
    answer,
    beside,
    is_called,
    question,
    settled,
    to_settle,
)
from harmonize.rulings import Rulings, rulings
from harmonize.sets import MeasureSet

HELP: Final = """\
  y   yes, one measure; y WHY with a reason; y close, or y close: WHY with a
      mapping: exact and close are one measure; broad, narrow and related are
      kin and kept apart (broad: b is the broader, narrow: b is the narrower)
  n   no, not one measure; n WHY, else you are asked why
  u   unsure, it stays among the possible matches; u WHY with a reason
  s   skip, and be asked again next time
  b   back to the last question: answer it anew, c clears it, Enter keeps it
  q   quit; every answer is saved already
  Beside both: agree, differ, or attached (not said by the payer itself).
  Every weight: harmonize explain {} {}"""
WORD: Final = {"help": HELP, "back": "This is the first question."}
UNHEARD: Final = (
    "Nobody answers: standard input is no terminal and holds no answers. Run it in a terminal, or "
    "pipe in a line for each question, or fill in a sheet: harmonize review --export FILE. Answers "
    "are written to the file of --decisions, in the name of --by."
)
NAMELESS: Final = "Who answers? Say it with --by NAME, or set HARMONIZE_BY."


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a session is about: what is published, what is decided, and who answers where.

    `public` are the lists as everybody may see them; `file` is where answers are written.
    """

    published: Published
    lists: Lists
    public: tuple[MeasureSet, ...]
    decisions: tuple[Decision, ...]
    file: str
    by: str
    today: str
    sought: Sought = EVERYTHING
    match_at: float = MATCH_AT
    width: int | None = None
    color: bool = False


def settle(subject: Subject, voice: Voice) -> None:
    """Asks what nobody has settled; ends with the last question, `q` or the end of the input."""
    session = Session(subject, voice)
    if not session.pairs:
        voice.tell(_nothing(subject))
        return
    session.open()
    try:
        session.run()
    except KeyboardInterrupt:
        voice.tell("")
        raise
    finally:
        voice.tell(session.summary())
    if not voice.terminal and not voice.heard:
        raise click.UsageError(UNHEARD)


class Session:
    """Where a session stands: which questions were passed, and what was answered."""

    def __init__(self, subject: Subject, voice: Voice) -> None:
        self.subject = subject
        self.voice = voice
        self.draft = Draft(subject.file, subject.decisions)
        self.by = subject.by
        self.items = {m.ref: m for one in subject.public for m in one.measures or ()}
        self.judged = self._judged(subject.decisions)
        self.pairs = to_settle(
            subject.published, self.judged, self.items, subject.sought, subject.match_at
        )
        self.answers: dict[int, Decision] = {}
        self.passed: list[int] = []

    def open(self) -> None:
        """Makes sure that somebody answers, and says how it goes."""
        if self.voice.silent():
            raise click.UsageError(UNHEARD if self.by else f"{UNHEARD} {NAMELESS}")
        if not self.by and self.voice.terminal:
            self.by = self.voice.ask("Who answers? ") or ""
        if not self.by:
            raise click.UsageError(NAMELESS)
        count = len(self.pairs)
        things = "1 question" if count == 1 else f"{count} questions"
        self.voice.tell(f"{things} for {self.by}; each answer is saved in {self.draft.file}.")
        self.voice.tell("y yes, n no, u unsure, s skip, b back, q quit; ? tells more.")

    def run(self) -> None:
        """Asks one question after the other."""
        place: int | None = self._next(0)
        while place is not None:
            place = self._asked(place)

    def summary(self) -> str:
        """How many were answered, where they are, and how many are left."""
        left = sum(not self._done(place) for place in range(len(self.pairs)))
        done = len(self.answers)
        told = f"{done} answered, saved in {self.draft.file}" if done else "Nothing answered"
        return f"{told}; {left or 'none'} {'remains' if left == 1 else 'remain'}."

    def _next(self, place: int) -> int | None:
        """The next question that is to be asked."""
        while place < len(self.pairs):
            if not self._done(place):
                return place
            if place in self.answers:
                self.passed.append(place)
            place += 1
        return None

    def _last(self) -> int | None:
        """The question before; not one that others have settled meanwhile."""
        while self.passed:
            place = self.passed.pop()
            if place in self.answers or not self._done(place):
                return place
        return None

    def _done(self, place: int) -> bool:
        pair = self.pairs[place]
        again = self.subject.sought.again
        return place in self.answers or settled(
            pair.left.ref, pair.right.ref, self.judged, again=again
        )

    def _asked(self, place: int) -> int | None:
        """One question asked, until it is clear where to go on."""
        subject = self.subject
        asked = question(
            self.pairs[place],
            subject.published,
            subject.lists,
            self.judged,
            blind=subject.sought.blind,
        )
        if place in self.answers:  # which is told as the answer
            asked = replace(asked, before=None)
        self.voice.show(drawn(asked, subject.width, color=subject.color))
        if place in self.answers:
            self.voice.tell(f"Your answer: {_told(self.answers[place])}.")
        while (reply := self._heard(place)).do != "quit":
            if reply.do == "back" and (last := self._last()) is not None:
                return last
            if reply.do == "clear":
                self._clear(place)
            elif reply.do in WORD:
                self.voice.tell(WORD[reply.do].format(*map(shlex.quote, asked.refs)))
            elif reply.do == "skip" or self._answered(place, asked, reply):
                self.passed.append(place)
                return self._next(place + 1)
        return None

    def _heard(self, place: int) -> Reply:
        """The first line that can be understood; the end of the input is one that quits."""
        while True:
            line = self.voice.ask(self._prompt(place))
            if line is None:
                return Reply("quit")
            if not line and place in self.answers:
                return Reply("skip")  # keeps the answer
            reply = understood(line) if line else "Answer with one letter; ? tells more."
            if isinstance(reply, Reply):
                return reply
            self.voice.tell(reply)

    def _prompt(self, place: int) -> str:
        letters = " ".join(x for x in LETTERS if place in self.answers or x != "c")
        progress = f"{place + 1} of {len(self.pairs)}, {len(self.answers)} answered"
        return f"{progress}. One measure? [{letters}] "

    def _clear(self, place: int) -> None:
        given = self.answers.get(place)
        if given is None:
            self.voice.tell("There is no answer to clear.")
            return
        self._refresh()
        if not self.draft.clear(given):
            self.voice.tell(
                "The file was changed by somebody else meanwhile: withdraw the answer in it."
            )
            return
        del self.answers[place]
        self.judged = self._judged(self.draft.decisions)
        self.voice.tell("Cleared: the file is as if it had not been answered.")

    def _answered(self, place: int, asked: Question, reply: Reply) -> bool:
        """Whether an answer was given and saved."""
        because = reply.because
        if reply.do == "reject" and not because:
            because = self._reason()
        if reply.do == "reject" and not because:
            self.voice.tell("Not answered.")
            return False
        one = answer(
            asked, reply.do, self.by, self.subject.today, because, self.items, reply.mapping
        )
        if self._refresh() and settled(*asked.refs, self.judged, again=True):
            found = self.judged.of(*asked.refs)
            told = f": {found.reason}" if found else ""
            self.voice.tell(f"Not saved, for it was settled meanwhile{told}.")
            return True
        try:
            judged = self._judged(beside(self.draft.decisions, one, self.draft.file))
        except SpecError as error:
            for problem in error.problems:
                self.voice.tell(f"Not saved: {problem.message}.")
            return False
        self.draft.save(one)
        self.judged = judged
        self.answers[place] = one
        self.voice.tell(f"Saved: {_told(one)}.")
        return True

    def _reason(self) -> str:
        """Why not; another answer's letter is no reason."""
        while True:
            line = self.voice.ask("Why not? (Enter: no answer) ")
            if not line or line.casefold() not in LETTERS:
                return line or ""
            self.voice.tell(f"{line!r} is no reason: say why, for others will ask.")

    def _refresh(self) -> bool:
        found = self.draft.refreshed()
        if found:
            self.judged = self._judged(self.draft.decisions)
        return found

    def _judged(self, decisions: tuple[Decision, ...]) -> Rulings:
        return rulings(decisions, self.subject.public, self.subject.today)


def _told(one: Decision) -> str:
    """An answer in words."""
    told = SPOKEN[one.mapping or one.judgement or ""]
    return f"{told}: {one.because}" if one.because else told


SPOKEN: Final = {
    "accept": "one measure",
    "reject": "not one measure",
    "unsure": "unsure",
    "exact": "one measure, exactly",
    "close": "one measure, closely",
    "broad": "kin and kept apart, b the broader",
    "narrow": "kin and kept apart, b the narrower",
    "related": "kin and kept apart, related",
}


def _nothing(subject: Subject) -> str:
    """That there is nothing to ask, or that what was asked for is not there."""
    sought, report = subject.sought, subject.published.report
    if sought.concept and not any(is_called(c, sought.concept) for c in report.crosswalk.concepts):
        message = f"no concept has this id, or such words in its label: {sought.concept!r}"
        raise SpecError((Problem(Place("--concept"), "HZ010", message),))
    possible = len(report.crosswalk.possible)
    if not possible:
        return "Nothing is to be settled: there is no possible match."
    return f"Nothing is to be settled of what you ask for; possible matches in all: {possible}."
