"""How far long work has come, on a terminal and only there."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeVar

from harmonize.pace import Pace, unwatched

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE: Final = 1.0  # seconds before a bar is shown
LOOKS: Final = 100  # times that a walk is looked at

T = TypeVar("T")


@contextmanager
def watched(*, shown: bool) -> Iterator[Pace]:
    """A walk with a bar on stderr once the work takes long; the bar is gone at the end."""
    if not shown:
        yield unwatched
        return
    bar = _Bar()
    try:
        yield bar.walk
    finally:
        bar.stop()


class _Bar:
    """One bar for all walks; it pulses where nobody knows how much is left."""

    def __init__(self) -> None:
        self.began = monotonic()
        self.drawn: Progress | None = None

    def walk(self, doing: str, things: Collection[T]) -> Iterable[T]:
        step = max(1, len(things) // LOOKS)
        for done, thing in enumerate(things):
            if done % step == 0:
                self.look(doing, done, len(things))
            yield thing
        self.look("working", 0, None)

    def look(self, doing: str, done: int, total: int | None) -> None:
        if self.drawn is None and monotonic() - self.began > PATIENCE:
            self.drawn = _started()
        if self.drawn is not None:
            one = self.drawn.task_ids[0]
            self.drawn.update(
                one, description=doing, completed=done, total=total, refresh=done == 0
            )

    def stop(self) -> None:
        if self.drawn is not None:
            self.drawn.stop()


def _started() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    progress.add_task("working", total=None)
    progress.start()
    return progress
