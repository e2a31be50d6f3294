"""A run told as a log: a header, a line every few seconds, a line at its end; or the same as JSON."""

from dataclasses import fields
from typing import Any

from lstm_model.events import Event
from lstm_model.runs.events import CoachActed, Exploded, Figures, News, SaveDone, SaveFailed, Validated, WentBack
from lstm_model.runs.run import Run
from lstm_tui.options.wording import with_flags
from lstm_tui.terminal.output import back_to_line_start, json_line, message, result
from lstm_tui.visible import as_line, pasteable
from lstm_tui.wording import duration, figure, short


class Log:
    """Shows a run's events as lines of a log, or as JSON; remembers how saving went."""

    def __init__(self, run: Run, *, as_json: bool) -> None:
        self.run, self.as_json = run, as_json
        self.saved: SaveDone | None = None
        self.failed: str | None = None
        self.exploded: str | None = None
        self.whole: float | None = None  # the loss over the whole validation part, measured at the end

    def show(self, events: list[Event], *, ending: bool = False) -> None:
        """Show what happened; `ending`: by the last save, of which `end` will speak."""
        for event in events:
            match event:
                case Figures():
                    result(json_line(figures_object(event, self._unit)) if self.as_json else self._line(event))
                case Validated(loss=loss, full=True):
                    self.whole = loss
                case SaveDone():
                    if self.failed:
                        message(f"saving works again: {event.path}")
                    self.failed = None
                    if event.kind != "best" or self.saved is None:
                        self.saved = event
                case SaveFailed():
                    self._not_saved(with_flags(event.reason), quietly=ending or self.run.finished)
                case WentBack() | CoachActed() | News():
                    message(with_flags(str(event)))
                case Exploded(reason=reason):
                    self.exploded = reason
                case _:
                    pass

    def _not_saved(self, reason: str, *, quietly: bool) -> None:
        if reason != self.failed and not quietly:
            message(f"{reason}; training goes on")
        self.failed = reason

    def _line(self, f: Figures) -> str:
        parts = figures_line(f, self._unit)
        if self.run.has_limit and self.run.eta is not None and self.run.eta >= 1:
            parts.append(f"left {duration(self.run.eta)}")
        return "  ".join(parts)

    @property
    def _unit(self) -> str:
        return self.run.trainer.task.kind.words.unit

    def end(self, signal_number: int | None) -> int:
        """Say how it ended and where the run is; return the exit status."""
        run, trainer = self.run, self.run.trainer
        status = "diverged" if run.diverged else "finished" if run.finished else "interrupted"
        if self.as_json:
            result(json_line(self._done(status)))
        if run.diverged:
            message(f"lstm-tui train: error: {self.exploded}; {self._saved_in()}")
            return 1
        where = self._where()
        if signal_number:
            back_to_line_start()
            message(f"interrupted at step {trainer.steps:,}; {where}")
        elif not self.as_json:
            result(f"finished at step {trainer.steps:,} after {duration(trainer.elapsed)}: {self._losses()}")
            result(as_line(where))
        if self.failed:
            message(f"lstm-tui train: error: the end of the run is not saved: {self.failed}")
            return 1
        return 128 + signal_number if signal_number else 0

    def _losses(self) -> str:
        """The last validation loss beside the lowest, which is measured as that is; and that over the whole part."""
        trainer = self.run.trainer
        lowest, best = trainer.best_val_loss, trainer.best_step
        beside = "" if lowest is None else f"lowest {figure(lowest)} at step {best:,}"
        if trainer.task.quick_is_full:
            return f"validation loss {figure(trainer.val_loss)}{f' ({beside})' if beside else ''}"
        on_sample = f"on the sample {figure(trainer.val_loss)}{f', {beside}' if beside else ''}"
        return f"validation loss {figure(self.whole)} over the whole part; {on_sample}"

    def abandon(self, events: list[Event], error: OSError | MemoryError) -> None:
        """Note the last events of a run that cannot go on, or whose log cannot be written, and say where the run is."""
        self.show(events, ending=True)
        why = "the output was closed" if isinstance(error, BrokenPipeError) else "the log cannot be written"
        why = "there is no memory for a step" if isinstance(error, MemoryError) else why
        message(f"{why} at step {self.run.trainer.steps:,}; {self._where()}")

    def _where(self) -> str:
        """Where the run is, and how to go on."""
        if self.saved is None or self.run.folder is None:
            return self._saved_in()
        return f"{self._saved_in()}; go on with: lstm-tui --load {pasteable(str(self.run.folder.path))}"

    def _saved_in(self) -> str:
        folder, step = self.run.folder, self.run.trainer.steps
        if folder is None or not (self.saved or step):
            return "nothing to save, no step was taken"
        if self.saved is None:
            return f"nothing new was saved in {folder.path}"
        what = "saved" if self.saved.step == step else f"step {self.saved.step:,} is saved"
        return f"{what} in {folder.path}"

    def _done(self, status: str) -> dict[str, Any]:
        run, trainer = self.run, self.run.trainer
        return {
            "event": "done",
            "status": status,
            "step": trainer.steps,
            "epoch": trainer.task.epoch,
            "val_loss": trainer.val_loss,
            "full_val_loss": self.whole,
            "best_val_loss": trainer.best_val_loss,
            "best_step": trainer.best_step,
            "checkpoint": self.saved.path if self.saved else None,
            "folder": str(run.folder.path) if run.folder else None,
            "elapsed_s": trainer.elapsed,
        }


