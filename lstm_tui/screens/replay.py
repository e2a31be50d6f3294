"""The main screen over a run that was recorded: some keys go through its time."""

from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType

from lstm_tui.keys.table import KEYS, REPLAY_KEYS
from lstm_tui.screens.training import TrainingScreen
from lstm_tui.watching.replaying import Replay
from lstm_tui.widgets.keys_line import KeysLine

FIRST = 4  # keys of the line before those of the replay: pause, go on, help, quit


class ReplayScreen(TrainingScreen):
    """See above. Its keys come before those of the focused pane."""

    BINDINGS: ClassVar[list[BindingType]] = [
        replace(binding, priority=True) for key in REPLAY_KEYS for binding in key.bindings
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Inside, keys are those of the view; at its end a replay can begin anew."""
        if action in ("seek", "seek_to", "speed"):
            return not self.inside.is_open
        if action in ("pause", "resume") and self._replay.is_over:
            return action == "resume"
        return super().check_action(action, parameters)

    def refresh_bindings(self) -> None:
        """Show the keys of the replay after the first ones."""
        super().refresh_bindings()
        for line in self.query(KeysLine):
            keys = [key for key in KEYS if self.offers(key)]
            first = [key for key in keys if key in KEYS[:FIRST]]
            own = [key for key in REPLAY_KEYS if self.offers(key)]
            line.show([*first, *own, *(key for key in keys if key not in first)])

    @property
    def _replay(self) -> Replay:
        source = self.sessions.current
        if not isinstance(source, Replay):
            raise TypeError("this screen shows a replay")
        return source

    def action_resume(self) -> None:
        """Go on, from the beginning if it was at its end."""
        super().action_resume()
        self.show_now()

    def action_seek(self, by: int) -> None:
        """Go on, or back, by twentieths of the run."""
        self._replay.seek(by)
        self.show_now()

    def action_seek_to(self, share: float) -> None:
        """Go to the beginning, or to the end."""
        self._replay.seek_to(share)
        self.show_now()

    def action_speed(self, times: float) -> None:
        """Play faster, or slower."""
        self._replay.change_speed(times)
        self.show_now()
