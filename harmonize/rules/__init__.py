"""What a coalition may check: every rule is one row of `RULES`, run on what has been published."""

from collections.abc import Iterable, Mapping
from typing import Final

from harmonize import doubts
from harmonize.audience import Published
from harmonize.findings import Finding, ordered
from harmonize.knowledge import Knowledge
from harmonize.marks import unseen
from harmonize.policy import OFF, Policy, Setting
from harmonize.rules import adherence, alignment, deciding, differences, specs
from harmonize.rules.case import Case, Rule
from harmonize.sets import MeasureSet
from harmonize.standards import Standards

# A code never changes its meaning and is never given to another rule.
RULES: Final = (
    Rule(
        "HZ601", "missing-source", "spec", "warning",
        "A list, or a line of it, that does not say where it was read.",
        "What cannot be looked up cannot be checked, and a year later nobody knows whether it was "
        "ever so.",
        "ridge does not say where it was read (12 measures)",
        "Give the list `sources`, or the line `source`: the document and its page.",
        specs.missing_source,
    ),
    Rule(
        "HZ602", "missing-identifier", "spec", "info",
        "A line without any identifier.",
        "By its title alone a measure can be taken for its twin; a number settles it.",
        "lake/bp does not give an identifier",
        'Give `ids`, such as `{cbe: "0018"}`; `harmonize catalog` finds them. A measure of the '
        "payer's own has none: turn the rule off, or ignore the line.",
        specs.missing_identifier,
    ),
    Rule(
        "HZ603", "draft-spec", "spec", "info",
        "A list that says `status: draft`.",
        "What is agreed on a draft may be gone when it is final.",
        "ridge is a draft: what is compared with it may change",
        "Read the final list when it is out, and say `status: final`.",
        specs.draft_spec,
    ),
    Rule(
        "HZ604", "retired-measure", "spec", "warning",
        "A measure that its steward had renamed, replaced or retired by the year of the list.",
        "Nobody keeps a retired measure; two payers who use an old and a new name look apart.",
        "lake/cdc: replaced by Glycemic Status Assessment in 2024 (HEDIS MY 2024): say which "
        "measure is meant",
        "Say which measure is meant, or correct the year of the list.",
        specs.retired_measure,
    ),
    Rule(
        "HZ605", "contradicting-identifier", "spec", "warning",
        "An identifier of another measure than the one that the title names.",
        "Numbers are believed before words: a wrong one matches the wrong measures.",
        "lake/bp: ids.cbe is '0059', the number of Diabetes: HbA1c Poor Control, and the title is "
        "that of Controlling High Blood Pressure (CBP): correct the one that is wrong",
        "Correct the number or the title, whichever is wrong.",
        specs.contradicting_identifier,
    ),
    Rule(
        "HZ606", "contradicting-label", "spec", "warning",
        "An acronym of another measure than the one that its identifiers or its title name.",
        "People search and speak by acronyms.",
        "lake/bp: 'acronym' is 'COL', which is Colorectal Cancer Screening, and what stands "
        "beside it is Controlling High Blood Pressure (CBP): correct the one that is wrong",
        "Correct the acronym, or what stands beside it.",
        specs.contradicting_label,
    ),
    Rule(
        "HZ611", "minimum-shared", "alignment", OFF,
        "Fewer measures shared by two or more payers than are wanted.",
        "How much alignment is enough is for a coalition to say: this is where it says it.",
        "8 measures shared by two or more payers, wanted 12: ...",
        "Take up what others ask for, or decide to want less.",
        alignment.minimum_shared, alignment.AtLeast,
        "at_least: 12",
    ),
    Rule(
        "HZ612", "minimum-shared-share", "alignment", OFF,
        "A smaller share of the distinct measures shared by two or more payers than is wanted.",
        "Twelve shared measures are much of twenty and little of a hundred.",
        "8 of 22 measures shared by two or more payers (36.4%), wanted 50%: ...",
        "Drop what only one payer asks for, or take up what others do.",
        alignment.minimum_shared_share, alignment.ShareAtLeast,
        "at_least: 50%",
    ),
    Rule(
        "HZ613", "minimum-agreement", "alignment", OFF,
        "Less agreement on what shared measures ask than is wanted, in attributes that both "
        "payers of a pair state.",
        "The same name with another age band is another measure to a practice.",
        "payers agree in 61 of 80 attributes that both state (76.2%), wanted 90%",
        "Settle the differences that `harmonize compare --view divergence` shows, the weightiest "
        "first.",
        alignment.minimum_agreement, alignment.ShareAtLeast,
        "at_least: 90%",
    ),
    Rule(
        "HZ614", "minimum-payers", "alignment", OFF,
        "A measure that fewer payers ask for than are wanted, of those whose members it could be "
        "about.",
        "A measure of one payer alone is work for every practice that it contracts with.",
        "Asthma Medication Ratio is asked by ridge alone, wanted 2 payers",
        "Drop the measure, win another payer for it, or except it.",
        alignment.minimum_payers, alignment.PayersAtLeast,
        "at_least: 2",
    ),
    Rule(
        "HZ615", "core-adherence", "alignment", OFF,
        "A contract that uses too little of the adopted core of its type, or too much beside core "
        "and menu. The core is a reference list (lines without a status, or core or mandatory; "
        "menu and voluntary lines are its menu), or what has been adopted or put on the menu in "
        "the decisions; either may hold for one type of contract.",
        "A core that nobody checks is a recommendation.",
        "ridge (primary care): core used 7 of 9, wanted 9, off-set 4, at most 2. used: ... "
        "not used: ... off-set: ...",
        "Add the core measures that are named as not used, and drop those that are off-set; where "
        "one may be another, decide it (`harmonize compare --view pairs`).",
        adherence.core_adherence, adherence.Adherence,
        "core: state-core, at_most_off: 4",
    ),
    Rule(
        "HZ616", "core-respecified", "alignment", OFF,
        "A core measure for which a contract asks otherwise than the core specifies it.",
        "Counting a modified measure as core hides that the practice has to do something else.",
        "Controlling High Blood Pressure: ages: ridge asks 18-75, and core says 18-85",
        "Ask as the core does, or justify the difference in the decisions.",
        adherence.core_respecified, adherence.Respecified,
        "core: state-core",
    ),
    Rule(
        "HZ631", "direction-conflict", "divergence", "error",
        "Payers that call one score better in opposite directions. A cut that is only told from "
        "its other side is none; and no decision and no policy allows one.",
        "A practice cannot do more and less of the same thing.",
        "Diabetes Control: payers differ in improvement notation: lake: decrease; ridge: increase",
        "Find out which list has it wrong, and correct it.",
        differences.direction_conflict,
    ),
    Rule(
        "HZ632", "unjustified-difference", "divergence", "warning",
        "A difference in what payers ask that nobody has justified and the policy does not "
        "tolerate. Opposite directions are told by direction-conflict.",
        "Consensus decays one small change at a time.",
        "Controlling High Blood Pressure: payers differ in ages: lake: 18-85; ridge: 18-75",
        "Ask for the same, justify it in the decisions (`judgement: justified`), or tolerate it "
        "in the policy under `allow`.",
        differences.unjustified_difference, differences.Tolerated,
        "allow: [{attribute: ages, within: 5 years}]",
    ),
    Rule(
        "HZ641", "unreviewed-match", "decision", "info",
        "Two lines that may be one measure, and nobody has decided; with `below`, matches that are "
        "less sure than that too.",
        "What is open is counted as apart, so every figure is too low until it is settled.",
        "lake/bp (Blood Pressure) and ridge/236 (Hypertension) may be one measure (0.64), and "
        "nobody has decided: ...",
        "Decide it: a `match` in the decisions file, accept or reject.",
        deciding.unreviewed_match, deciding.Unreviewed,
        "below: 0.9",
    ),
    Rule(
        "HZ642", "stale-decision", "decision", "warning",
        "A decision about what has changed since; it stays in force.",
        "Nobody has said yet whether it holds for what stands there now.",
        "what was judged has changed: match lake/bp and ridge/236 accepted by Ana on 2026-11-24 "
        "(lake/bp: ages 18-85 -> 18-75)",
        "Look again, and decide anew or pin what stands there now.",
        deciding.stale_decision,
    ),
    Rule(
        "HZ643", "orphaned-decision", "decision", "warning",
        "A decision about a measure that its payer no longer has.",
        "It silently does nothing, and those who took it believe that it holds.",
        "what was judged is not here: match lake/bp and ridge/236 accepted by Ana on 2026-11-24 "
        "(lake/bp is not here)",
        "Withdraw it, or name the measure that took the place of the old one.",
        deciding.orphaned_decision,
    ),
    Rule(
        "HZ644", "expired-decision", "decision", "warning",
        "A decision whose last day is past: it is no longer in force.",
        "Those who took it wanted to look at it again.",
        "a decision is past its last day: difference lake/bp and ridge/236, ages justified by Ana "
        "on 2025-11-24, until 2026-06-30 (it held until 2026-06-30)",
        "Decide anew, or withdraw it.",
        deciding.expired_decision,
    ),
    Rule(
        "HZ645", "overdue-decision", "decision", "warning",
        "A difference that was to be resolved by a day that is past, and still is one.",
        "An agreement to change something is worth what comes of it.",
        "a difference was to be resolved by now: difference lake/bp and ridge/236, ages marked as "
        "to resolve by Ana on 2026-01-10 (due 2026-06-30, and still different)",
        "Resolve the difference, or agree on another day.",
        deciding.overdue_decision,
    ),
    Rule(
        "HZ646", "unpinned-decision", "decision", "info",
        "A decision that does not say what was judged.",
        "Nobody can tell when what was judged has changed.",
        "a decision does not say what was judged: match lake/bp and ridge/236 accepted by Ana on "
        "2026-11-24",
        "Pin it: its `fingerprint` and `judged` are what the measures say.",
        deciding.unpinned_decision,
    ),
    Rule(
        "HZ647", "moot-decision", "decision", "info",
        "A decision about a difference that is one no more.",
        "A file that only grows is not read.",
        "a decision is about a difference that is gone: difference lake/bp and ridge/236, ages "
        "justified by Ana on 2026-11-24 (nothing differs any more)",
        "Withdraw it: it stays in the file as a trace.",
        deciding.moot_decision,
    ),
)  # fmt: skip


