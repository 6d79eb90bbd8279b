"""Build hook: compile every translation catalogue before it is packed."""

import os
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # outside a build only the function is wanted
    BuildHookInterface = object  # type: ignore[assignment,misc]


def compile_catalogues(root: Path) -> list[Path]:
    """Write the ``.mo`` beside every ``.po`` below ROOT; return what was written."""
    written = []
    for source in sorted(root.rglob("*.po")):
        with source.open("rb") as stream:
            catalogue = read_po(stream)
        target, part = source.with_suffix(".mo"), source.with_suffix(f".mo.{os.getpid()}")
        with part.open("wb") as stream:
            write_mo(stream, catalogue)
        part.replace(target)  # whoever reads meanwhile finds the one or the other, never a half
        written.append(target)
    return written


class MessagesHook(BuildHookInterface):  # type: ignore[type-arg,misc]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_catalogues(Path(self.root) / "groundswell")
