"""`lstm-tui sweep`: many runs, side by side; lines for people and logs, JSON for programs."""

from collections.abc import Mapping
from typing import Any

from lstm_model.errors import WorkError, reason_of
from lstm_model.sweeps.driving import GOES_ON, Told, drive
from lstm_model.sweeps.sweep import Sweep, Trial
from lstm_model.sweeps.verdict import Over, Ranked, Verdict, ranking, verdict
from lstm_tui.opening.sweep import design_of, folder_of, road_of, shares_of
from lstm_tui.options.given import Given
from lstm_tui.options.table import SETTINGS
from lstm_tui.options.wording import with_flags
from lstm_tui.terminal.output import back_to_line_start, json_line, message, result
from lstm_tui.terminal.signals import Interrupts
from lstm_tui.visible import as_line, pasteable
from lstm_tui.wording import duration, figure

SHOWN = 10  # settings of the final table


def sweep(given: Given) -> int:
    """Train until the sweep is over, or a signal ends it. Exit status: 0, 1 if nothing came of it, 128 + the signal."""
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
        if error.filename is None:  # standard output, which is nobody's folder
            raise
        raise WorkError(f"{error.filename}: {reason_of(error)}; {GOES_ON}") from None
    finally:
        there.close()


class Log:
    """Tells of a sweep as lines, or as JSON."""

    def __init__(self, sweep: Sweep, *, as_json: bool) -> None:
        self.sweep, self.as_json = sweep, as_json

    def begin(self, jobs: int, threads: int, scheduler: str | None) -> None:
        """What is tried and how; then what was done before."""
        sweep, design = self.sweep, self.sweep.design
        done = [trial for trial in sweep.trials.values() if trial.outcome is not None]
        if not self.as_json:
            ends = f"until step {design.steps:,}" if design.steps else f"for {duration(60 * (design.minutes or 0))}"
            seeds = f", each from {design.seeds} seeds" if design.seeds > 1 else ""
            tried = ", ".join(dimension.name for dimension in design.space.dimensions)
            cores = f"{threads} core{'' if threads == 1 else 's'} each"
            result(f"task    {design.base.task}, preset {design.base.preset}")
            result(f"tried   {tried}: {design.groups} settings{seeds} ({design.sampler}), {ends}")
            where = f"{jobs} side by side" if scheduler in (None, "local") else f"on the workers of {scheduler}"
            result(f"runs    {design.trials} trials, {where} with {cores}; given up by: {design.pruner}")
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
        what = f"trial {trial.number + 1}/{self.sweep.design.trials}" if not trial.again else "winner again"
        line = f"{what}  {self._settings(trial.settings)}  seed {trial.seed}  {figure(outcome.val_loss)}"
        line += f"  step {outcome.step:,}  {duration(outcome.elapsed_s)}"
        if outcome.state != "done":
            line += f"  {'given up' if outcome.state == 'pruned' else 'failed'}: {with_flags(outcome.why)}"
        result(as_line(line))

    def end(self, signal_number: int | None) -> int:
        """The verdict; the exit status."""
        sweep = self.sweep
        if signal_number and not sweep.over:
            back_to_line_start()
            ended = sum(trial.outcome is not None for trial in sweep.trials.values())
            message(f"interrupted after {ended} trials; all is in {sweep.folder}: the same command goes on")
            return 128 + signal_number
        judged = verdict(sweep)
        if self.as_json:
            result(json_line(self._done(judged)))
        if judged is None:
            message("lstm-tui sweep: error: no settings were trained to the end from every seed; see the trials above")
            return 1
        if not self.as_json:
            for line in self._report(judged):
                result(as_line(line))
        return 0

    # For a person

    def _report(self, judged: Verdict) -> list[str]:
        sweep = self.sweep
        ranked = ranking(sweep)
        states = [t.outcome.state for t in sweep.searched.values() if t.outcome is not None]
        given_up, failed = states.count("pruned"), states.count("failed")
        besides = [f"{given_up} given up"] * bool(given_up) + [f"{failed} failed"] * bool(failed)
        lines = [
            "",
            f"{len(states)} trials{''.join(f', {each}' for each in besides)}; the best settings by validation loss:",
        ]
        lines += [f"  {self._over(each.loss)}  {self._settings(each.settings)}" for each in ranked[:SHOWN]]
        lines += ["", f"winner  {self._settings(judged.winner.settings)}"]
        lines += [f"in the sweep        {self._over(judged.winner.loss)}"]
        if judged.again is not None:
            lines += [f"from fresh seeds    {self._over(judged.again)}", f"                    {_of_luck(judged)}"]
        if judged.test is not None:
            lines += [f"on the test part    {self._over(judged.test)}  measured once, nothing was chosen by it"]
        runs = [trial for trial in judged.runs if trial.outcome is not None]
        if runs:
            lines += [f"look at it with     lstm-tui --eval-only --load {pasteable(str(runs[0].folder))}"]
        return lines

    def _settings(self, settings: Mapping[str, Any]) -> str:
        named = self.sweep.design.space.named(settings)
        return ", ".join(f"{name} {SETTINGS[name].text(value)}" for name, value in named.items())

    @staticmethod
    def _over(loss: Over) -> str:
        spread = "" if loss.spread is None else f" ± {figure(loss.spread)}"
        return f"{figure(loss.mean)}{spread}" + (f" ({loss.n} seeds)" if loss.n > 1 else "")

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


def _of_luck(judged: Verdict) -> str:
    luck, noise, again = judged.luck or 0.0, judged.noise, judged.again
    if luck <= 0:
        return "no worse than in the sweep: its figure there was no luck"
    second = judged.second
    text = f"{figure(luck)} worse than in the sweep: so much of its figure there was luck"
    if noise is not None:
        text = f"{figure(luck)} ± {figure(noise)} worse than in the sweep: "
        text += "so much of its figure there was luck" if luck > noise else "no clear sign of luck"
    if second is not None and again is not None and again.mean > second.loss.mean:
        text += f"; the next best settings had {figure(second.loss.mean)}, so they may be as good"
    return text
