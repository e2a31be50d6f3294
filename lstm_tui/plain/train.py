"""`lstm-tui train`: lines for people and logs, JSON for programs."""

import os
import sys

from lstm_model.parallel.blas import one_blas_thread
from lstm_tui.opening.run import open_run, plan_of
from lstm_tui.options.given import Given
from lstm_tui.options.wording import with_flags
from lstm_tui.plain.board import LOOK_EVERY, RunBoard, require_board
from lstm_tui.plain.log import Log, header
from lstm_tui.plain.obeying import Obeying
from lstm_tui.plain.told import RunTold
from lstm_tui.telling.teller import teller_of
from lstm_tui.terminal.output import Progress, message, result
from lstm_tui.terminal.signals import Interrupts
from lstm_tui.visible import as_line


def train(given: Given) -> int:
    """Train until the limit, or until a signal ends it. Exit status: 0, 1 if it failed, 128 + the signal's number."""
    require_board(given)
    teller = teller_of(given)
    opened = open_run(given)
    run = opened.run(plan_of(given, LOOK_EVERY) if "tensorboard" in given else plan_of(given))
    one_blas_thread()
    orders, log, board = Obeying(run), Log(run, as_json="json" in given), RunBoard(given, run)
    if not log.as_json:
        for line in header(run):
            result(as_line(line))
    for note in run.notes:
        message(f"note: {with_flags(note)}")
    told = RunTold(teller, run)
    progress = Progress("measuring the whole validation part")

    def give_up_step(number: int) -> None:
        """A step takes longer than a signal can wait: save what it began from, and end without it."""
        with run.trainer.held_in_step() as computes:
            if computes:
                log.show(run.save_unsaved(), ending=True)
                run.tell_end()
                board.close()
                status = log.end(number)
                sys.stdout.flush()
                os._exit(status)

    with Interrupts(give_up_step) as interrupts:
        try:
            while not (run.finished or run.diverged or interrupts.number):
                events = orders.moved()
                if run.job == "evaluate":
                    progress(run.job_share)
                else:
                    progress.clear()
                log.show(events)
                board.show(events)
                told.show(events)
        except (OSError, MemoryError) as error:  # no log, or no step any more: the work must not be lost with it
            log.abandon(run.save_unsaved(), error)
            raise
        if interrupts.number or run.diverged:
            log.show(run.save_unsaved(), ending=True)
        board.close()
        run.close()
        status = log.end(interrupts.number)
        teller.close()
        return status
