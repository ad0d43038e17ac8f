"""What several tests share."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-examples",
        action="store_true",
        help="write what the examples give now beside them; the git diff is the review",
    )
