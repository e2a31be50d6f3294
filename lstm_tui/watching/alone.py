"""An app over one source that is none of its own sessions."""

from collections.abc import Sequence
from pathlib import Path

from lstm_tui.session.snapshot import STEPPING
from lstm_tui.session.source import Source, Sources
from lstm_tui.session.summary import course
from lstm_tui.telling.teller import Teller
from lstm_tui.visible import pasteable


class Alone(Sources):
    """One source, begun here; nothing that ends here can be lost. next_time: how to see the run again."""

    only_looks = True

    def __init__(self, source: Source, folder: Path, next_time: str, teller: Teller, *, plays: bool = False) -> None:
        self.current, self.teller, self.plays = source, teller, plays
        self._folder, self._next_time = folder, next_time
        source.start()

    @property
    def at_hand(self) -> Sequence[Source]:
        """The one."""
        return [self.current]

    @property
    def folders(self) -> list[Path]:
        """The folder of its run."""
        return [self._folder]

    def stop(self, *, save: bool, insist: bool = True) -> None:
        """Look no more."""
        self.current.stop(save=save, insist=insist)

    @property
    def ended(self) -> bool:
        """Whether it does not."""
        return self.current.ended.is_set()

    def join(self, seconds: float) -> bool:
        """Wait for that."""
        return self.current.join(seconds)

    def farewell(self, *, ascii_only: bool = False) -> list[str]:
        """How the run stood when it was left, and how to see it again."""
        latest = self.current.latest
        if self.plays:
            how = self._next_time
        elif latest.doing in STEPPING:
            how = f"it trains on; {self._next_time}"
        else:
            how = f"lstm-tui replay {pasteable(str(self._folder))} plays it again"
        return [*course(latest, ascii_only=ascii_only), f"  {how}"]
