"""Orders to the process that trains a run which is watched, and what it answers."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lstm_model.errors import reason_of
from lstm_model.runs.outside.follower import LIVING, Look
from lstm_model.runs.remote.orders import Word, give, take_back
from lstm_tui.session import commands
from lstm_tui.session.commands import Command
from lstm_tui.session.journal import Notices

MOST = 15.0  # seconds that an answer may take: a step can take some, and a measurement goes before an order
WORDS: dict[type[Command], Word] = {
    commands.Pause: Word.PAUSE,
    commands.Resume: Word.RESUME,
    commands.Look: Word.SAMPLE,
    commands.Save: Word.SAVE,
    commands.Stop: Word.STOP,
}
ORDERED = frozenset({"pause", "resume", "look", "save"})  # actions of keys that can be ordered


@dataclass(frozen=True)
class _Given:
    """An order that waits for its answer, and the number of the command it came from."""

    number: int
    word: Word
    id: str
    until: float
    failed: str = ""  # why it could not even be given


class Control:
    """Gives orders through a run's folder. now: a clock in seconds."""

    def __init__(self, folder: Path, now: Callable[[], float]) -> None:
        self._folder, self._now = folder, now
        self._given: deque[_Given] = deque()

    @property
    def waits(self) -> bool:
        """Whether an order waits for its answer."""
        return bool(self._given)

    def order(self, number: int, command: Command) -> bool:
        """Pass a command on; False for one that nobody can be ordered."""
        word = WORDS.get(type(command))
        if word is None:
            return False
        try:
            self._given.append(_Given(number, word, give(self._folder, word), self._now() + MOST))
        except OSError as error:
            self._given.append(_Given(number, word, "", self._now(), reason_of(error)))
        return True

    def answered(self, look: Look, notices: Notices) -> int:
        """The number of the last command that was answered, or is given up; says what there is to say of it."""
        answers = {} if look.standing is None else {answer.id: answer for answer in look.standing.answers}
        number = 0
        while self._given:
            given = self._given[0]
            if (answer := answers.get(given.id)) is not None:
                if answer.refused:
                    notices.add(f"{given.word}: {answer.refused}", "error")
                elif given.word is Word.SAVE:
                    notices.add(f"saved step {answer.step:,}")
            elif given.failed:
                notices.add(f"{given.word}: the order cannot be written: {given.failed}", "error")
            elif look.state not in LIVING:
                self._give_up(given, notices, "nobody trains this run any more")
            elif self._now() >= given.until:
                self._give_up(given, notices, f"no answer within {MOST:.0f} s from process {look.process or '-'}")
            else:
                break
            number = given.number
            self._given.popleft()
        return number

    def _give_up(self, given: _Given, notices: Notices, why: str) -> None:
        take_back(self._folder, given.id)
        notices.add(f"{given.word}: {why}", "error")
