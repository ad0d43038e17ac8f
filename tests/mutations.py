"""JSON values of any shape, alone and in the place of a part of a sound file."""

import copy
from typing import Any

from hypothesis import strategies as st

from harmonize.fields import declared
from harmonize.measures import Measure

_WORDS = st.sampled_from(
    ("None", "N/A", "null", "~", "", " ", "increase", "Decrease", "proportion", "001SSP", "FHIR",
     "Equals Initial Population", "Equals Denominator", "aged 65-18", "18-75 years of age",
     "2026-02-30", "2026-01-01", "165FHIR", "CMS165v14", "\u202e\x00<b>=1+1", "Measure", "Bundle",
     "0", "true", "quality", *declared(Measure))
)  # fmt: skip
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | _WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | _WORDS, inner),
    max_leaves=12,
)


@st.composite
def mutated(draw: st.DrawFn, sound: Any) -> Any:
    """A sound value with some of its parts gone, doubled or something else."""
    value = copy.deepcopy(sound)
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(list(_parts(value)) or [([value], 0)]))
        match draw(st.integers(0, 3)):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[key]))
            case _:
                holder[key] = draw(ANY_JSON)
    return value


def _parts(value: Any) -> Any:
    """Every part of a value, as what holds it and where."""
    keys = value if isinstance(value, dict) else range(len(value) if isinstance(value, list) else 0)
    for key in keys:
        yield value, key
        yield from _parts(value[key])
