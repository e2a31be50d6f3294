"""Surprise while the model trains: one held-out passage in the place of the samples, read anew with each of them."""

from lstm_tui.faces.text.requests import WatchPassage
from lstm_tui.faces.text.seen import TextSeen
from lstm_tui.faces.text.surprise.pane import PassagePane
from lstm_tui.session.snapshot import Snapshot


class WatchedSurprisePane(PassagePane):
    """Asks for a passage as long as it is shown. It stays the same one, so that what has been learnt is seen."""

    NAME, PLACE, PREFIX = "watched", "below", "watched-"
    IN_TRAINING, IN_EVALUATION, STANDS_FOR = True, False, "samples"

    _number = 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A model that trains does not learn from the passage as well."""
        return False if action == "learn" else super().check_action(action, parameters)

    def action_watch_surprise(self) -> None:
        """Stand in the place of the samples, or give it back."""
        self.exchange()
        self._ask_again()

    def show(self, snapshot: Snapshot) -> None:
        """Show the newest reading, and ask another run for the same passage."""
        super().show(snapshot)
        self._ask_again()

    def read(self, number: int, *, learning: bool) -> None:  # noqa: ARG002
        """Another passage from now on."""
        self._number = number
        self._ask_again()

    def _ask_again(self) -> None:
        """Let what is shown be read, and nothing that is not."""
        if self.snapshot is None or self.snapshot.about.memory is None:
            return
        wanted = self._number if self.is_instead else None
        if TextSeen.of(self.snapshot.seen).watched != wanted:
            self.ask(WatchPassage(wanted))
