"""Compiles the knowledge files when the package is built, so that no run has to parse their YAML.

The YAML files stay the source: what is compiled carries their hash and is left aside when they
have changed since.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileKnowledge(BuildHookInterface):
    """Writes the compiled files into the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        sys.path.insert(0, self.root)
        from harmonize.reading import knowledge, standards

        for room in (knowledge, standards):
            target = Path(self.root, "harmonize", "data", room.COMPILED)
            target.write_text(room.compiled(), encoding="utf-8")
            build_data["artifacts"].append(f"/harmonize/data/{room.COMPILED}")
