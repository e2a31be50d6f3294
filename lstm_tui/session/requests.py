"""What a task's face can ask of a run, beyond what is asked of all."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from lstm_tui.session.seen import Seen


@dataclass(frozen=True)
class Request(ABC):
    """It foretells itself on what is seen; `commands.Ask` carries it to the run."""

    def foretold(self, seen: Seen) -> Seen:
        """What will be seen after it, as far as that is known before."""
        return seen

    @abstractmethod
    def asked(self, seen: Seen) -> object:
        """The request as the task's looks know it, now that this is seen of the run."""
