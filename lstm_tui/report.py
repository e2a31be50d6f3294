"""`eval`: a saved model measured on a held-out part, beside what simple counting or doing nothing scores.

`evaluate` gives a dict, with the keys of `eval --json`; `as_text` turns it into lines for a person.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from lstm_model.arrays import Ids
from lstm_model.checkpoint import Checkpoint
from lstm_model.config import Config
from lstm_model.datasets import shipped
from lstm_model.errors import InputError
from lstm_model.evaluation import baselines, bits, stock_metrics, text_baselines
from lstm_model.folders import BEST
from lstm_model.stock_task import StockTask
from lstm_model.task import finish
from lstm_model.text import Corpus, read_corpus
from lstm_model.text_task import text_loss
from lstm_model.threads import one_blas_thread
from lstm_tui.opening import Given, read_saved, require_same, restored, settings_of, text_model

Report = dict[str, Any]
COUNTING = {
    "uniform": "any character alike",
    "context_0": "how often each comes",
    "context_1": "counts after 1 character",
    "context_2": "counts after 2 characters",
    "context_3": "counts after 3 characters",
}
FORECASTS = {
    "persistence": "tomorrow = today",
    "drift": "drift",
    "ar1": "AR(1) of returns",
    "mean_5": "mean of 5 days",
    "train_mean": "training mean",
}


def evaluate(given: Given, progress: Callable[[float], None] = lambda _: None) -> tuple[Report, tuple[str, ...]]:
    """Measure the model that --load names: its report, and notes on what a person should know beside it."""
    file, checkpoint, config = read_saved(given)
    require_same(given, config, file)
    measure = _text if config.task == "text" else _stock
    report, notes = measure(file, checkpoint, config, given, progress)
    return report, (*notes, *_better_one(file, checkpoint))


def _heading(file: Path, checkpoint: Checkpoint, config: Config, data: str, part: str) -> Report:
    return {
        "task": config.task,
        "part": part,
        "data": data,
        "checkpoint": str(file),
        "model": f"{config.preset} {config.num_layers}x{config.hidden_size}",
        "step": checkpoint.record["step"],
    }


def _better_one(file: Path, checkpoint: Checkpoint) -> tuple[str, ...]:
    """Point to the run's best checkpoint where another one, whose validation loss is higher, is measured."""
    best, record = file.with_name(BEST), checkpoint.record
    lowest, loss = record.get("best_val_loss"), record.get("val_loss")
    if file == best or lowest is None or loss is None or loss <= lowest or not best.exists():
        return ()
    if record["best_step"] == record["step"]:  # the same state; one loss is over a sample of the part, one over all
        return ()
    return (f"{best} has a lower validation loss, that of step {record['best_step']:,}; --load it to measure that one",)


# Text


def _text(
    file: Path, checkpoint: Checkpoint, config: Config, given: Given, progress: Callable[[float], None]
) -> tuple[Report, tuple[str, ...]]:
    model, vocabulary = text_model(file, checkpoint, config)
    encoding = given.get("encoding", config.encoding)
    path = Path(settings_of(given).get("data") or config.data or shipped("text"))
    trained_on = checkpoint.record["data"].get("sha256")
    corpus = read_corpus(path, encoding, config.split, vocabulary) if "data" not in given else None
    notes: tuple[str, ...] = ()
    if corpus is None:
        # Another text has no training part to keep clear of: all of it counts, unless a part is asked for.
        whole = read_corpus(path, encoding, (100,), vocabulary)
        its_own = whole.fingerprint == trained_on
        corpus = read_corpus(path, encoding, config.split, vocabulary) if its_own or "part" in given else whole
    elif corpus.fingerprint != trained_on:
        notes = (f"{path} has changed since the model was trained on it: the parts may not be what they were",)
    part, characters = _text_part(corpus, config, given)
    one_blas_thread()
    loss = finish(text_loss(model, corpus.ids, characters), progress)
    train = _training_ids(corpus, config, trained_on)
    ids = corpus.ids[characters.start : characters.stop]
    if train is None:
        counted = {"uniform": float(np.log(len(vocabulary)))}
        notes = (*notes, "the text the model was trained on is not there: the counting models are left out")
    else:
        counted = text_baselines(train, ids, len(vocabulary))
    report = _heading(file, checkpoint, config, str(path), part) | {
        "loss": loss,
        "bits_per_char": bits(loss),
        "perplexity": float(np.exp(loss)),
        "chars": len(characters),
        "baselines": counted,
    }
    return report, (*corpus.notes, *notes)


def _text_part(corpus: Corpus, config: Config, given: Given) -> tuple[str, range]:
    """Name and range of what is measured."""
    if "val" not in corpus.parts:
        return "all", range(1, len(corpus.ids))  # nothing stands before the first character to predict it from
    part = given.get("part") or ("test" if corpus.parts["test"] else "val")
    characters = corpus.parts[part]
    if not characters:
        raise InputError(f"the split {'/'.join(f'{share:g}' for share in config.split)} has no {part} part")
    return part, characters


