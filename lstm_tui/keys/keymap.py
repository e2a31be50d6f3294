"""Which keys take the place of the usual ones, or stand for others: plain words, for whoever hands them on."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Keymap:
    """bound: by id, the keys that take the place of the usual ones. also: from a key to the one it stands for.

    Both in Textual's names. shown: by id, the keys as a person wrote them.
    """

    bound: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
