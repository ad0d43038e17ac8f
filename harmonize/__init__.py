"""Payer measure specs in, overlap and divergence out: the names that a notebook needs."""

from typing import Any

__all__ = ["compare", "frame"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load what a notebook needs when it is asked for, so that `harmonize --help` stays quick."""
    if name in __all__:
        from harmonize import notebook

        return getattr(notebook, name)
    raise AttributeError(name)
