"""`train --tensorboard DIR`: a run told to TensorBoard beside its log. It may fail, and the run goes on without it."""

from typing import TYPE_CHECKING

from lstm_model.errors import reason_of
from lstm_model.events import Event
from lstm_model.runs.events import Figures, Validated
from lstm_model.runs.run import Run
from lstm_tui.opening.outputs import folder_to_write, require_package
from lstm_tui.options.given import Given
from lstm_tui.terminal.output import message

if TYPE_CHECKING:
    from lstm_model.exports.tensorboard import Board

LOOK_EVERY = 15.0  # seconds between samples


def require_board(given: Given) -> None:
    """An InputError now, rather than once training has begun, if nothing can be told to TensorBoard."""
    if "tensorboard" in given:
        folder_to_write("--tensorboard", given["tensorboard"])
        require_package("--tensorboard", "tensorboardX", "tensorboard")


class RunBoard:
    """Tells what happened in a run; nothing if that was not asked for."""

    def __init__(self, given: Given, run: Run) -> None:
        self._run = run
        self._board: Board | None = None
        if "tensorboard" in given:
            from lstm_model.exports import tensorboard

            name = run.folder.path.name if run.folder else run.trainer.config.task
            self._board = tensorboard.Board(folder_to_write("--tensorboard", given["tensorboard"]) / name)

    def show(self, events: list[Event]) -> None:
        """Tell of some events: figures, samples, and with each validation the histograms."""
        if self._board is None:
            return
        try:
            for event in events:
                self._tell(self._board, event)
        except OSError as error:
            message(f"nothing more is written for TensorBoard: {reason_of(error)}; training goes on")
            self._board = None

    def _tell(self, board: "Board", event: Event) -> None:
        from lstm_model.exports.tensorboard import of_figures

        trainer = self._run.trainer
        if isinstance(event, Figures):
            board.figures(event.step, of_figures(event, f"{trainer.task.kind.words.unit}_per_s"))
        elif isinstance(event, Validated):
            if event.full:
                board.figures(event.step, {"full_val_loss": event.loss})
            board.weights(trainer.judged, event.step)
            board.gates(trainer.judged, trainer.task, event.step)
        elif (text := self._run.looks.told(event)) is not None:
            board.text(trainer.steps, text)

    def close(self) -> None:
        """Write what is still to be written."""
        if self._board is not None:
            self._board.close()
