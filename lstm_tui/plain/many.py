"""`lstm-tui sweep --data FOLDER`: each file of a folder is trained on by itself, and judged on days it has not seen."""

from collections.abc import Callable
from typing import Any

from lstm_model.errors import LSTMError
from lstm_model.runs.saves import BEST
from lstm_model.sweeps.batch import Batch
from lstm_model.sweeps.driving import drive
from lstm_model.sweeps.sweep import Trial
from lstm_tui.opening.many import Many, many_of, shares_of_many
from lstm_tui.opening.saved import read_saved
from lstm_tui.opening.sweep import road_of
from lstm_tui.options.given import Given
from lstm_tui.options.wording import with_flags
from lstm_tui.reports import one
from lstm_tui.reports.judged import Report
from lstm_tui.task_faces import part_of
from lstm_tui.terminal.output import back_to_line_start, json_line, message, result
from lstm_tui.terminal.signals import Interrupts
from lstm_tui.visible import as_line
from lstm_tui.wording import duration


def sweep_many(given: Given, as_work_error: Callable[[OSError], Exception]) -> int:
    """Train and judge all of them. Exit status: 0, 1 if none could be judged, 128 + the signal that ended it."""
    many = many_of(given)
    jobs, threads = shares_of_many(given, many)
    batch = many.batch()
    told = Told(many, batch, as_json="json" in given)
    try:
        with Interrupts() as interrupts:
            road = road_of(given, batch, jobs, threads, lambda line: message(with_flags(line)))
            told.begin(jobs, threads, given.get("scheduler"))
            for happened in drive(batch, road, threads, lambda: interrupts.number is not None):
                if happened.what == "died":
                    message(f"{many.names[happened.trial.number]} is begun again: its process {happened.why}")
                if happened.what == "ended":
                    told.show(happened.trial)
        return told.end(interrupts.number)
    except OSError as error:
        raise as_work_error(error) from None
    finally:
        batch.close()


class Told:
    """What a person, or a program, is told of it."""

    def __init__(self, many: Many, batch: Batch, *, as_json: bool) -> None:
        self.many, self.batch, self.as_json = many, batch, as_json
        self.face = part_of(many.base.task, "many")
        self.reports: dict[int, Report] = {}  # by trial
        self.wrong: dict[int, str] = {}

    def begin(self, jobs: int, threads: int, scheduler: str | None) -> None:
        """What is trained; then what was before."""
        many, done = self.many, [trial for trial in self.batch.trials.values() if trial.outcome is not None]
        if not self.as_json:
            ends = f"until step {many.steps:,}" if many.steps else f"for {duration(60 * (many.minutes or 0))}"
            seeds = f", each from {many.seeds} seeds" if many.seeds > 1 else ""
            where = f"{jobs} side by side" if scheduler in (None, "local") else f"on the workers of {scheduler}"
            result(f"task    {many.base.task}, preset {many.base.preset}")
            result(as_line(f"data    {len(set(many.names))} files of {many.source}{seeds}, {ends}"))
            result(f"runs    {where} with {threads} core{'' if threads == 1 else 's'} each")
            there = f": {len(done)} runs are there already" if done else ""
            result(as_line(f"folder  {self.batch.folder}{there}"))
        for trial in done:
            self.show(trial)

    def show(self, trial: Trial) -> None:
        """A run that has ended: judge it, and say what it came to."""
        outcome, name = trial.outcome, self.many.names[trial.number]
        if outcome is None:
            return
        why = outcome.why
        if outcome.state == "done":
            try:
                judged = one.evaluate(read_saved({"load": str(trial.folder / BEST)}), {})
                self.reports[trial.number] = judged.report
            except LSTMError as error:
                why = with_flags(error)
        if trial.number not in self.reports:
            self.wrong[trial.number] = why
        report = self.reports.get(trial.number)
        if self.as_json:
            result(json_line(self._as_object(trial, report)))
            return
        said = self.face.line(report) if report is not None else f"left out: {with_flags(why)}"
        seed = f"  seed {trial.seed}" if self.many.seeds > 1 else ""
        result(as_line(f"{len(self.reports) + len(self.wrong)}/{len(self.many.wanted)}  {name}{seed}  {said}"))

    def end(self, signal_number: int | None) -> int:
        """The table and the summary; the exit status."""
        if signal_number and not self.batch.over:
            back_to_line_start()
            ended = sum(trial.outcome is not None for trial in self.batch.trials.values())
            message(f"interrupted after {ended} runs; all is in {self.batch.folder}: the same command goes on")
            return 128 + signal_number
        reports: dict[str, list[Report]] = {}
        for number, report in sorted(self.reports.items()):
            reports.setdefault(self.many.names[number], []).append(report)
        if self.as_json:
            trials = [self._as_object(t, self.reports.get(t.number)) for t in self.batch.trials.values()]
            failed = len({self.many.names[number] for number in self.wrong} - reports.keys())
            summary = self.face.summary(reports) | {"left_out": failed}
            result(json_line({"event": "done", "folder": str(self.batch.folder), "trials": trials, **summary}))
        elif reports:
            for line in ["", *self.face.table(reports), *self._left_out(), "", *self.face.summary_lines(reports)]:
                result(as_line(line))
        if not reports:
            message("lstm-tui sweep: error: no file could be trained on and judged; see above")
            return 1
        return 0

    def _left_out(self) -> list[str]:
        """A line for each file that could not be used."""
        seen = {self.many.names[number]: why for number, why in sorted(self.wrong.items())}
        return [f"{name}  left out: {with_flags(why)}" for name, why in seen.items()]

    def _as_object(self, trial: Trial, report: Report | None) -> dict[str, Any]:
        outcome = trial.outcome
        said: dict[str, Any] = self.face.as_object(report) if report is not None else {}
        if outcome is None:
            return {}
        return {
            "event": "trial", "trial": trial.number + 1, "name": self.many.names[trial.number],
            "settings": {"data": str(self.many.files[trial.number])}, "seed": trial.seed, "run": str(trial.folder),
            "state": outcome.state, "val_loss": outcome.val_loss, "best_step": outcome.best_step, "step": outcome.step,
            "elapsed_s": outcome.elapsed_s, "why": self.wrong.get(trial.number, outcome.why), **said,
        }  # fmt: skip
