"""Hostile checkpoints, made by hand: one clear line at every door, before memory or time is spent."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.runs.story import read_story
from support.hostile_files import (
    LAST,
    Limits,
    answered,
    contents,
    joined,
    parted,
    put,
    refused,
    spoken,
    without_checksum,
)

Files = dict[str, Path]
GIGABYTE = 10**9


@pytest.fixture
def text(runs: Files) -> Path:
    """The last checkpoint of a run of text, to be changed."""
    return runs["text"] / LAST


@pytest.fixture
def stock(runs: Files) -> Path:
    return runs["stock"] / LAST


# The head


def with_tensor(**entry: Any) -> Callable[[Path], bytes]:
    """A real file in which the entry of a tensor says something else."""

    def make(path: Path) -> bytes:
        head, body = parted(path.read_bytes())
        head["head.bias"] = head["head.bias"] | entry
        return joined(head, body)

    return make


HEADS: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "a length of 2^63": (lambda path: joined(b"{}", b"", 2**63), "its head is too large"),
    "a length of 2^64 - 1": (lambda path: joined(b"{}", b"", 2**64 - 1), "its head is too large"),
    "a length beyond the file": (lambda path: joined(b"{}", b"", 10_000), "is not a whole checkpoint"),
    "no length": (lambda path: b"\x02\0\0", "is not a whole checkpoint"),
    "nothing": (lambda path: b"", "is not a whole checkpoint"),
    "a head that ends nowhere": (lambda path: joined(b'{"a":', b""), "is not a whole checkpoint"),
    "no UTF-8": (lambda path: joined(b'{"\xff": 1}', b""), "is not a whole checkpoint"),
    "100,000 brackets": (lambda path: joined(b"[" * 100_000, b""), "is not a whole checkpoint"),
    "100,000 objects": (lambda path: joined(b'{"a":' * 100_000, b""), "is not a whole checkpoint"),
    "a negative offset": (with_tensor(data_offsets=[-4, 0]), "is not a whole checkpoint"),
    "offsets that run back": (with_tensor(data_offsets=[8, 4]), "is not a whole checkpoint"),
    "offsets of 2^63": (with_tensor(data_offsets=[2**63, 2**63 + 116]), "is not a whole checkpoint"),
    "tensors over each other": (with_tensor(data_offsets=[0, 116]), "is not a whole checkpoint"),
    "a shape of more than there is": (with_tensor(shape=[10**6]), "is not a whole checkpoint"),
    "a shape whose product overflows": (with_tensor(shape=[2**40, 2**40]), "is not a whole checkpoint"),
    "a negative shape": (with_tensor(shape=[-29]), "is not a whole checkpoint"),
    "a type nobody knows": (with_tensor(dtype="F31"), "is not a whole checkpoint"),
    "a type as long as a book": (with_tensor(dtype="\x1b[31m" + "F" * 100_000), "is not a whole checkpoint"),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_head_that_lies_is_refused(name: str, text: Path) -> None:
    make, phrase = HEADS[name]
    text.write_bytes(make(text))
    refused(text, phrase)


@pytest.mark.parametrize(("count", "phrase"), [(100_000, "its head is too large"), (9_000, "more than its settings")])
def test_thousands_of_tensors_are_refused(count: int, phrase: str, text: Path) -> None:
    head, _ = parted(text.read_bytes())
    many = {f"t{k}": {"dtype": "F64", "shape": [2], "data_offsets": [16 * k, 16 * k + 16]} for k in range(count)}
    text.write_bytes(joined({"__metadata__": head["__metadata__"]} | many, bytes(16 * count)))
    refused(text, phrase, doors=4 if count > 9_000 else 2)


# The record

DEEP = '{"a":' * 29_000 + "1" + "}" * 29_000
RECORDS: list[tuple[str, Any, str]] = [
    ("step", -1, "step is no count but -1"),
    ("step", 1.5, "step is no count but 1.5"),
    ("step", True, "step is no count but True"),
    ("step", 10**300, "step is no count"),
    ("step", 1e300, "step is no count"),
    ("step", "\x1b[31m\n", r"step is no count but '\x1b[31m\n'"),
    ("step", ..., "there is no step"),
    ("best_val_loss", float("nan"), "best_val_loss is no finite loss"),
    ("val_loss", 1e300, "val_loss is no loss"),
    ("loss", 10**400, "loss is no loss"),
    ("base_rate", -1, "base_rate is no learning rate"),
    ("base_rate", float("inf"), "base_rate is no learning rate"),
    ("elapsed_s", -5, "elapsed_s is no time"),
    ("elapsed_s", 1e300, "elapsed_s is no time"),
    ("total_steps", "all", "total_steps is no count"),
    ("cursor", {"position": -5, "epochs": 0}, "cursor is no place"),
    ("cursor", {"position": 5}, "cursor is no place"),
    ("cursor", {"position": 10**300, "epochs": 0}, "cursor is no place"),
    ("cursor", [1, 2], "cursor is no place"),
    ("marks", [["saved", 1]], "marks are no list"),
    ("marks", [[1]], "marks are no list"),
    ("marks", {"1": "saved"}, "marks are no list"),
    ("marks", [[1, "saved"]] * 25_000, "marks are no list"),
    ("data", [], "data is no description"),
    ("data.name", 5, "no name or no sha256"),
    ("data.sha256", "f" * 300, "no name or no sha256"),
    ("data.vocabulary", "a", "the vocabulary is no text of different characters"),
    ("data.vocabulary", "aab", "the vocabulary is no text of different characters"),
    ("data.vocabulary", "ba", "the vocabulary is no text of different characters"),
    ("data.vocabulary", ["a", "b"], "the vocabulary is no text of different characters"),
    ("data.vocabulary", ..., "the vocabulary is no text of different characters"),
    ("config", ..., "there are no settings"),
    ("config", [], "there are no settings"),
    ("config.task", ..., "there is no task"),
    ("config.task", "weather", "task must be text, stock or copy, not 'weather'"),
    ("config.task", "stock", "mean and std of the scaler"),
    ("config.hidden_size", "8", "hidden_size must be a whole number, not '8'"),
    ("config.hidden_size", 8.0, "hidden_size must be a whole number, not 8.0"),
    ("config.hidden_size", -8, "`hidden_size` must be 1 or more"),
    ("config.num_layers", 10**9, "`num_layers` must be at most 1,000"),
    ("config.validate_every", 0, "`validate_every` must be 1 or more"),
    ("config.split", [1e308, 1e308, 1e308], "`split` must be shares"),
    ("config.split", [90, 5, [5]], "split must be a list"),
    ("config.learning_rate", float("nan"), "learning_rate must be a number"),
    ("config.cell", "elman", "cell must be lstm, gru or rnn, not 'elman'"),
    ("config.optimizer", "adamant", "optimizer must be adam, adagrad or sgd, not 'adamant'"),
    ("config.optimizer", "a" * 10**6, "optimizer must be adam"),
    ("config.threads", 100_000, "`threads` must be at most 256"),
    ("config.preset", "x\ny", r"preset is 'x\ny'"),
    ("config.encoding", "utf-8\0", "encoding is"),
    ("config.encoding", "../../x", "encoding is"),
    ("config.data", "a\0b", "no path"),
    ("config.data", "\ud800", "no path"),
    ("config.data", ["a"], "data must be a text or null"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value", "phrase"), RECORDS, ids=[f"{p}-{str(v)[:20]!r}" for p, v, _ in RECORDS])
def test_a_record_that_makes_no_sense_is_refused(place: str, value: Any, phrase: str, text: Path) -> None:
    metadata, record, tensors = contents(text)
    text.write_bytes(without_checksum(metadata, put(record, place, value), tensors))
    refused(text, phrase)


@pytest.mark.parametrize(
    ("record", "phrase"),
    [("", "cannot be read"), ("[]", "cannot be read"), ("7", "cannot be read"), ("{", "cannot be read"),
     ("[" * 29_000, "cannot be read"), (DEEP, "cannot be read"), ('{"step":' * 29_000, "cannot be read"),
     ('{"step": ' + "9" * 10_000 + "}", "cannot be read"), ("[[]," * 3_000_000, "its head is too large"),
     ("[" + "0," * 1_500_000, "too many entries"),
     ('{"a": "' + "\\u0000" * 1000 + '"}', "there are no settings")],
    ids=["nothing", "a list", "a number", "cut", "brackets", "deep", "deep and cut", "10,000 digits",
         "lists of 12 MB", "numbers of 3 MB", "zeros"],
)  # fmt: skip
def test_a_record_that_is_none_is_refused_before_it_takes_memory(record: str, phrase: str, text: Path) -> None:
    metadata, _, tensors = contents(text)
    text.write_bytes(without_checksum(metadata, record, tensors))
    refused(text, phrase)


@pytest.mark.parametrize(
    ("place", "value"),
    [("mean", [0.0, 0.0]), ("mean", []), ("mean", 0.5), ("mean", [float("nan")]), ("mean", [[0.0]]), ("std", [0]),
     ("std", [-1]), ("std", [1e-300]), ("mean", [10**400]), ("mean", ["0"]), ("std", ...)],
)  # fmt: skip
def test_a_scaler_that_is_none_is_refused(place: str, value: Any, stock: Path) -> None:
    metadata, record, tensors = contents(stock)
    stock.write_bytes(without_checksum(metadata, put(record, f"data.{place}", value), tensors))
    refused(stock, "mean and std of the scaler")


def test_a_scaler_that_makes_the_prices_absurd_is_told(stock: Path) -> None:
    metadata, record, tensors = contents(stock)
    record = put(put(record, "data.std", [1e-30]), "data.mean", [1e30])
    stock.write_bytes(without_checksum(metadata, record, tensors))
    refused(stock, "far from those that the model was trained on", doors=2)


# What must not take the memory


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("hidden_size", 10**6),
        ("hidden_size", 2**53),
        ("num_layers", 1000),
        ("batch_size", 2**53),
        ("seq_length", 2**53),
    ],
)
def test_settings_that_ask_for_more_memory_than_there_is_are_refused_first(
    place: str, value: int, text: Path, stock: Path
) -> None:
    for path in (text, stock):
        metadata, record, tensors = contents(path)
        path.write_bytes(without_checksum(metadata, put(record, f"config.{place}", value), tensors))
        with Limits():
            (line,) = spoken(path)
        assert "GB of memory" in line or "settings ask for" in line
        with Limits():
            answered(path)


def test_a_thousand_layers_of_which_the_last_is_there_are_not_built(text: Path) -> None:
    metadata, record, tensors = contents(text)
    tensors |= {"lstm.weight_hh_l999": tensors["lstm.weight_hh_l0"]}
    text.write_bytes(without_checksum(metadata, put(record, "config.num_layers", 1000), tensors))
    refused(text, "ask for 1,000 layers, which it does not hold", doors=2)


@pytest.mark.parametrize("name", ["lstm.weight_hh_l0", "history.train", "unknown"])
def test_a_file_of_eight_gigabytes_is_listed_at_once_and_not_read(name: str, text: Path) -> None:
    head, _ = parted(text.read_bytes())
    entry = {"dtype": "F64", "shape": [GIGABYTE], "data_offsets": [0, 8 * GIGABYTE]}
    with text.open("wb") as file:
        file.write(joined({"__metadata__": head["__metadata__"], name: entry}, b""))
        file.truncate(file.tell() + 8 * GIGABYTE)  # a hole: it takes no place on the disk
    with Limits():
        lines = spoken(text)
        answered(text)
    assert lines
    assert all("it holds more than its settings ask for" in line for line in lines)
    os.truncate(text, 4 * GIGABYTE)
    refused(text, "is not a whole checkpoint")


# Tensors

F32 = np.float32
TENSORS: list[tuple[str, Any, str]] = [
    ("lstm.weight_hh_l0", np.zeros((0, 8), F32), "has shape (0, 8)"),
    ("head.bias", np.zeros((), F32), "has shape ()"),
    ("head.bias", np.zeros(29, np.int32), "contains NaN, infinity"),
    ("head.bias", np.zeros(29, bool), "contains NaN, infinity"),
    ("head.bias", np.zeros(29, np.complex64), "contains NaN, infinity"),
    ("head.bias", np.full(29, np.nan, F32), "contains NaN, infinity"),
    ("head.bias", np.full(29, -np.inf, F32), "contains NaN, infinity"),
    ("head.bias", np.full(29, 1e300), "a far too large number"),  # as float32 it would be infinite
    ("lstm.bias_hh_l0", np.full(32, 3e38, F32), "a far too large number"),  # the sum of the two biases would be
    ("optimizer.mean_of_squares", np.full(1477, -1, F32), "a far too large number"),  # its root is taken
    ("optimizer.mean", np.zeros((1477, 1), F32), "has shape (1477, 1)"),
    ("state.h", np.zeros((1, 4, 9), F32), "has shape (1, 4, 9)"),
    ("state.c", np.full((1, 4, 8), np.nan, F32), "contains NaN, infinity"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "tensor", "phrase"), TENSORS)
def test_a_tensor_that_is_none_is_refused(name: str, tensor: np.ndarray, phrase: str, text: Path) -> None:
    metadata, record, tensors = contents(text)
    text.write_bytes(without_checksum(metadata, record, tensors | {name: tensor}))
    with Limits():
        (line,) = spoken(text)
    assert name in line
    assert phrase in line
    answered(text)


def test_a_record_that_names_another_cell_than_its_tensors_is_refused(text: Path) -> None:
    metadata, record, tensors = contents(text)
    text.write_bytes(without_checksum(metadata, put(record, "config.cell", "gru"), tensors))
    with Limits():
        (line,) = spoken(text)
    assert "settings ask for the cell gru, of which it holds no tensor" in line
    answered(text)


@pytest.mark.parametrize("value", [1e38, -1e38, 1e30])
def test_weights_out_of_all_proportion_diverge_without_a_warning(value: float, text: Path, stock: Path) -> None:
    for path in (text, stock):
        metadata, record, tensors = contents(path)
        wild = {
            name: np.full_like(t, value) for name, t in tensors.items() if name.startswith(("lstm", "head", "train"))
        }
        path.write_bytes(without_checksum(metadata, record, tensors | wild))
        with Limits():
            spoken(path)
            answered(path)


@pytest.mark.parametrize("kind", ["BF16", "F8_E4M3", "F8_E5M2", "F4", "U16"])
def test_types_that_numpy_has_not_are_refused(kind: str, text: Path) -> None:
    head, body = parted(text.read_bytes())
    wide = {"BF16": 2, "U16": 2, "F4": 0.5}.get(kind, 1)
    for entry in (entry for name, entry in head.items() if name != "__metadata__"):
        begin, end = entry["data_offsets"]
        entry |= {"dtype": kind, "shape": [int((end - begin) / wide)]}
    text.write_bytes(joined(head, body))
    with Limits():
        assert len(spoken(text)) == 2  # the preview, which reads curves, and loading
        answered(text)


def curve(**rows: Any) -> np.ndarray:
    values = {"first": [1, 2], "last": [1, 2], "total": [1, 1], "count": [1, 1], "low": [1, 1], "high": [1, 1],
              "width": [1, 1]} | rows  # fmt: skip
    return np.array(list(values.values()), np.float64)


@pytest.mark.parametrize(
    "state",
    [np.zeros((7, 3000)), np.zeros((3, 3)), np.zeros(7), np.zeros((7, 2), np.int64), curve(first=[2, 1]),
     curve(last=[5, 5]), curve(first=[-1, 2]), curve(last=[1, np.nan]), curve(last=[1, 1e300]), curve(count=[0, 1]),
     curve(count=[1, 2]), curve(count=[0.5, 1]), curve(width=[1, 2]), curve(width=[1e300, 1e300]),
     curve(width=[np.inf, np.inf]), curve(total=[1e300, 1]), curve(high=[1, 1e200])],
)  # fmt: skip
def test_a_curve_that_no_run_could_have_drawn_is_refused(state: np.ndarray, text: Path) -> None:
    metadata, record, tensors = contents(text)
    text.write_bytes(without_checksum(metadata, record, tensors | {"history.val": state}))
    with Limits():
        lines = spoken(text)
    assert len(lines) == 2
    assert all("curve" in line for line in lines)


def test_a_curve_with_gaps_and_explosions_is_read(text: Path) -> None:
    metadata, record, tensors = contents(text)
    wild = curve(total=[np.nan, np.inf], low=[np.nan, -np.inf], high=[np.nan, np.inf])
    text.write_bytes(without_checksum(metadata, record, tensors | {"history.val": wild}))
    assert spoken(text) == []
    assert len(read_story(text).val.step) == 2
