"""Which pairs are worth weighing: the filter leaves out none, and descriptions bring pairs near."""

from math import fsum

from building import KNOWN, Line, spec
from hypothesis import given
from hypothesis import strategies as st

from harmonize.pairing import LITTLE, SAID, WORTH, Lists, _sharing, candidates

BAGS = st.lists(
    st.dictionaries(
        st.tuples(st.sampled_from(["word", "id cbe"]), st.sampled_from("abcdefgh")),
        st.sampled_from([0.5, 1.0, 2.0, 9.0]),
        max_size=6,
    ),
    max_size=8,
)
HOURS = "Share of people with a stay of more than four hours in the unit after a joint replacement"


def mass(bag: dict[tuple[str, str], float]) -> float:
    return fsum(worth for (sort, _), worth in bag.items() if sort == "word")


@given(bags=BAGS, least=st.sampled_from([LITTLE, WORTH, SAID]))
def test_the_filter_finds_every_pair_with_enough_in_common(
    bags: list[dict[tuple[str, str], float]], least: float
) -> None:
    # One thing weighs the same wherever it stands.
    worth = {key: value for bag in bags for key, value in bag.items()}
    kinds = {kind: {key: worth[key] for key in bag} for kind, bag in enumerate(bags)}
    found = {(a, b): share for a, b, share in _sharing(kinds, least)}
    wanted = {
        (a, b): 2 * common / whole
        for a in kinds
        for b in kinds
        if a < b
        and (common := fsum(kinds[a][key] for key in kinds[a].keys() & kinds[b].keys()))
        and (whole := mass(kinds[a]) + mass(kinds[b]))
        and 2 * common >= least * whole
    }
    assert found.keys() >= wanted.keys()
    assert all(abs(found[pair] - share) < 1e-9 for pair, share in wanted.items())


def near(*lists: Line) -> bool:
    sets = tuple(spec(payer, one) for payer, one in zip(("a", "b"), lists, strict=True))
    return bool(candidates(Lists(sets, KNOWN)))


def test_what_is_described_alike_is_weighed_whatever_it_is_called() -> None:
    assert not near({"id": "1", "title": "Quilted Hours"}, {"id": "1", "title": "Velvet Lane"})
    assert near(
        {"id": "1", "title": "Quilted Hours", "description": HOURS},
        {"id": "1", "title": "Velvet Lane", "description": f"{HOURS}, all ages"},
    )
    assert not near(
        {"id": "1", "title": "Quilted Hours", "description": HOURS},
        {"id": "1", "title": "Velvet Lane", "description": "Infants with a hearing test by day 28"},
    )


def test_what_tells_an_item_from_its_like_counts_against_who_lacks_it() -> None:
    time = "Time interval: critical value reporting for"
    one = spec(
        "a", {"id": "1", "title": f"{time} bilirubin"}, {"id": "2", "title": f"{time} ammonia"}
    )
    two = spec(
        "b", {"id": "1", "title": f"{time} lithium"}, {"id": "2", "title": f"{time} bilirubin"}
    )
    lists = Lists((one, two), KNOWN)
    assert lists.scene.apart == {
        "a/1": {"bilirubin"}, "a/2": {"ammonia"}, "b/1": {"lithium"}, "b/2": {"bilirubin"},
    }  # fmt: skip
    heard = {pair: {e.name for e in lists.weigh(*pair).evidence}
             for pair in (("a/2", "b/1"), ("a/1", "b/2"))}  # fmt: skip
    assert "sibling" in heard["a/2", "b/1"]
    assert "sibling" not in heard["a/1", "b/2"]
