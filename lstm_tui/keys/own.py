"""Keys of one's own: which keys are bound to what, from a set that ships and from what a person has chosen."""

import difflib
import unicodedata
from collections.abc import Mapping
from itertools import combinations

from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from lstm_model.errors import InputError, quoted
from lstm_tui.keys.keymap import Keymap
from lstm_tui.keys.table import KEYS, PANE_KEYS

# Keys that may have others beside them, in every pane and dialog; what is typed into a field stays typed.
ALSO = {name: name for name in ("left", "right", "up", "down", "home", "end", "pageup", "pagedown")} | {
    "palette": "ctrl+p"
}
SETS: dict[str, dict[str, str]] = {
    "default": {},
    "vim": {
        "left": "h", "down": "j", "up": "k", "right": "l", "home": "g", "end": "G", "pageup": "ctrl+u",
        "pagedown": "ctrl+d", "palette": ":", "load": "o", "sample": "w", "one_step": "f",
    },
}  # fmt: skip
_FIXED = {"tab", "shift+tab", "escape", "enter", "ctrl+p", *map(str, range(1, 10))}
_MODIFIERS = {"ctrl", "shift", "alt", "super", "meta"}
_NAMED = {key.value for key in Keys}
_DEFAULTS = {key.id: key.keys for key in (*KEYS, *PANE_KEYS)}


def keymap_of(chosen: str, own: Mapping[str, object], where: str = "") -> Keymap:
    """A set by its name, with a person's own keys over it; `where` these are written stands in errors.

    An InputError for an unknown set, id or key, and for a key that would mean two things.
    """
    place = f" (in {where})" if where else ""
    if chosen not in SETS:
        raise InputError(f"there is no set of keys {quoted(chosen)}{place}: choose {' or '.join(SETS)}")
    for name in own:
        if name not in _DEFAULTS and name not in ALSO:
            close = difflib.get_close_matches(name[:40], [*_DEFAULTS, *ALSO], 1)
            guess = f"did you mean {close[0]}?" if close else "docs/screen.md lists what keys can be given to"
            raise InputError(f"keymap: unknown id {quoted(name)}{place}: {guess}")
    wanted = SETS[chosen] | dict(own)
    named = {name: _named(name, keys, place) for name, keys in wanted.items()}
    _refuse_clashes(named, place)
    return Keymap(
        {name: ",".join(keys) for name, keys in named.items() if name in _DEFAULTS},
        {key: ALSO[name] for name, keys in named.items() if name in ALSO for key in keys},
        {name: " ".join(_written(keys)) for name, keys in wanted.items()},
    )


def _written(keys: object) -> list[str]:
    return keys.replace(",", " ").split() if isinstance(keys, str) else []


def _named(name: str, keys: object, place: str) -> list[str]:
    """Textual's names of some keys, which are written with blanks or commas between them."""
    written = _written(keys)
    if not written:
        raise InputError(f'keymap: {name} needs a key{place}, as in "{name}": "f5"')
    named = [_name_of(text) for text in written]
    for text, key in zip(written, named, strict=True):
        if not key:
            raise InputError(f"keymap: {name}: {quoted(text)} is no key{place}")
    return named


def _name_of(text: str) -> str:
    """Textual's name of one key, as ? is question_mark; "" if there is none."""
    if len(text) == 1:
        if text.isalnum():
            return text
        name = unicodedata.name(text, "").lower().replace("-", "_").replace(" ", "_")
        return KEY_NAME_REPLACEMENTS.get(name, name)
    *modifiers, last = text.lower().split("+")
    is_key = (len(last) == 1 and last.isalnum()) or last in _NAMED or _is_character(last)
    return "+".join([*modifiers, last]) if is_key and _MODIFIERS.issuperset(modifiers) else ""


def _is_character(name: str) -> bool:
    """Whether this is Textual's name of a character that is no letter."""
    if name in KEY_NAME_REPLACEMENTS.values():
        return True
    try:
        unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return False
    return True


def _refuse_clashes(named: Mapping[str, list[str]], place: str) -> None:
    """An InputError for a key that has two meanings in one place; a pane's own keys go before those of the screen."""
    bound = {name: named.get(name, keys.split(",")) for name, keys in _DEFAULTS.items()}
    bound |= {name: keys for name, keys in named.items() if name in ALSO}
    for name, keys in named.items():
        for key in _FIXED.intersection(keys):
            if key not in _DEFAULTS.get(name, "").split(","):
                raise InputError(f"keymap: {key} keeps its meaning{place}: give {name} another key")
    for one, other in combinations(bound, 2):
        together = one in ALSO or other in ALSO or _place_of(one) == _place_of(other)
        if together and (one in named or other in named) and (same := set(bound[one]) & set(bound[other])):
            raise InputError(f"keymap: {min(same)} is both {one} and {other}{place}: give one of them another key")


def _place_of(name: str) -> str:
    """The pane that a key belongs to; "" for the screen."""
    return name.rpartition(".")[0]
