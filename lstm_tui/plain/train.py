"""Train, evaluate, sample and list without a screen: lines for people and logs, JSON for programs."""

import secrets
import sys
import time
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from lstm_model.costs.shards import one_blas_thread
from lstm_model.errors import CheckpointError, InputError
from lstm_model.network.sampling import Choice, generate
from lstm_model.runs.folder import Saved, find_saves, saves_root
from lstm_model.runs.run import Run
from lstm_tui.opening.saved import Given, open_run, plan_of, read_saved, text_model
from lstm_tui.plain.log import Log, header
from lstm_tui.reports import one as report
from lstm_tui.reports import two as report_against
from lstm_tui.reports.picture import Judged, judged, lines
from lstm_tui.reports.plot_file import require_plot, write_plot
from lstm_tui.terminal.output import Progress, ascii_only, json_line, message, result
from lstm_tui.terminal.signals import Interrupts
from lstm_tui.visible import Streamed, as_line, cells, padded, pasteable
from lstm_tui.wording import ago, figure, size

# Training


def train(given: Given) -> int:
    """Train until the limit, or until a signal ends it. Exit status: 0, 1 if it failed, 128 + the signal's number."""
    opened = open_run(given)
    run = Run(opened.trainer, opened.folder, plan_of(given))
    one_blas_thread()
    log = Log(run, as_json="json" in given)
    if not log.as_json:
        for line in header(run, opened.source):
            result(as_line(line))
    for note in opened.notes:
        message(f"note: {note}")
    progress = Progress("measuring the whole validation part")
    with Interrupts() as interrupts:
        try:
            while not (run.finished or run.diverged or interrupts.number):
                events = run.work() if run.job else run.step()
                if run.job == "evaluate":
                    progress(run.job_share)
                else:
                    progress.clear()
                log.show(events)
        except OSError as error:  # the log cannot be written any more: the work must not be lost with it
            log.abandon(run.save_unsaved(), error)
            raise
        if interrupts.number or run.diverged:
            log.show(run.save_unsaved(), ending=True)
        run.close()
        return log.end(interrupts.number)


# Evaluation


def evaluate(given: Given) -> int:
    """Print a report on a saved model, or on two; for a person with a picture, and on request with one in a file."""
    plot = require_plot(given["plot"]) if "plot" in given else None
    for_a_person = "json" not in given
    progress = Progress("measuring")
    models: list[Judged] = []
    try:
        if "against" in given:
            found, notes, models = report_against.evaluate(given, progress)
            text = report_against.as_text(found)
        else:
            found, notes = report.evaluate(given, progress)
            text = report.as_text(found)
        if not models and (plot or for_a_person):
            models = [judged(given, found)]
    finally:
        progress.clear()
    for note in notes:
        message(f"note: {note}")
    result(text if for_a_person else json_line(found))
    if for_a_person:
        for line in ["", *lines(models, ascii_only=ascii_only())]:
            result(line)
    if plot is not None:
        write_plot(plot, models)
        message(f"drawn into {plot}")
    return 0


# Sampling


def sample(given: Given) -> int:
    """Write text with a saved model, as it comes."""
    options = {name: given[name] for name in ("temperature", "top_k", "top_p") if name in given}
    choice = Choice(**options)
    file, checkpoint, config = read_saved(given)
    if config.task != "text":
        raise CheckpointError(f"{file} is a model of prices and writes no text: see `lstm-tui eval --load {file}`")
    model, vocabulary = text_model(file, checkpoint, config)
    one_blas_thread()
    on_screen = sys.stdout.isatty()
    seed = given.get("seed")
    if seed is None:
        seed = secrets.randbelow(1_000_000)
        if on_screen:
            message(f"--seed {seed} writes this text again")
    elif seed < 0:
        raise InputError(f"--seed must be 0 or more, not {seed}")
    prompt = prompt_of(given, checkpoint.record["data"].get("prompt"), vocabulary.characters)
    ids = vocabulary.encode(prompt)
    shown = Streamed() if on_screen else str
    sys.stdout.write(shown(prompt))
    begun = time.monotonic()
    try:
        for chosen in generate(model, ids, given.get("length", 500), choice, np.random.default_rng(seed)):
            sys.stdout.write(shown(vocabulary.characters[chosen]))
            if on_screen and time.monotonic() - begun > 0.05:  # streaming, but not a system call for each character
                sys.stdout.flush()
                begun = time.monotonic()
    finally:
        if on_screen:
            sys.stdout.write("\n")
    return 0


def prompt_of(given: Given, natural: object, known: str) -> str:
    """What the text starts with: the prompt, a file's contents, or the gap between pages."""
    if "prime" in given:
        prompt = str(given["prime"])
    elif "prime_file" in given:
        prompt = _read_prompt(given["prime_file"], known)
    else:
        return natural if isinstance(natural, str) and natural and set(natural) <= set(known) else known[0]
    if not prompt:
        raise InputError("the prompt is empty: give at least one character")
    return prompt


def _read_prompt(name: str, known: str) -> str:
    path = Path(name).expanduser()
    try:
        raw = sys.stdin.buffer.read() if name == "-" else path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}: name a text file with --prime-file") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = "standard input" if name == "-" else str(path)
        byte = f"byte 0x{raw[error.start]:02x} at offset {error.start:,}"
        raise InputError(f"{where} is not UTF-8: {byte}; save it as UTF-8") from None
    return text if "\r" in known else text.replace("\r\n", "\n")


# Runs


def runs(given: Given) -> int:
    """List the checkpoints there are."""
    found, complaints = find_saves()
    for complaint in complaints:
        message(f"note: {complaint}")
    if "json" in given:
        result(json_line([_as_object(save) for save in found]))
    elif found:
        for line in table([_HEAD, *(_row(save) for save in found)]):
            result(line)
    else:
        message(f"no runs under {saves_root()}: start one with `lstm-tui` or `lstm-tui train --task text --minutes 2`")
    return 0


_HEAD = ["load with", "task", "step", "loss", "val loss", "age", "size", "settings"]
_RIGHT = {2, 3, 4, 5, 6}


def _as_object(save: Saved) -> dict[str, Any]:
    values = {field.name: getattr(save, field.name) for field in fields(save)}
    try:
        modified = datetime.fromtimestamp(save.modified, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):  # a file system may hold years that no calendar has
        modified = None
    return {"run": save.run, "file": save.path.name, **values, "path": str(save.path), "modified": modified}


def _row(save: Saved) -> list[str]:
    age = ago(time.time() - save.modified)
    return [pasteable(str(save.path)), save.task, f"{save.step:,}", figure(save.loss), figure(save.val_loss), age,
            size(save.bytes), save.settings]  # fmt: skip


def table(rows: list[list[str]]) -> list[str]:
    """Rows with their columns below each other, numbers to the right."""
    lines = [[as_line(text) for text in row] for row in rows]
    widths = [max(map(cells, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(padded(text, widths[k], right=k in _RIGHT) for k, text in enumerate(line)).rstrip() for line in lines
    ]
