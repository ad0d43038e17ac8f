"""What people write who know the field by other words, and the key that means it here."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from harmonize.decisions import Decision
from harmonize.fields import declared
from harmonize.measures import SYSTEMS, Measure
from harmonize.sets import MeasureSet

_OF_A_SPEC: Final = {
    "harmonize": "version format format_version",
    "payer": "id slug payer_id plan plan_id insurer health_plan",
    "name": "title payer_name plan_name",
    "payer_type": "type",
    "line_of_business": "lob product product_line",
    "program": "programme",
    "measurement_year": "year performance_year",
    "region": "state geography",
    "scope: {ages: ...}": "ages age population",
    "complete": "partial incomplete",
    "members": "membership lives enrollment covered_lives",
    "sources": "source citation",
    "extends": "base inherits inherits_from parent",
    "measures": "metrics indicators kpis quality_measures measure_set measure_list",
    "participation": "criteria requirements eligibility",
    "convening": "participants governance",
}
_OF_A_MEASURE: Final = {
    "id": "measure_id measure_number number no code",
    "title": "name measure measure_name measure_title",
    "acronym": "abbreviation short short_name",
    "ids: {cbe: ...}": "nqf nqf_id nqf_number cbe_id cbe_number",
    "ids: {cms: ...}": "cms_id ecqm ecqm_id emeasure_id",
    "ids: {hedis: ...}": "hedis_id ncqa ncqa_id",
    "ids: {mips: ...}": "mips_id quality_id qpp qpp_id",
    "ids: {cmit: ...}": "cmit_id",
    "part_of": "parent",
    "steward": "owner developer measure_steward",
    "version": "year measure_year",
    "measure_type": "type kind",
    "domain": "category topic priority_area",
    "scoring": "calculation score_type scoring_type",
    "scoring_unit": "unit units",
    "improvement_notation": "direction inverse is_inverse inverse_measure polarity better "
    "higher_is_better lower_is_better",
    "ages": "age age_range age_group age_band age_min age_max min_age max_age",
    "sex": "gender",
    "initial_population": "population ipp",
    "denominator": "eligible_population",
    "denominator_exclusions": "exclusion exclusions denominator_exclusion",
    "denominator_exceptions": "exception exceptions denominator_exception",
    "numerator_exclusions": "numerator_exclusion",
    "threshold": "cut cutoff cut_off cut_point cutpoint value",
    "follow_up": "time_frame timeframe window time_window days",
    "lookback": "look_back lookback_period look_back_period",
    "measurement_period": "period performance_period reporting_period",
    "continuous_enrollment": "enrollment enrolment",
    "data_source": "collection_type collection submission_method data_collection",
    "level": "reporting_level level_of_analysis setting",
    "stratified_by": "stratification strata stratifiers",
    "minimum_denominator": "min_denominator minimum_sample sample_size case_minimum",
    "rates": "components submeasures sub_measures indicators",
    "target": "goal goals",
    "weight": "points weighting",
}
_OF_A_DECISION: Final = {
    "match": "pair measures",
    "measure": "concept",
    "judgement": "decision verdict answer",
    "by": "who author decided_by",
    "on": "date when decided_on",
    "because": "why reason rationale note notes comment",
    "expires": "until valid_until",
    "votes": "vote",
}


def _by_word(right: Mapping[str, str]) -> dict[str, str]:
    return {word: key for key, words in right.items() for word in words.split()}


MISNOMERS: Final[Mapping[Any, Mapping[str, str]]] = {
    MeasureSet: _by_word(_OF_A_SPEC),
    Measure: _by_word(_OF_A_MEASURE) | {system: f"ids: {{{system}: ...}}" for system in SYSTEMS},
    Decision: _by_word(_OF_A_DECISION),
    "ids": _by_word({"cbe": "nqf", "cms": "ecqm emeasure", "mips": "qpp quality_id",
                     "hedis": "ncqa", "star": "stars"}),
    "ages": _by_word({"min": "low from minimum", "max": "high to maximum", "unit": "units"}),
}  # fmt: skip


def meant(key: str, known: Sequence[str], within: Any) -> str:
    """Which key somebody probably meant who wrote one that there is not."""
    word = _as_key(key)
    found = word if word in known else MISNOMERS.get(within, {}).get(word)
    if found:
        return f"did you mean {found!r}?"
    if within is Measure and word in declared(MeasureSet):
        return "this is a key of the spec, not of a measure"
    if within is MeasureSet and (word in MISNOMERS[Measure] or word in declared(Measure)):
        return "this is a key of a measure, not of the spec"
    near = get_close_matches(word, known, 1, 0.6)
    return f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"


def meant_field(text: str, known: Sequence[str]) -> str:
    """The same of the name of a field, `ids.cbe` among them."""
    found = MISNOMERS[Measure].get(_as_key(text), text)
    return meant(re.sub(r"ids: \{(\w+): \.\.\.\}", r"ids.\1", found), known, "")


def is_title(key: str) -> bool:
    """Whether the one key of a map is no key, but a title up to its colon."""
    known = {*declared(Measure), *MISNOMERS[Measure]}
    if _as_key(key) in known:
        return False
    return not (re.fullmatch("[a-z_]+", key) and get_close_matches(key, known, 1, 0.75))


def _as_key(text: str) -> str:
    """`Measure Type` and `measureType` as `measure_type`."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text[:60].strip())
    return re.sub(r"[\s-]+", "_", apart).lower()
