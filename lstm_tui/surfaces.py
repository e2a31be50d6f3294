"""From the options and the environment to where the app is drawn."""

import os
from typing import Any

from lstm_tui.opening.launch import Surface
from lstm_tui.options.given import Given
from lstm_tui.telling.teller import teller_of
from lstm_tui.terminal.output import ascii_only, message
from lstm_tui.terminal.preferences import chosen_keys


def surface_of(given: Given) -> Surface:
    """What the options say of it, else the person's preferences, else the environment."""
    keymap, left_out = chosen_keys(given.get("keys"))
    for line in left_out:
        message(f"note: {line}")
    return Surface(keymap=keymap, **parts_of(given))


def parts_of(given: Given) -> dict[str, Any]:
    """The same, but for the keys, as fields of a Surface."""
    remote = any(os.environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))
    return {
        "ssh": bool(given.get("ssh", remote)),
        "ascii_only": "ascii" in given or ascii_only() or os.environ.get("TERM") == "linux",
        "big": bool(given.get("big")),
        "teller": teller_of(given),
    }
