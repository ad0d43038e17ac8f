"""Benchmarks that people run by name; no part of the test suite.

Each takes a folder of tasks that the user has: nothing of it stands in this repository. A task is
a folder with one CSV per list (`list, local_id, title, description, measure_type, steward,
inverse`), `gold.csv` (`list_a, id_a, list_b, id_b, wording, cluster`), `ignore.csv` and
`hard_negatives.csv` (with a `kind`).
"""