def figures_line(f: Figures, unit: str) -> list[str]:
    """What fits into 80 columns; metrics.csv has the rest. unit: what speed counts."""
    parts = [f"step {f.step:>6,}", f"epoch {f.epoch:.3g}", f"loss {figure(f.loss)}"]
    if f.val_loss is not None:
        parts.append(f"val {figure(f.val_loss)}")
    return [*parts, f"{short(f.speed)} {unit}/s", duration(f.elapsed_s)]


def figures_object(figures: Figures, unit: str) -> dict[str, Any]:
    """The same for programs, with all figures."""
    values: dict[str, Any] = {"event": "step"}
    for field in fields(figures):
        values[f"{unit}_per_s" if field.name == "speed" else field.name] = getattr(figures, field.name)
    if figures.val_loss is None:
        del values["val_loss"]
    return values


def header(run: Run) -> list[str]:
    """The lines for a run that is about to begin, or to go on from a checkpoint."""
    trainer, plan = run.trainer, run.plan
    config = trainer.config
    layers = f"{config.num_layers} {config.unusual_cell}layer{'' if config.num_layers == 1 else 's'}"
    threads = config.threads
    if plan.steps is not None:
        end = f"until step {plan.steps:,}"
    elif plan.minutes is not None:
        end = f"for {duration(60 * plan.minutes)}"
    else:
        end = "until Ctrl+C"
    going_on = f"on from {run.file}, step {trainer.steps:,}, " if run.file else ""
    return [
        f"task    {config.task}, preset {config.preset}, seed {config.seed}",
        *_data(run),
        f"model   {layers} of {config.hidden_size} units, {trainer.model.parameters.flat.size:,} parameters",
        f"batch   {config.batch_size} x {config.seq_length}, {config.optimizer}, rate {trainer.base_rate:g}"
        f" {config.schedule}, {threads} thread{'' if threads == 1 else 's'}",
        f"run     {going_on}{end}, saved in {run.folder.path if run.folder else 'no folder'}",
    ]


def _data(run: Run) -> list[str]:
    task = run.trainer.task
    shares = ", ".join(f"{name} {len(part):,}" for name, part in task.parts.items())
    what = f": {task.summary}" if task.summary else ""
    return [f"data    {task.name}{what}", *([f"parts   {shares}"] if shares else [])]
