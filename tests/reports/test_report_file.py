"""`eval --plot FILE`: a picture of a report through matplotlib, or one line that says what is missing."""

import importlib.util
from pathlib import Path

import pytest

from lstm_tui.cli import main
from lstm_tui.faces.text.reporting.report import TextJudged
from lstm_tui.reports.plot_file import write_plot
from support.runs import contents

Out = pytest.CaptureFixture[str]
Files = dict[str, Path]
BEGINS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}

needs_matplotlib = pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="needs matplotlib")


@needs_matplotlib
@pytest.mark.parametrize(("task", "ending"), [("text", "png"), ("text", "SVG"), ("stock", "svg"), ("stock", "pdf")])
def test_the_ending_says_what_is_drawn(task: str, ending: str, runs: Files, capsys: Out) -> None:
    assert main(["eval", "--load", str(runs[task]), "--plot", f"picture.{ending}", "--json"]) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert err.endswith(f"drawn into picture.{ending}\n")
    assert Path(f"picture.{ending}").read_bytes().startswith(BEGINS[ending.lower()])


@needs_matplotlib
def test_the_picture_says_which_model_and_how_doing_nothing_scores(runs: Files, capsys: Out) -> None:
    pytest.importorskip("matplotlib").rcParams["svg.fonttype"] = "none"  # words stay words
    asked = ["eval", "--load", str(runs["stock"]), "--against", str(runs["stock"] / "best.safetensors")]
    assert main([*asked, "--plot", "picture.svg"]) == 0
    drawn = Path("picture.svg").read_text()
    for words in ("A stock-run/last.safetensors", "no change", "predicted A", "predicted B", "actual", "date"):
        assert words in drawn


@needs_matplotlib
def test_one_that_was_there_is_replaced_whole_or_stays(
    runs: Files, here: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = here / "picture.png"
    old.write_bytes(b"the one before")

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("lstm_tui.reports.plot_file.write_whole", full)
    assert main(["eval", "--load", str(runs["text"]), "--plot", "picture.png"]) == 1
    assert old.read_bytes() == b"the one before"
    monkeypatch.undo()
    monkeypatch.chdir(here)
    assert main(["eval", "--load", str(runs["text"]), "--plot", "picture.png"]) == 0
    assert old.read_bytes().startswith(BEGINS["png"])
    assert {path.name for path in here.iterdir()} == {"saves", "picture.png"}


@needs_matplotlib
def test_names_that_mean_something_to_matplotlib_or_that_its_font_lacks_are_only_names(runs: Files, here: Path) -> None:
    report = {
        "task": "text", "part": "test", "data": "文$\\frac$\x1b.txt", "checkpoint": "a$_/b$.safetensors", "step": 1,
        "loss": 1.0, "bits_per_char": 1.44, "baselines": {"uniform": 4.5},
    }  # fmt: skip
    write_plot(here / "picture.png", [TextJudged(report)])
    assert (here / "picture.png").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("picture.jpg", ".png, .svg or .pdf"),
        ("picture", ".png, .svg or .pdf"),
        ("nowhere/picture.png", "no folder nowhere"),
        ("folder.png", "is a folder"),
    ],
)
def test_what_cannot_be_written_is_one_line_before_the_work(
    name: str, said: str, runs: Files, here: Path, capsys: Out
) -> None:
    (here / "folder.png").mkdir()
    before = contents(here)
    assert main(["eval", "--load", str(runs["text"]), "--plot", name]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    [line] = err.splitlines()
    assert said in line
    assert contents(here) == before


def test_without_matplotlib_it_says_how_to_get_it(runs: Files, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["eval", "--load", str(runs["text"]), "--plot", "picture.png"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "lstm-tui: error: --plot needs matplotlib, which is not installed: pip install matplotlib\n"
