"""`lstm-tui replay RUN` on a terminal: which recording is meant."""

from lstm_model.parallel.blas import one_blas_thread
from lstm_tui.options.given import Given
from lstm_tui.telling.teller import Teller
from lstm_tui.visible import pasteable
from lstm_tui.watching.alone import Alone
from lstm_tui.watching.replaying import Replay
from lstm_tui.watching.tape import Tape

SPEED = 60.0  # an hour of training in a minute


def replay(given: Given, teller: Teller) -> Alone:
    """The recording of the run that a person means."""
    one_blas_thread()
    tape = Tape.of(given["run"])
    source = Replay(tape, given.get("speed", SPEED))
    again = f"lstm-tui replay {pasteable(str(tape.folder))} plays it again"
    return Alone(source, tape.folder, again, teller, plays=True)
