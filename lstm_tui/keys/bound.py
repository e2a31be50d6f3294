"""The keys as they are bound in this process: the usual ones, but for those a person has given others."""

from collections.abc import Mapping

from lstm_tui.keys.key import Key

_OWN: dict[str, str] = {}  # by id, as a person reads them


def show_as(own: Mapping[str, str]) -> None:
    """From now on show these keys, by id, in the place of the usual ones."""
    _OWN.clear()
    _OWN.update(own)


def shown_of(key: Key) -> str:
    """The keys of an entry of the table, as they are bound, with blanks between."""
    return _OWN.get(key.id, key.shown)


def first_of(key: Key) -> str:
    """The first of them."""
    return shown_of(key).split(" ")[0]


def beside(name: str) -> str:
    """The keys that do the same as a key that always has its meaning, such as left; "" if there are none."""
    return _OWN.get(name, "")
