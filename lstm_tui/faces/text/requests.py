"""What can be asked of a run over text alone."""

from dataclasses import dataclass, replace
from typing import ClassVar

from lstm_model.tasks.text import looks
from lstm_tui.faces.text.seen import TextSeen
from lstm_tui.session.requests import Request
from lstm_tui.session.seen import Seen


@dataclass(frozen=True)
class ReadPassage(Request):
    """Read a passage of the held-out text; the first is number 0. learning: with a model that learns as it reads."""

    number: int
    learning: bool = False

    def asked(self, seen: Seen) -> looks.ReadPassage:  # noqa: ARG002
        """The same."""
        return looks.ReadPassage(self.number, self.learning)


@dataclass(frozen=True)
class WatchPassage(Request):
    """Read this passage of the held-out text now, and again with each sample; None: no longer."""

    number: int | None

    def foretold(self, seen: Seen) -> Seen:
        """Which one is watched."""
        return replace(TextSeen.of(seen), watched=self.number)

    def asked(self, seen: Seen) -> looks.WatchPassage:  # noqa: ARG002
        """The same."""
        return looks.WatchPassage(self.number)


@dataclass(frozen=True)
class SetTemperature(Request):
    """Set the temperature of the samples to come, within its limits."""

    HIGHEST: ClassVar[float] = 3.0
    temperature: float

    def foretold(self, seen: Seen) -> Seen:
        """The next sample's temperature."""
        return replace(TextSeen.of(seen), temperature=self.asked(seen).temperature)

    def asked(self, seen: Seen) -> looks.SetTemperature:  # noqa: ARG002
        """The temperature that is set."""
        return looks.SetTemperature(min(self.HIGHEST, max(0.0, self.temperature)))


@dataclass(frozen=True)
class ChangeTemperature(Request):
    """Change it by some tenths from what it is by then: of two keys in a row, none is lost."""

    tenths: int

    def foretold(self, seen: Seen) -> Seen:
        """The next sample's temperature."""
        return replace(TextSeen.of(seen), temperature=self.asked(seen).temperature)

    def asked(self, seen: Seen) -> looks.SetTemperature:
        """The temperature that comes of it."""
        return SetTemperature(round(TextSeen.of(seen).temperature + self.tenths / 10, 1)).asked(seen)


@dataclass(frozen=True)
class SetSpread(Request):
    """Write samples at several temperatures at a time, or at the one that is set."""

    on: bool

    def foretold(self, seen: Seen) -> Seen:
        """That it is so."""
        return replace(TextSeen.of(seen), spread=self.on)

    def asked(self, seen: Seen) -> looks.SetSpread:  # noqa: ARG002
        """The same."""
        return looks.SetSpread(self.on)


@dataclass(frozen=True)
class SetPrompt(Request):
    """Set what samples start from, and write one."""

    prompt: str

    def asked(self, seen: Seen) -> looks.SetPrompt:  # noqa: ARG002
        """The same."""
        return looks.SetPrompt(self.prompt)
