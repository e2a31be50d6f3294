"""`lstm-tui sweep`: many runs, side by side; lines for people and logs, JSON for programs."""

from pathlib import Path
from typing import Any

from lstm_model.errors import InputError, WorkError, reason_of
from lstm_model.storage.home import expanded
from lstm_model.sweeps.driving import GOES_ON, Told, drive
from lstm_model.sweeps.outside import Outside
from lstm_model.sweeps.standing import Standing
from lstm_model.sweeps.sweep import Sweep, Trial
from lstm_model.sweeps.verdict import Over, Ranked, Verdict, verdict
from lstm_tui.opening.many import is_of_many
from lstm_tui.opening.sweep import design_of, folder_of, road_of, shares_of
from lstm_tui.options.given import Given
from lstm_tui.options.wording import with_flags
from lstm_tui.plain.many import sweep_many
from lstm_tui.reports.swept import plan_lines, report_lines, settings_text
from lstm_tui.terminal.output import back_to_line_start, json_line, message, result
from lstm_tui.terminal.signals import Interrupts
from lstm_tui.visible import as_line
from lstm_tui.wording import duration, figure


def sweep(given: Given) -> int:
    """Train until the sweep is over, or a signal ends it. Exit status: 0, 1 if nothing came of it, 128 + the signal."""
    if "show" in given:
        return _shown(given)
    if is_of_many(given):
        return sweep_many(given, as_work_error)
    design, _ = design_of(given)
    folder = folder_of(given, design)
    jobs, threads = shares_of(given, design)
    there = Sweep(design, folder)
    log = Log(there, as_json="json" in given)
    try:
        for note in there.notes:
            message(f"note: {note}")
        with Interrupts() as interrupts:
            road = road_of(given, there, jobs, threads, lambda line: message(with_flags(line)))
            log.begin(jobs, threads, given.get("scheduler"))
            for told in drive(there, road, threads, lambda: interrupts.number is not None):
                log.show(told)
        return log.end(interrupts.number)
    except OSError as error:
        raise as_work_error(error) from None
    finally:
        there.close()


def as_work_error(error: OSError) -> Exception:
    """What a file of the sweep could not do, with how to go on; without a file it was standard output, and stays."""
    return error if error.filename is None else WorkError(f"{error.filename}: {reason_of(error)}; {GOES_ON}")


def folder_to_show(given: Given) -> Path:
    """The sweep that is to be looked at."""
    if "save" not in given:
        raise InputError("--show needs --save DIR: the folder of the sweep")
    return expanded(given["save"])


def _shown(given: Given) -> int:
    """How a sweep stands that another process drives, or that has ended."""
    standing = Outside(folder_to_show(given)).look()
    log = Log(standing, as_json="json" in given)
    for trial in sorted(standing.trials.values(), key=lambda trial: trial.number):
        if trial.outcome is not None:
            log.show(Told(trial, "ended"))
    if standing.over:
        return log.end(None)
    by = f"process {standing.process} goes on with it" if standing.process else "no process of this machine drives it"
    message(f"{log.ended} of {standing.design.trials} trials have ended; {by}")
    return 0


class Log:
    """Tells of a sweep as lines, or as JSON."""

    def __init__(self, sweep: Sweep | Standing, *, as_json: bool) -> None:
        self.sweep, self.as_json = sweep, as_json

    @property
    def ended(self) -> int:
        """How many trials have ended, those of the winner too."""
        return sum(trial.outcome is not None for trial in self.sweep.trials.values())

    def begin(self, jobs: int, threads: int, scheduler: str | None) -> None:
        """What is tried and how; then what was done before."""
        sweep, design = self.sweep, self.sweep.design
        done = [trial for trial in sweep.trials.values() if trial.outcome is not None]
        if not self.as_json:
            where = f"{jobs} side by side" if scheduler in (None, "local") else f"on the workers of {scheduler}"
            for line in plan_lines(design, f"{where} with {threads} core{'' if threads == 1 else 's'} each"):
                result(line)
            result(as_line(f"folder  {sweep.folder}" + (f": {len(done)} trials are there already" if done else "")))
            return
        for trial in done:
            result(json_line(self._as_object(trial)))

    def show(self, told: Told) -> None:
        """One thing that has happened."""
        trial, outcome = told.trial, told.trial.outcome
        if told.what == "died":
            message(f"trial {trial.number + 1} is begun again: its process {told.why}")
        if told.what != "ended" or outcome is None:
            return
        if self.as_json:
            result(json_line(self._as_object(trial)))
            return
        design = self.sweep.design
        what = f"trial {trial.number + 1}/{design.trials}" if not trial.again else "winner again"
        line = f"{what}  {settings_text(design.space, trial.settings)}  seed {trial.seed}  {figure(outcome.val_loss)}"
        line += f"  step {outcome.step:,}  {duration(outcome.elapsed_s)}"
        if outcome.state != "done":
            line += f"  {'given up' if outcome.state == 'pruned' else 'failed'}: {with_flags(outcome.why)}"
        result(as_line(line))

    def end(self, signal_number: int | None) -> int:
        """The verdict; the exit status."""
        sweep = self.sweep
        if signal_number and not sweep.over:
            back_to_line_start()
            message(f"interrupted after {self.ended} trials; all is in {sweep.folder}: the same command goes on")
            return 128 + signal_number
        judged = verdict(sweep)
        if self.as_json:
            result(json_line(self._done(judged)))
        if judged is None:
            message("lstm-tui sweep: error: no settings were trained to the end from every seed; see the trials above")
            return 1
        if not self.as_json:
            for line in ["", *report_lines(sweep, judged)]:
                result(as_line(line))
        return 0

    # For programs

    def _as_object(self, trial: Trial) -> dict[str, Any]:
        outcome = trial.outcome
        if outcome is None:
            return {}
        return {
            "event": "trial", "trial": trial.number + 1, "settings": self.sweep.design.space.named(trial.settings),
            "seed": trial.seed, "run": str(trial.folder), "state": outcome.state, "val_loss": outcome.val_loss,
            "best_step": outcome.best_step, "step": outcome.step, "elapsed_s": outcome.elapsed_s, "why": outcome.why,
            "again": trial.again, "test_loss": outcome.test_loss,
        }  # fmt: skip

    def _done(self, judged: Verdict | None) -> dict[str, Any]:
        sweep = self.sweep
        trials = sorted(sweep.trials.values(), key=lambda trial: trial.number)
        trials_done = [self._as_object(trial) for trial in trials if trial.outcome is not None]
        return {
            "event": "done",
            "folder": str(sweep.folder),
            "trials": trials_done,
            "best": judged and self._best(judged),
        }

    def _best(self, judged: Verdict) -> dict[str, Any]:
        def over(loss: Over | None) -> dict[str, Any] | None:
            return None if loss is None else {"mean": loss.mean, "spread": loss.spread, "seeds": loss.n}

        def ranked(each: Ranked | None) -> dict[str, Any] | None:
            return (
                None
                if each is None
                else {"settings": self.sweep.design.space.named(each.settings), "val_loss": over(each.loss)}
            )

        winner = judged.winner
        return {
            "settings": self.sweep.design.space.named(winner.settings), "val_loss": winner.loss.mean,
            "spread": winner.loss.spread, "again": over(judged.again), "test": over(judged.test), "luck": judged.luck,
            "runs": [str(trial.folder) for trial in judged.runs], "second": ranked(judged.second),
        }  # fmt: skip
