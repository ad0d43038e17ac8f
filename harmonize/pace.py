"""How long work is walked through: whoever has it done may hand in a walk that is watched.

A walk gives back the things that it was given, one after another and no others; the core asks for
the next one and cannot tell whether anybody looks on.
"""

from collections.abc import Collection, Iterable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Pace(Protocol):
    """Walks through things; `doing` says what is done with them."""

    def __call__(self, doing: str, things: Collection[T]) -> Iterable[T]:
        """The things, in their order."""
        ...


def unwatched(doing: str, things: Collection[T]) -> Iterable[T]:  # noqa: ARG001
    """The walk that nobody watches: the things themselves."""
    return things
