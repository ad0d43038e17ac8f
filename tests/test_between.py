"""What stands between concepts: told once for each two, and nothing is lost."""

from building import ROOT, example, published

from harmonize.between import alike, possible
from harmonize.document import document
from harmonize.workspace import load


def test_every_pair_is_told_with_its_concepts() -> None:
    for sets in (load([str(ROOT / "specs")]).sets, example("onecare-vermont")):
        found = published(*sets)
        told = document(found)
        maybe, related = possible(found), alike(found)
        assert sum(b.pairs for b in maybe) == len(told["possible"])
        assert sum(b.pairs for b in related) == len(told["related"])
        assert len(related) <= len(told["related"])
        labels = {c["label"] for c in told["concepts"]}
        assert {end.label for b in (*maybe, *related) for end in (b.left, b.right)} <= labels
        assert all(b.left.heads and b.right.heads and b.reason for b in (*maybe, *related))
        assert [b.confidence for b in maybe] == sorted((b.confidence for b in maybe), reverse=True)
        assert {b.relation for b in related} <= {r["relation"] for r in told["related"]}
