"""`train` and `load`: from data in memory to a saved run that the commands open, and one line for what is wrong."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from lstm_model import load, train
from lstm_model.errors import InputError
from lstm_model.network.model import LSTM
from lstm_model.notebook.faces.stock import PriceModel
from lstm_model.notebook.faces.text import TextModel
from lstm_model.runs.saved_model import SavedModel
from lstm_model.tasks.text.task import TextTask
from lstm_tui.cli import main
from support.places import ROOT
from support.runs import assert_same_checkpoint
from support.stepped import PAGE

SMALL: dict[str, Any] = {"hidden_size": 8, "batch_size": 4, "seq_length": 5, "quiet": True}


def prices(rows: int = 300) -> pd.DataFrame:
    """A wave over working days, as a frame with dates for an index."""
    close = 50 + 5 * np.sin(np.arange(rows) / 7)
    return pd.DataFrame({"Open": close - 1, "Close": close}, index=pd.bdate_range("2020-01-01", periods=rows))


def test_a_text_in_memory_becomes_a_run_that_the_commands_open_and_go_on_with(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (PAGE * 40)[:4000]
    model = train(text, steps=6, validate_every=2, **SMALL)
    assert isinstance(model, TextModel)
    assert list(here.iterdir()) == [], "nothing stays that was not saved"
    assert model.steps == 6
    steps, losses = model.curve["train"]
    assert steps.tolist() == [1, 2, 3, 4, 5, 6]
    assert np.isfinite(losses).all()
    sample = model.sample(20, prompt="l", seed=3)
    assert len(sample.text) == 20
    assert str(model.sample(20, prompt="l", seed=3)) == str(sample)

    folder = model.save("saves/own")
    assert (folder / "text.txt").read_text() == text
    assert {"last.safetensors", "best.safetensors", "metrics.csv", "config.json", "README.md"} <= {
        path.name for path in folder.iterdir()
    }
    assert SavedModel.read(folder / "best.safetensors").config.data == str((folder / "text.txt").absolute())
    again = load(folder, quiet=True)
    assert again.sample(20, prompt="l", seed=3).text == sample.text
    again.train(steps=2)
    assert main(["train", "--load", str(folder), "--steps", "10", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["step"] == 10
    assert SavedModel.read(folder).record.data.sha256 == model.task.fingerprint


def test_it_trains_as_the_command_does_to_the_last_bit(here: Path, data: dict[str, Path]) -> None:
    train(data["text"], steps=7, save="door", **SMALL)
    options = ["--hidden", "8", "--batch", "4", "--seq", "5", "--data", str(data["text"])]
    assert main(["train", "--steps", "7", "--save", "command", *options]) == 0
    assert_same_checkpoint(here / "door/last.safetensors", here / "command/last.safetensors")


def test_a_data_frame_becomes_a_model_that_forecasts_and_is_judged(here: Path) -> None:
    model = train(prices(), steps=5, **SMALL)
    assert isinstance(model, PriceModel)
    foretold = model.forecast()
    assert foretold.actual.shape == foretold.predicted.shape == (300,)
    np.testing.assert_allclose(foretold.actual, prices()["Close"])
    assert foretold.next_date == "2021-02-24"
    judged = model.evaluate()
    assert judged.figures["rmse"] > 0
    assert "no change" in str(judged)
    assert judged.verdict
    volume = train(prices(), steps=1, column="Open", **SMALL)
    assert volume.task.judged_on == "the column Open"
    only = train(prices()["Open"], steps=1, **SMALL)
    assert only.task.judged_on == "the column Open"


def test_what_is_shown_in_a_notebook_is_html_that_quotes_nothing_raw(here: Path) -> None:
    model = train((PAGE * 40)[:3000].replace("e", "<"), steps=3, **SMALL)
    sample = model.sample(200, prompt="<<", seed=1)
    for shown in (model, sample, model.evaluate(), model.plot()):
        page = shown._repr_html_()
        assert page.startswith("<")
        assert "<<" not in page.replace("><", "")
        assert not re.search(r'(?:src|href)="|<script', page)
    assert "nats per character over steps" in model.plot().svg
    assert model.plot().save(here / "curve.svg").read_text() == model.plot().svg


@pytest.mark.parametrize(
    ("data", "settings", "said"),
    [
        ("", {}, "the text is empty"),
        (" \n\n ", {}, "the text is empty"),
        ("nowhere.txt", {}, "there is no file 'nowhere.txt'"),
        (5, {}, "must be a text, a path, several paths or a data frame, not int"),
        ([], {}, "not list"),
        ("ab\n", {}, "the text has 3 characters: too few"),
        (prices().iloc[:0], {}, "the data frame is empty"),
        (prices().iloc[:12], {}, "12 rows are too few"),
        (prices().astype(str) + " USD?", {}, "no numeric column, only 'Open', 'Close'"),
        (prices().reset_index(drop=True)["Close"], {}, "the data frame has no dates"),
        (prices(), {"column": "Clothes"}, "the table: no column 'Clothes'"),
        (None, {"steps": 1, "seconds": 1}, "`seconds` and `steps` both name an end"),
        (None, {"steps": 0}, "`steps` must be above 0"),
        (None, {"hidden": 8}, "`hidden` is no setting of the task text"),
        (None, {"task": "novel"}, "task must be"),
        (None, {"overwrite": True}, "`overwrite` needs a folder"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_leaves_nothing(
    here: Path, data: object, settings: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError) as caught:
        train(data, quiet=True, save=settings.pop("save", "run" if "overwrite" not in settings else None), **settings)  # type: ignore[arg-type]
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(here) not in str(caught.value)
    assert list(here.iterdir()) == []


def test_a_model_says_what_it_can_be_asked_instead(here: Path) -> None:
    text, stock, copy = (train(data, steps=1, **SMALL | more) for data, more in (
        ((PAGE * 40)[:3000], {}), (prices(), {}), (None, {"task": "copy"})))  # fmt: skip
    for asked, said in ((text.forecast, "ask it for a `sample`"), (stock.sample, "ask it for a `forecast`"),
                        (copy.sample, "ask it to `evaluate`")):  # fmt: skip
        with pytest.raises(InputError, match=re.escape(said)):
            asked()
    assert copy.evaluate("val").figures["loss"] > 0
    for wrong in ({"length": 0}, {"seed": -1}, {"temperature": -1.0}, {"prompt": ""}, {"prompt": "\u2603"}):
        with pytest.raises(InputError):
            text.sample(**wrong)


def test_a_run_that_is_there_stays_unless_it_is_to_be_replaced(here: Path) -> None:
    first = train((PAGE * 40)[:3000], steps=1, save="run", **SMALL)
    assert first.folder == Path("run")
    assert first.save("run") == Path("run"), "its own folder is no other run"
    with pytest.raises(InputError, match="already holds a run"):
        train((PAGE * 40)[:3000], steps=1, save="run", **SMALL)
    with pytest.raises(InputError, match="already holds a run"):
        train((PAGE * 40)[:3000], steps=1, **SMALL).save("run")
    train((PAGE * 40)[:3500], steps=2, save="run", overwrite=True, **SMALL)
    assert load("run").steps == 2


def test_a_model_that_ships_is_trained_on_elsewhere(here: Path) -> None:
    model = load("demo-stock", quiet=True)
    before = (ROOT / "saves/demo-stock/best.safetensors").stat().st_mtime_ns
    model.train(steps=1)
    assert model.folder is None
    assert (ROOT / "saves/demo-stock/best.safetensors").stat().st_mtime_ns == before


def test_the_example_of_the_readme_runs(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"^```py\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    (here / "README.md").write_text((ROOT / "README.md").read_text(encoding="utf-8"))
    exec(code.replace("seconds=30", "steps=2, quiet=True"), {})
    assert load("saves/notes").steps == 2


def test_a_model_is_built_with_one_blas_thread_and_others_have_theirs_again(
    here: Path, data: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads of BLAS that wait for a busy core made the start of a model take minutes."""
    threads = threadpool_limits(2, user_api="blas")
    seen: list[int] = []
    build = TextTask.build_model

    def built(task: TextTask) -> LSTM:
        seen.extend(each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas")
        return build(task)

    monkeypatch.setattr(TextTask, "build_model", built)
    train(data["text"], steps=1, save="run", **SMALL)
    load("run", quiet=True)
    after = [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]
    threads.restore_original_limits()
    assert set(seen) == {1}
    assert set(after) <= {2}
