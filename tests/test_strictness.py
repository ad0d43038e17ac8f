"""What breaks the rules of SSSOM: every defect that other readers let pass, with its line."""

import pytest
from exchanging import HEAD, given, mapping, table
from importing import refused

from harmonize.problems import MOST

PLAIN = table(mapping())
NEW = HEAD + '#sssom_version: "1.1"\n'
OWN = HEAD + "#extension_definitions:\n#  - slot_name: ext_x\n#    type_hint: xsd:string\n"


def test_a_set_that_keeps_the_rules_is_read_whole() -> None:
    rows = (mapping(), mapping(confidence="0.5", ext_x="y"))
    found = given(table(*rows, head=OWN))
    assert [row.get("ext_x") for row in found.rows] == ["", "y"]
    assert found.about["license"] == ("https://example.org/licence",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # the table of what sssom-py lets pass, drops or mends
        (PLAIN.replace("#license: https://example.org/licence\n", ""), "1:1: HZ521"),
        (PLAIN.replace("#mapping_set_id: https://example.org/theirs\n", ""), "1:1: HZ521"),
        (table(mapping(mapping_justification="")), "7:32: HZ521"),
        (table(mapping(predicate_modifier="NOT")), "7:61: HZ522"),
        (table(mapping(predicate_id="same as")), "7:8: HZ523"),
        (table(mapping(mapping_justification="fuzzy title match")), "7:32: HZ522"),
        (table(mapping(mapping_cardinality="one-to-one")), "7:61: HZ522"),
        (table(mapping(review_date="2026-01-01")), "7:61: HZ526"),
        (table(mapping(ext_x="y")), "6:57: HZ525"),
        (table(mapping(object_id="globex:1")), "7:24: HZ524"),
        (table(mapping(confidence="1.91")), "7:61: HZ527"),
        (table(mapping(similarity_score="91")), "7:61: HZ527"),
        (b"\xef\xbb\xbf" + PLAIN.encode(), "1:1: HZ528"),
        (PLAIN + "lake:1\tskos:exactMatch\tridge:2\n", "8:1: HZ528"),
        (PLAIN + "lake:1\tskos:exactMatch\tridge:2\tsemapv:MappingReview\tx\n", "8:1: HZ528"),
        (table(mapping(review_date="2026-01-01"), head=NEW), "8:61: HZ521"),
        # and what else is no set of mappings
        (table(mapping(subject_id="")), "7:1: HZ521"),
        (table(mapping(subject_id="https://example.org/lake/1")), "7:1: HZ523"),
        (table(mapping(subject_id="lake 1")), "7:1: HZ523"),
        (table(mapping(mapping_date="1 May 2026")), "7:61: HZ527"),
        (table(mapping(mapping_cardinality="0:0")), "7:61: HZ526"),
        (table(mapping(subject_type="rdfs literal", subject_id="")), "7:1: HZ521"),
        (table(mapping(), head=HEAD + "#similarity_measure: dice\n"), "6:22: HZ526"),
        (table(mapping(), head=HEAD + "#sssom_version: 1.0\n"), "6:17: HZ522"),
        (table(mapping(), head=OWN + "#ext_z: x\n"), "9:9: HZ525"),
        (table(mapping(), head=HEAD + "#spoken: x\n"), "6:10: HZ525"),
        (table(mapping(), head=HEAD + "#creator_id: orcid:0\n"), "6:14: HZ524"),
        (PLAIN.replace("#  ridge:", "#  skos:"), "3:10: HZ524"),
        (PLAIN.replace("example.org/ridge/", "example.org/lake/"), "3:11: HZ524"),
        (PLAIN.replace("https://example.org/ridge/", "somewhere"), "3:11: HZ523"),
        (PLAIN.replace("https://example.org/theirs", "theirs"), "4:18: HZ523"),
        (HEAD + "\n" + PLAIN.removeprefix(HEAD), "6:1: HZ528"),
        (HEAD, "6:1: HZ528"),
        ("# made by hand\n" + PLAIN, "1:1: HZ528"),
        (PLAIN.replace("predicate_id", "subject_id", 1), "6:12: HZ528"),
        ("#- a\n" + PLAIN.removeprefix(HEAD), "1:2: HZ528"),
        (PLAIN.removeprefix(HEAD), "1:1: HZ521"),
        (table(mapping(), head="#curie_map: x\n" + HEAD[HEAD.index("#mapping") :]), "1:13: HZ528"),
        (table(mapping(), head=HEAD + "#license_:\n#  a: b\n"), "7:4: HZ528"),
        (table(mapping(), head=HEAD + "#extension_definitions:\n#  - key: x\n"), "7:6: HZ525"),
        (OWN.replace("ext_x", "comment") + PLAIN.removeprefix(HEAD), "7:6: HZ525"),
        (OWN.replace("xsd:string", "a:b") + PLAIN.removeprefix(HEAD), "7:6: HZ524"),
        (PLAIN.replace("https://example.org/ridge/", "{a: b}"), "3:11: HZ528"),
        (table(mapping(), head=HEAD + "#mapping_set_title: [a, b]\n"), "6:21: HZ522"),
        (b"", "1:1: HZ007"),
        (b"#license: \xff", "1:1: HZ005"),
        (PLAIN.replace("lake:1", '"lake:1'), "7:1: HZ528"),
    ],
)
def test_a_defect_is_refused_with_its_line(text: str | bytes, told: str) -> None:
    assert f"m.tsv:{told}" in refused(lambda: given(text))


def test_every_defect_is_told_in_one_pass() -> None:
    rows = (mapping(predicate_id="x"), mapping(object_id="y:1"), mapping(confidence="2"))
    assert [line.split()[1] for line in refused(lambda: given(table(*rows)))] == [
        "HZ523", "HZ524", "HZ527",
    ]  # fmt: skip


def test_what_is_new_may_be_said_by_a_set_that_says_so() -> None:
    row = mapping(review_date="2026-01-01", mapping_cardinality="0:0", reviewer_label="Ana")
    assert given(table(row, head=NEW)).rows[0].get("review_date") == "2026-01-01"


def test_what_is_said_of_all_is_said_of_each() -> None:
    found = given(table(mapping(), head=HEAD + "#mapping_date: 2026-01-01\n"))
    assert found.rows[0].get("mapping_date") == "2026-01-01"
    assert "mapping_date" not in found.about


def test_older_words_are_understood() -> None:
    row = mapping(match_type="HumanCurated", semantic_similarity_score="0.5")
    row |= {"match_term_type": "TermMatch", "subject_label": "a", "object_label": "b"}
    del row["mapping_justification"]
    (found,) = given(table(row)).rows
    assert found.get("mapping_justification") == "semapv:ManualMappingCuration"
    assert found.get("similarity_score") == "0.5"
    assert found.get("object_type") == "rdfs literal"


def test_a_remark_that_goes_over_lines_is_no_stray_one() -> None:
    folded = "#comment: >-\n#  one\n#  and another\n"
    found = given(table(mapping(), head=HEAD + folded))
    assert found.about["comment"] == ("one and another",)


def test_no_more_problems_are_told_than_anybody_reads() -> None:
    rows = (mapping(predicate_id="x") for _ in range(MOST + 5))
    told = refused(lambda: given(table(*rows)))
    assert (len(told), told[-1].split()[1]) == (MOST + 1, "HZ113")


def test_several_values_of_a_cell_are_taken_apart() -> None:
    (row,) = given(table(mapping(author_label=r"Ana|Bo \| Co|\\"))).rows
    assert row.values["author_label"] == ("Ana", "Bo | Co", "\\")