def _training_ids(corpus: Corpus, config: Config, trained_on: str | None) -> Ids | None:
    """The characters the model was trained on, for the counting models; None if its text is gone or has changed."""
    if corpus.fingerprint != trained_on:
        try:
            path = Path(config.data) if config.data else shipped("text")
            corpus = read_corpus(path, config.encoding, config.split, corpus.vocabulary)
        except InputError:
            return None
    train = corpus.parts["train"]
    return corpus.ids[train.start : train.stop] if corpus.fingerprint == trained_on else None


# Stock


def _stock(
    file: Path, checkpoint: Checkpoint, config: Config, given: Given, progress: Callable[[float], None]
) -> tuple[Report, tuple[str, ...]]:
    trainer = restored(file, checkpoint, given)
    task = trainer.task
    if not isinstance(task, StockTask):
        raise InputError(f"{file} holds no model of prices")
    part = given.get("part") or ("test" if task.data.parts["test"] else "val")
    days = task.part(part)
    one_blas_thread()
    paths = finish(task.paths(trainer.judged), progress)
    closes, dates = paths.closes, paths.dates
    metrics = stock_metrics(closes[days], paths.predicted[days], closes[days - 1], task.train_closes)
    simple = baselines(closes, task.data.parts["train"].stop, range(int(days[0]), int(days[-1]) + 1))
    notes = task.notes
    if checkpoint.record["data"]["sha256"] != task.fingerprint:
        notes += ("the prices are not those the model was trained on; its scaler is kept",)
    return _heading(file, checkpoint, config, str(trainer.config.data or shipped("stock")), part) | {
        "from": str(dates[days[0]]),
        "to": str(dates[days[-1]]),
        "column": task.prices.column,
        "target": config.target,
        **metrics,
        "baselines": simple,
        "next_date": str(paths.next_date),
        "next_close": paths.next_close,
    }, notes


# For a person


def as_text(report: Report) -> str:
    """The report as lines of plain text."""
    lines = [
        f"model   {report['checkpoint']}, step {report['step']:,} ({report['model']})",
        f"data    {report['data']}",
        *(_text_lines(report) if report["task"] == "text" else _stock_lines(report)),
    ]
    return "\n".join(lines)


def _text_lines(report: Report) -> list[str]:
    part = "all of it" if report["part"] == "all" else f"{report['part']} part"
    rows = [("this model", report["loss"])] + [
        (name, report["baselines"][key]) for key, name in COUNTING.items() if key in report["baselines"]
    ]
    beaten = [name for name, nats in rows[1:] if report["loss"] < nats]
    return [
        f"part    {part}, {report['chars']:,} characters",
        "",
        f"{'loss, per character':<26}{'nats':>8}{'bits':>8}",
        *(f"{name:<26}{nats:>8.4f}{bits(nats):>8.4f}" for name, nats in rows),
        "",
        f"Perplexity {report['perplexity']:.2f}: as uncertain as among so many characters, all alike.",
        f"Better than {len(beaten)} of the {len(rows) - 1} simple models, which count in the training part.",
    ]


def _stock_lines(report: Report) -> list[str]:
    r = report
    model = {"rmse": r["rmse"], "mae": r["mae"], "mape": r["mape"], "r2": r["r2"],
             "direction": r["directional_accuracy"]}  # fmt: skip
    rows = [("this model", model)] + [(name, r["baselines"][key]) for key, name in FORECASTS.items()]
    low, high = r["directional_ci"] or (None, None)
    return [
        f"part    {r['part']} part, {r['days']:,} days from {r['from']} to {r['to']}, column {r['column']}",
        "",
        f"{'one day ahead':<20}{'RMSE':>10}{'MAE':>10}{'MAPE %':>9}{'R2':>9}{'direction %':>13}",
        *(f"{name:<20}{_cell(m['rmse'], 10)}{_cell(m['mae'], 10)}{_cell(m['mape'], 9, 3)}{_cell(m['r2'], 9, 3)}"
          f"{_cell(m['direction'], 13, 1, 100)}" for name, m in rows),
        "",
        f"skill {_cell(r['skill'])}   MASE {_cell(r['mase'])}   Theil's U {_cell(r['theil_u'])}"
        f"   Diebold-Mariano p {_p_value(r['dm_p_value'])}",
        f"direction right {_cell(r['directional_accuracy'], digits=1, times=100)} %"
        f" (95 % interval {_cell(low, digits=1, times=100)} to {_cell(high, digits=1, times=100)})",
        f"next: {r['next_date']}, forecast {r['next_close']:.2f}",
        "",
        r["verdict"],
    ]  # fmt: skip


def _p_value(p: float | None) -> str:
    return "-" if p is None else f"{p:.2g}" if p >= 0.001 else "below 0.001"


def _cell(value: float | None, width: int = 0, digits: int = 4, times: float = 1) -> str:
    return f"{'-' if value is None else f'{times * value:.{digits}f}':>{width}}"
