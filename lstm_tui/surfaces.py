"""From the options and the environment to where the app is drawn."""

import os
from typing import Any

from lstm_tui.keys.own import keymap_of
from lstm_tui.opening.launch import Surface
from lstm_tui.options.given import Given
from lstm_tui.telling.teller import teller_of
from lstm_tui.terminal.output import ascii_only
from lstm_tui.terminal.preferences import own_keys, preference, preferences_file


def surface_of(given: Given) -> Surface:
    """What the options say of it, else the person's preferences, else the environment."""
    return Surface(**parts_of(given))


def parts_of(given: Given) -> dict[str, Any]:
    """The same as fields of a Surface."""
    if "keys" in given:
        keymap = keymap_of(given["keys"], {} if given["keys"] == "default" else own_keys(), str(preferences_file()))
    else:
        keymap = keymap_of(preference("keys") or "default", own_keys(), str(preferences_file()))
    remote = any(os.environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))
    return {
        "ssh": bool(given.get("ssh", remote)),
        "ascii_only": "ascii" in given or ascii_only() or os.environ.get("TERM") == "linux",
        "big": bool(given.get("big")),
        "keymap": keymap,
        "teller": teller_of(given),
    }