def _elsewhere(case: Case, setting: Setting) -> tuple[Finding, ...]:  # noqa: ARG001
    """What is found by comparing two states, or by sorting what the others found."""
    return ()


# Rules that no policy runs: of drift, by `check --against`; of ignores, by every check.
OTHERS: Final = (
    Rule(
        "HZ661", "new-difference", "drift", "error",
        "Payers differ in what they did not differ in before.",
        "Alignment decays one small change at a time.",
        "Controlling High Blood Pressure: payers differ now in ages: 18-75 (ridge) against 18-85 "
        "(lake)",
        "Change it back, or justify the difference in the decisions file.",
        _elsewhere,
    ),
    Rule(
        "HZ662", "lost-overlap", "drift", "error",
        "Fewer payers ask for a measure than before.",
        "What is dropped by one is a measure less in common.",
        "Controlling High Blood Pressure: ridge does not ask for it with the others any more: 3 "
        "payers before, 2 now",
        "Keep it, or record its disposition as decline or retire.",
        _elsewhere,
    ),
    Rule(
        "HZ663", "new-alone", "drift", "error",
        "A measure that is new and that nobody else asks for.",
        "Each one is a measure more to report for one payer alone.",
        "Kidney Health Evaluation for Patients With Diabetes: nobody else asks for it",
        "Take one that others use, or record a disposition of it.",
        _elsewhere,
    ),
    Rule(
        "HZ691", "unused-ignore", "ignore", "warning",
        "An ignore that finds nothing to ignore.",
        "What is ignored and not there hides what comes next.",
        "this ignore of 'missing-source' of lake finds nothing to ignore: take it out",
        "Take it out.",
        _elsewhere,
    ),
    Rule(
        "HZ692", "expired-ignore", "ignore", "warning",
        "An ignore whose last day is past.",
        "Somebody said until when.",
        "this ignore of 'missing-source' of lake expired on 2026-01-01: settle what it is about, "
        "or give another day and say why",
        "Settle what it is about, or give another day and say why.",
        _elsewhere,
    ),
)  # fmt: skip
EVERY: Final = (*RULES, *OTHERS)
DRIFT: Final = tuple(rule.code for rule in OTHERS if rule.family == "drift")
NAMED: Final[Mapping[str, Rule]] = {rule.name: rule for rule in RULES}
TAKEN: Final[Mapping[str, type | None]] = {rule.name: rule.takes for rule in RULES}


