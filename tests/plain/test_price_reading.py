"""What is asked of the reading of prices by options: it is kept in the checkpoint, and each advice works as printed."""

import json
import re
import shlex
from pathlib import Path

import pytest

from lstm_model.runs.saved_model import SavedModel
from lstm_tui.cli import main
from lstm_tui.options.parser import parser_for
from support.price_cases import CASES

SMALL = "--steps 2 --seq 5 --hidden 4 --batch 8 --threads 1 --split 60/20/20"
Out = pytest.CaptureFixture[str]


def run(line: str) -> int:
    return main(shlex.split(line))


def train(name: str, folder: Path, options: str = "") -> int:
    return run(f"train --task stock --data {CASES / name} {SMALL} --save {folder} --overwrite {options}")


def test_a_split_that_a_note_names_is_mended_by_the_option_in_it(tmp_path: Path, capsys: Out) -> None:
    assert train("04b_split_4_to_1.csv", tmp_path / "run") == 0
    (advice,) = re.findall(r"(--adjust \S+) would mend it", capsys.readouterr().err)
    assert train("04b_split_4_to_1.csv", tmp_path / "run", advice) == 0
    said = capsys.readouterr().err
    assert "prices before 2023-06-28 were multiplied by 0.25" in said
    assert "would mend it" not in said


@pytest.mark.parametrize(
    ("name", "refusal", "advice"),
    [
        ("04g_two_tickers_alternate_days.csv", "'AAA', 'BBB': set --symbol to one of them", "--symbol BBB"),
        ("08g_yf_two_tickers.csv", "--column", "--column 'Close BBB'"),
        ("16n_latin1.csv", "set --encoding to cp1252", "--encoding cp1252"),
        ("16d_gbk.csv", "set --encoding to gbk", "--encoding gbk"),
    ],
)
def test_a_refusal_names_an_option_that_works(
    name: str, refusal: str, advice: str, tmp_path: Path, capsys: Out
) -> None:
    assert train(name, tmp_path / "run") == 2
    said = capsys.readouterr().err
    assert refusal in said
    assert "`" not in said  # no name of the library's
    assert train(name, tmp_path / "run", advice) == 0


@pytest.mark.parametrize("several", ["A:2 B:3", "A:2,B:3", "A:2 --adjust B:3"])
def test_several_splits_may_be_named_in_any_way(several: str) -> None:
    assert parser_for("train").given(f"--adjust {several}".split()) == {"adjust": ("A:2", "B:3")}


def test_a_checkpoint_knows_how_its_prices_were_read(tmp_path: Path, capsys: Out) -> None:
    assert train("04g_two_tickers_alternate_days.csv", tmp_path / "run", "--symbol AAA --date-column Date") == 0
    assert SavedModel.read(tmp_path / "run").config.value("symbol") == "AAA"
    assert run(f"eval --load {tmp_path / 'run'}") == 0
    assert "of other series in Ticker left out" in capsys.readouterr().err
    assert run(f"eval --load {tmp_path / 'run'} --symbol BBB") == 2  # other prices than its scaler was made of
    assert "--symbol BBB differs from AAA" in capsys.readouterr().err


def test_other_data_may_be_read_in_another_way(tmp_path: Path, capsys: Out) -> None:
    assert train("04b_split_4_to_1.csv", tmp_path / "run", "--adjust 2023-06-28:0.25") == 0
    other = CASES / "04g_two_tickers_alternate_days.csv"
    capsys.readouterr()
    assert run(f"eval --json --load {tmp_path / 'run'} --data {other} --symbol BBB --adjust ''") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["data"] == str(other)
    assert "multiplied" not in err
