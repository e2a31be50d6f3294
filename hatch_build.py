"""What the wheel holds that no file of the project is: the manual page and the completions, made from the options."""

import shutil
import sys
import tempfile
from datetime import UTC, datetime
from os import environ
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PLACES = {
    "bash": "share/bash-completion/completions/lstm-tui",
    "zsh": "share/zsh/site-functions/_lstm-tui",
    "fish": "share/fish/vendor_completions.d/lstm-tui.fish",
}
MANUAL = "share/man/man1/lstm-tui.1"


class ForTheShell(BuildHookInterface):  # type: ignore[type-arg, misc]
    """Writes them into a folder of its own, and lets the wheel install them where shells and man look."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Make the files before the wheel is put together."""
        sys.path.insert(0, self.root)
        try:
            from lstm_tui.shell.completion import completion
            from lstm_tui.shell.manual import manual
        finally:
            sys.path.remove(self.root)
        # A build of the same source gives the same bytes: tools that want that say the time.
        now = datetime.fromtimestamp(int(environ.get("SOURCE_DATE_EPOCH", "1580601600")), UTC).date()
        texts = {place: completion(shell) for shell, place in PLACES.items()} | {MANUAL: manual(now)}
        self.folder = Path(tempfile.mkdtemp(prefix="lstm-tui-"))
        for place, text in texts.items():
            path = self.folder / place
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
            build_data["shared_data"][str(path)] = place

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Take the folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)
