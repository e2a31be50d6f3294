"""What is known of one word of the screen."""

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Word:
    """A word, or a mark, and what it means.

    panes: the ids of the panes in which it stands, its own first. also: how else it is written there, as patterns:
    "*-gram counts".
    """

    name: str
    meaning: str
    panes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def is_called(self, label: str) -> bool:
        """Whether a label on the screen is this word."""
        return any(fnmatchcase(label.strip().lower(), each.lower()) for each in (self.name, *self.also))

    def tells_of(self, searched: str) -> bool:
        """Whether somebody who searches for this finds it here."""
        text = f"{self.name} {' '.join(self.also)} {self.meaning}".lower()
        return searched.lower() in text or self.is_called(searched)
