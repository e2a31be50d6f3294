"""Bad input: one clear line on standard error, the promised exit status, nothing written and nothing changed."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save as to_bytes

from lstm_tui import cli
from lstm_tui.cli import main
from support.runs import contents

Out = pytest.CaptureFixture[str]

DAYS = [f"2024-01-{day:02},{10 + day / 10:.1f}" for day in range(1, 31)]
FILES: dict[str, str | bytes] = {
    "empty.txt": "",
    "ones.txt": "aaaa" * 100,
    "two.txt": "ab",
    "latin.txt": b"x" * 1000 + b"caf\xe9",
    "empty.csv": "",
    "header.csv": "Date,Close\n",
    "nodate.csv": "\n".join(["Shop,Close", *(f"shop {row}" for row in DAYS)]),
    "noclose.csv": "\n".join(["Date,Left,Right", *(f"{row},1" for row in DAYS)]),
    "missing.csv": "\n".join(["Date,Close,Volume", *(f"{row},1" for row in DAYS[:7]), "2024-03-01,1,"]),
    "words.csv": "\n".join(["Date,Close", *DAYS[:7], "2024-03-01,shut", *DAYS[7:]]),
    "zero.csv": "\n".join(["Date,Close", *DAYS[:7], "2024-03-01,0", *DAYS[7:]]),
    "negative.csv": "\n".join(["Date,Close", *DAYS[:7], "2024-03-01,-3.5", *DAYS[7:]]),
    "twice.csv": "\n".join(["Date,Close", *DAYS, "2024-01-09,99"]),
    "few.csv": "\n".join(["Date,Close", *DAYS]),
    "prose.csv": "It was a dark and stormy night\n" * 9,
    "binary.csv": bytes(range(256)) * 9,
    "notes.txt": "no checkpoint\n" * 20,
    "zip.safetensors": b"PK\x03\x04" + bytes(500),
    "foreign.safetensors": to_bytes({"weight": np.zeros(3, np.float32)}),
    "newer.safetensors": to_bytes({}, {"format": "lstm-tui checkpoint", "version": "9"}),
}

TEXT, STOCK = "saves/text-run", "saves/stock-run"
TRAIN = [
    # data
    ("--data missing.txt", "there is no file"),
    ("--data folder", "is a directory"),
    ("--data empty.txt", "is empty"),
    ("--data ones.txt", "one distinct character, 'a' (U+0061)"),
    ("--data two.txt", "has 2 characters: too few"),
    ("--data latin.txt", "byte 0xe9 at offset 1,003, line 1, in "),
    ("--data latin.txt --encoding klingon", "--encoding 'klingon' is unknown: try utf-8"),
    ("--data latin.txt --encoding utf-32", "has no byte order mark: set --encoding to utf-32-le or utf-32-be"),
    ("--task stock --data missing.csv.gz", "No such file"),
    ("--task stock --data folder", "Is a directory"),
    ("--task stock --data empty.csv", "the file is empty"),
    ("--task stock --data header.csv", "a header and no rows"),
    ("--task stock --data nodate.csv", "no column 'Date', only 'Shop', 'Close'"),
    (
        "--task stock --data noclose.csv",
        "no column 'Close', only 'Date', 'Left', 'Right': choose a price with --column NAME",
    ),
    ("--task stock --data few.csv --column Open", "no column 'Open'"),
    ("--task stock --data few.csv --features Volume", "no column 'Volume'"),
    ("--task stock --data few.csv --features Wind", "no column 'Wind', and no other of numbers"),
    ("--task stock --data missing.csv --features Volume", "row 9: Volume is missing"),
    ("--task stock --data words.csv", "row 9: Close 'shut' is not a number"),
    ("--task stock --data zero.csv", "row 9: Close '0' is not positive"),
    ("--task stock --data negative.csv", "row 9: Close '-3.5' is not positive"),
    ("--task stock --data twice.csv", "row 32: 2024-01-09 is also in row 10, with other values"),
    ("--task stock --data few.csv", "30 rows are too few for --seq 30"),
    ("--task stock --data prose.csv", "not a CSV file"),
    ("--task stock --data binary.csv", "not a text file"),
    ("--task stock --data few.csv --seq 5 --split 100/0/0", "--split 100/0/0: the validation part must not be 0"),
    # options
    ("--task weather", "--task must be text, stock or copy, not 'weather'"),
    ("--preset hasty", "--preset hasty is unknown for the task text: choose from default, long, quick, classic"),
    ("--optimizer rmsprop", "--optimizer must be adam, adagrad or sgd, not 'rmsprop'"),
    ("--schedule linear", "--schedule must be constant, cosine or sqrt"),
    ("--task stock --target tomorrow", "--target must be return, close, value or change"),
    ("--hidden many", "--hidden must be a whole number, not 'many'"),
    ("--hidden 0", "--hidden must be 1 or more, not 0"),
    ("--hidden 9999999999999", "--hidden must be at most 1,000,000,000"),
    ("--hidden 1000000", "GB of memory"),
    ("--layers -1", "--layers must be 1 or more, not -1"),
    ("--layers 1000000000", "--layers must be at most 1,000, not 1000000000"),
    ("--batch 0", "--batch must be 1 or more"),
    ("--seq 0", "--seq must be 1 or more"),
    ("--dropout 1", "--dropout must be at least 0 and below 1"),
    ("--lr nan", "--lr must be a number, not 'nan'"),
    ("--lr 0", "--lr must be above 0"),
    ("--clip -1", "--clip must be 0 (off) or more"),
    ("--seed -1", "--seed must be 0 or more"),
    ("--threads -1", "--threads must be 0 (chosen for you) or more"),
    ("--split 90/20", "--split must be shares that add up to 100, as in 90/5/5, not 90/20/0"),
    ("--split 90/0/10", "--split 90/0/10: the validation part must not be 0"),
    ("--split 0/90/10", "--split 0/90/10: the training part must not be 0"),
    ("--split most", "--split must be shares such as 90/5/5"),
    ("--split nan/5/5", "--split must be shares that add up to 100"),
    ("--steps 0", "--steps must be 1 or more"),
    ("--minutes inf", "--minutes must be a number"),
    ("--minutes 0", "--minutes must be above 0"),
    ("--steps 5 --minutes 1", "--minutes cannot be given together with --steps"),
    ("--autosave -1", "--autosave must be 0 (never) or more"),
    ("--steps", "--steps needs a value"),
    ("--stepz 5", "unknown option '--stepz': did you mean --steps?"),
    ("--step 5", "unknown option '--step': did you mean --steps?"),
    ("stock", "unknown argument 'stock'"),
    ("--column Open", "--column is for the task stock and means nothing for text"),
    ("--target close", "--target is for the task stock"),
    ("--task stock --encoding klingon", "--encoding 'klingon' is unknown: try utf-8"),
    ("--task stock --encoding-errors replace", "--encoding-errors is for the task text"),
    ("--task stock --date-column Datum", "no column 'Datum', only"),
    ("--task stock --adjust 2020:half", "--adjust '2020:half' is no date and factor: write it as 2023-06-28:0.25"),
    ("--symbol AAA", "--symbol is for the task stock and means nothing for text"),
    (f"--load {STOCK} --adjust 2020-01-02:0.5", "--adjust 2020-01-02:0.5 differs from none"),
    # folders
    (f"--save {TEXT}", "already holds a run: choose another folder"),
    ("--save notes.txt", "notes.txt is a file: name a folder with --save"),
    ("--save notes.txt/run", "notes.txt is a file"),
    ("--overwrite", "--overwrite needs --save DIR"),
    # going on
    ("--load missing", "there is no checkpoint missing"),
    ("--load folder", "folder holds no checkpoint: `lstm-tui runs` lists"),
    ("--load notes.txt", "notes.txt is not a whole checkpoint"),
    ("--load zip.safetensors", "is not a whole checkpoint"),
    ("--load foreign.safetensors", "was not written by lstm-tui"),
    ("--load newer.safetensors", "has version 9, newer than this program reads (1): use a newer lstm-tui"),
    ("--load cut.safetensors", "is not a whole checkpoint"),
    (f"--load {TEXT} --task stock", "is of the task text, not stock: leave out --task, or load another"),
    (f"--load {TEXT} --hidden 16", f"--hidden 16 differs from 8 in {TEXT}/last.safetensors: leave it out"),
    (f"--load {TEXT} --layers 2", "--layers 2 differs from 1"),
    (f"--load {TEXT} --batch 8", "--batch 8 differs from 4"),
    (f"--load {TEXT} --seq 8", "--seq 8 differs from 5"),
    (f"--load {TEXT} --optimizer sgd", "--optimizer sgd differs from adam"),
    (f"--load {TEXT} --preset quick", "--preset quick differs from default"),
    (f"--load {TEXT} --split 80/10/10", "--split 80/10/10 differs from 90/5/5"),
    (f"--load {TEXT} --seed 2", "--seed 2 differs from 1"),
    (f"--load {TEXT} --column Open", "--column is for the task stock and means nothing for text: leave it out"),
    (f"--load {STOCK} --target close", "--target close differs from return"),
    (f"--load {STOCK} --features Volume", "--features Volume differs from"),
    (f"--load {STOCK} --column Open", "--column Open differs from Close"),
    (f"--load {TEXT} --lr -1", "--lr must be above 0"),
    (f"--load {TEXT} --steps 5", "--steps 5 is the step at which the run ends, and it is at step 6 already"),
    (f"--load {TEXT} --save {STOCK}", "already holds a run"),
    (f"--load {TEXT} --save {TEXT} --overwrite", "the run that is loaded"),
    (f"--load {TEXT} --overwrite", "--overwrite needs --save DIR"),
    (f"--load {TEXT} --data ones.txt --save new", "ones.txt: the model has never seen 'a'"),
]
OTHERS = [
    ("eval --task copy", "there is no saved copy model under saves"),
    ("eval --load missing", "there is no checkpoint missing"),
    (f"eval --load {TEXT} --part train", "--part must be val or test, not 'train'"),
    (f"eval --load {TEXT} --data missing.txt", "there is no file"),
    (f"eval --load {TEXT} --data latin.txt", "byte 0xe9 at offset 1,003"),
    (f"eval --load {TEXT} --column Open", "--column is for the task stock"),
    (f"eval --load {STOCK} --column Open", "--column Open differs from Close"),
    (f"eval --load {STOCK} --data few.csv --column Open", "no column 'Open', only 'Date', 'Close'"),
    (f"eval --load {STOCK} --encoding-errors strict", "--encoding-errors is for the task text"),
    (f"eval --load {TEXT} --symbol AAA", "--symbol is for the task stock"),
    (f"eval --load {STOCK} --hidden 8", "unknown option '--hidden'"),
    ("sample --load missing", "there is no checkpoint missing"),
    (f"sample --load {STOCK}", "is a model of prices and writes no text: see `lstm-tui eval --load"),
    (f"sample --load {TEXT} --prime lsé", "the model has never seen 'é' (U+00E9)"),
    (f"sample --load {TEXT} --prime=", "the prompt is empty"),
    (f"sample --load {TEXT} --prime-file missing.txt", "cannot read missing.txt: No such file or directory"),
    (f"sample --load {TEXT} --prime-file folder", "cannot read folder: Is a directory"),
    (f"sample --load {TEXT} --prime-file empty.txt", "the prompt is empty"),
    (f"sample --load {TEXT} --prime-file latin.txt", "latin.txt is not UTF-8: byte 0xe9 at offset 1,003"),
    (f"sample --load {TEXT} --prime a --prime-file b", "--prime-file cannot be given together with --prime"),
    (f"sample --load {TEXT} --length 0", "--length must be 1 or more"),
    (f"sample --load {TEXT} --temperature -1", "temperature must be 0 or more"),
    (f"sample --load {TEXT} --temperature nan", "--temperature must be a number"),
    (f"sample --load {TEXT} --top-k -1", "top-k must be 0 (all) or more"),
    (f"sample --load {TEXT} --top-p 0", "top-p must be above 0 and at most 1"),
    (f"sample --load {TEXT} --seed -1", "--seed must be 0 or more"),
    ("runs --all", "unknown option '--all'"),
    ("trian", "unknown argument 'trian': did you mean train?"),
    ("--paused train", "the command train must come first: lstm-tui train"),
    ("--pause", "unknown option '--pause': did you mean --paused?"),
    ("", "the app needs a terminal; in pipes, logs and scripts use `lstm-tui train`"),
    ("--task stock", "the app needs a terminal"),
    (f"--eval-only --load {TEXT} --steps 5", "--steps does nothing with --eval-only"),
    (f"--eval-only --load {TEXT} --on-divergence stop", "--on-divergence does nothing with --eval-only"),
    (f"--eval-only --load {TEXT} --warmup 5", "--warmup does nothing with --eval-only"),
    (f"--eval-only --load {TEXT} --threads 2", "--threads does nothing with --eval-only"),
    (f"--eval-only --load {TEXT} --sample-every 5", "--sample-every does nothing with --eval-only"),
    (f"--eval-only --load {TEXT} --hidden 16", "--hidden 16 differs from 8"),
    ("--eval-only --load missing", "there is no checkpoint missing"),
]


@pytest.fixture
def bad(runs: dict[str, Path], here: Path) -> Path:
    """A folder full of traps, with a good run of each task."""
    for name, data in FILES.items():
        (here / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    whole = (runs["text"] / "last.safetensors").read_bytes()
    (here / "cut.safetensors").write_bytes(whole[: len(whole) // 2])
    (here / "folder").mkdir()
    return here


def refused(asked: list[str], phrase: str, folder: Path, capsys: Out) -> None:
    before = contents(folder)
    assert main(asked) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert phrase in line
    assert line.startswith("lstm-tui")
    assert "Traceback" not in line
    assert len(line) < 300
    assert contents(folder) == before


@pytest.mark.parametrize(("options", "phrase"), TRAIN)
def test_train_refuses(options: str, phrase: str, bad: Path, capsys: Out) -> None:
    limit = [] if {"--steps", "--minutes"} & set(options.split()) else ["--steps", "9"]
    refused(["train", *limit, *options.split()], phrase, bad, capsys)


@pytest.mark.parametrize(("options", "phrase"), OTHERS)
def test_the_other_commands_refuse(options: str, phrase: str, bad: Path, capsys: Out) -> None:
    refused(options.split(), phrase, bad, capsys)


@pytest.mark.parametrize(
    "options", ["--data missing.txt", "--task stock --data noclose.csv", "--load cut.safetensors", f"--save {TEXT}"]
)
def test_the_app_refuses_before_its_screen_opens(
    options: str, bad: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "on_terminal", lambda: True)
    monkeypatch.setitem(sys.modules, "lstm_tui.app", None)  # importing it would be an error
    refused(options.split(), "", bad, capsys)


def test_a_checkpoint_that_was_damaged_in_place_is_refused(runs: dict[str, Path], here: Path, capsys: Out) -> None:
    last = runs["text"] / "last.safetensors"
    data = last.read_bytes().replace(b'"hidden_size\\": 8', b'"hidden_size\\": 9')
    assert data != last.read_bytes()
    last.write_bytes(data)
    for command in ("train", "eval", "sample"):
        refused([command, "--load", str(runs["text"])], f"{runs['text']}/last.safetensors", here, capsys)


def test_a_folder_that_may_not_be_written_to_is_found_out_at_once(
    bad: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: path.name != "folder")  # root may write anywhere
    refused(["train", "--save", "folder/run", "--steps", "1"], "folder may not be written to", bad, capsys)


# What can be mended safely is mended, and said


def mended(asked: list[str], capsys: Out) -> str:
    assert main(["train", "--hidden", "8", "--steps", "1", *asked]) == 0
    return capsys.readouterr().err


def test_a_text_shorter_than_a_batch_shrinks_the_batch(here: Path, capsys: Out) -> None:
    (here / "short.txt").write_text("to be or not to be, that is the question", encoding="utf-8")
    err = mended(["--data", "short.txt", "--batch", "32"], capsys)
    assert "note: the training part has 36 characters: batch 1 and sequence 35 instead of 32 and 64" in err


def test_rows_out_of_order_are_sorted_and_repeated_ones_dropped(here: Path, capsys: Out) -> None:
    (here / "mixed.csv").write_text("\n".join(["Date,Close", *DAYS[5:], *DAYS[:6]]), encoding="utf-8")
    err = mended(["--task", "stock", "--data", "mixed.csv", "--seq", "3"], capsys)
    assert "note: rows were not in date order: sorted by date" in err
    assert "note: 1 repeated row was dropped" in err
    assert "batch" in err