def case(
    published: Published,
    sets: tuple[MeasureSet, ...],
    knowledge: Knowledge,
    standards: Standards,
) -> Case:
    """What the rules may look at; of `sets` is taken only what their audience may not see."""
    seen = doubts.doubts(published.report.payers, knowledge, standards)
    rows = {row.concept.id: row for row in published.report.rows}
    return Case(published, seen, unseen(sets, published.audience), rows)


def settings(policy: Policy) -> tuple[tuple[Rule, Setting], ...]:
    """Every rule as it runs under a policy, those that are off among them."""
    found = []
    for rule in RULES:
        own = policy.of(rule.name)
        severity = own.severity or (rule.severity if own.parameters is None else _asked(rule))
        found.append((rule, Setting(rule.code, severity, own.parameters, own.place)))
    return tuple(found)


def _asked(rule: Rule) -> str:
    """How severe a rule is whose parameters somebody gives and no severity: never off."""
    return "error" if rule.severity == OFF else rule.severity


def run(case: Case, policy: Policy, only: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What the rules find, in order; `only` are the names of some rules."""
    chosen = frozenset(only)
    found = (
        one
        for rule, setting in settings(policy)
        if setting.severity != OFF and (not chosen or rule.name in chosen)
        for one in rule.find(case, setting)
    )
    return ordered(found)
