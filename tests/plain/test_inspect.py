"""`inspect` shows what the library computes, in every form, for every task; `eval --per-char` each character."""

import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.errors import InputError
from lstm_model.inside.naming import Naming, ranked
from lstm_model.inside.trace import trace
from lstm_model.inside.views.base import Subject
from lstm_model.inside.views.names import VIEW_NAMES
from lstm_model.inside.views.registry import VIEWS, look
from lstm_model.runs.saved_model import SavedModel
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.base import Task, finish
from lstm_model.tasks.registry import open_probes, open_task
from lstm_tui.cli import main
from support.stepped import PAGE

OWN = PAGE * 16  # enough to name units by


@pytest.fixture
def own(here: Path) -> Path:
    path = here / "own.txt"
    path.write_text(OWN, encoding="utf-8")
    return path


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What a command prints as JSON."""
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that a command refuses with."""
    capsys.readouterr()
    assert main(list(arguments)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_all_views_of_a_text_are_in_one_object(
    runs: dict[str, Path], own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = shown(
        capsys, "inspect", "--load", str(runs["text"]), "--text-file", str(own), "--view", ",".join(VIEW_NAMES)
    )
    assert [name for name in found if name in VIEW_NAMES] == list(VIEW_NAMES)
    assert found["task"] == "text"
    assert found["step"] == 6
    units = found["units"]
    assert sorted(unit["unit"] for unit in units) == list(range(8))
    assert all(set(unit) == {"layer", "unit", "feature", "strength", "kind"} for unit in units)
    assert all((unit["feature"] is None) == (unit["strength"] is None) == (unit["kind"] is None) for unit in units)


def test_units_and_the_beam_are_those_that_the_library_finds(
    runs: dict[str, Path], own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--load", str(runs["text"]), "--text-file", str(own), "--view", "units", "beam", "--at", "40"]
    found = shown(capsys, "inspect", *where)
    trainer = SavedModel.read(runs["text"]).trainer()
    probes = open_probes(trainer.task, OWN)
    names = finish(Naming(probes.many(), probes.features).name(trainer.judged))
    assert [unit["unit"] for unit in found["units"] if unit["feature"]] == [name.unit for name in ranked(names)]
    ids = trainer.task.corpus.vocabulary.encode(OWN)  # type: ignore[attr-defined]
    reach = trace(trainer.judged, ids[:-1]).back(40, int(ids[41])).reach
    np.testing.assert_allclose(found["beam"]["norms"], reach[:41], rtol=1e-5)
    assert found["beam"]["target"] == OWN[41]
    assert "".join(found["beam"]["reads"]) == OWN[:41]


@pytest.fixture(scope="module")
def tasks(data: dict[str, Path]) -> dict[str, Task]:
    def opened(name: str) -> Task:
        file = str(data[name]) if name in data else None
        return open_task(preset_config(name, data=file, hidden_size=6, seq_length=12, split=(40, 30, 30)))

    return {name: opened(name) for name in KINDS}


@pytest.mark.parametrize("task", KINDS)
@pytest.mark.parametrize("view", [view for view in VIEW_NAMES if view != "units"])
def test_every_view_of_every_task_has_every_form(task: str, view: str, tasks: dict[str, Task]) -> None:
    from matplotlib.figure import Figure

    found = look(view, Subject.of(tasks[task].build_model(), tasks[task]))
    json.dumps(found.report, allow_nan=False)
    assert len({len(row) for row in found.rows}) == 1
    assert len(found.rows) > 1
    assert found._repr_html_() == found.html()
    assert_stands_alone(f"<html>{found.html()}</html>")
    assert found.draw(Figure())


def assert_stands_alone(html: str) -> None:
    """It is well-formed, runs no script and takes nothing from elsewhere."""
    assert not re.search(r"<script|<link|@import|url\(", html)
    assert all(source.startswith("data:image/png;base64,") for source in re.findall(r'src="([^"]*)"', html))
    ET.fromstring(html.removeprefix("<!DOCTYPE html>"))


def test_a_page_stands_alone_and_shows_the_text_in_the_colours_of_a_unit(runs: dict[str, Path], own: Path) -> None:
    where = ["--load", str(runs["text"]), "--text-file", str(own), "--unit", "3", "--html", "page.html"]
    assert main(["inspect", *where]) == 0
    html = Path("page.html").read_text(encoding="utf-8")
    assert_stands_alone(html)
    assert "unit 3" in html
    spans = re.findall(r'<span style="background: rgb\([0-9,]+\)[^"]*" title="([^"]*)">([^<]*)</span>', html)
    assert "".join(text for _, text in spans).replace("¶\n", "\n") == OWN[:-1]


@pytest.mark.parametrize("name", ["a.png", "a.svg"])
def test_a_picture_is_written(name: str, runs: dict[str, Path]) -> None:
    assert main(["inspect", "--load", str(runs["text"]), "--view", "flow", "--plot", name]) == 0
    assert Path(name).stat().st_size > 1000


def test_a_table_says_how_it_is_read(runs: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", "--load", str(runs["stock"]), "--view", "memory", "gates"]) == 0
    out = capsys.readouterr().out
    assert "half of what a unit held is left" in out
    assert re.search(r"^1 +f +\+0\.\d\d", out, re.MULTILINE)
    assert max(map(len, out.splitlines()[2:])) <= 80


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--view", "nope"], "--view must be units, gates"),
        (["--unit", "8"], "0 to 7: there is no unit 8"),
        (["--unit", "-1"], "there is no unit -1"),
        (["--layer", "2"], "layers 1 to 1: there is no layer 2"),
        (["--view", "beam", "--at", "99999"], "there is no step 99999"),
        (["--text-file", "nowhere.txt"], "cannot read nowhere.txt"),
        (["--plot", "a.png", "--view", "units,flow"], "--plot draws one view"),
        (["--html", "nowhere/a.html"], "there is no folder nowhere"),
        (["--html", "a.txt"], "choose .html or .htm"),
        ([], "naming units takes 512 steps or more"),
    ],
)
def test_what_cannot_be_shown_is_one_line(
    options: list[str], said: str, runs: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refused(capsys, "inspect", "--load", str(runs["text"]), *options)


def test_a_text_that_the_model_cannot_read_is_one_line(
    runs: dict[str, Path], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "foreign.txt").write_text("é", encoding="utf-8")
    (here / "wide.txt").write_bytes("NAME".encode("utf-16-le"))
    foreign = ["--text-file", "foreign.txt"]
    assert "never seen 'é'" in refused(capsys, "inspect", "--load", str(runs["text"]), "--view", "beam", *foreign)
    assert "never seen 'é'" in refused(capsys, "eval", "--load", str(runs["text"]), "--per-char", *foreign)
    wide = ["--text-file", "wide.txt"]
    assert "save it as UTF-8" in refused(capsys, "inspect", "--load", str(runs["text"]), "--view", "beam", *wide)
    assert "means nothing for stock" in refused(capsys, "inspect", "--load", str(runs["stock"]), *foreign)


def test_a_step_or_unit_that_there_is_not_is_refused_by_the_library_too(tasks: dict[str, Task]) -> None:
    with pytest.raises(InputError, match="there is no step 12"):
        Subject.of(tasks["stock"].build_model(), tasks["stock"], step=12)


def test_the_views_are_offered_in_one_order() -> None:
    assert tuple(VIEWS) == VIEW_NAMES


# eval --per-char


def test_the_surprise_of_each_character_is_what_the_model_gives(
    runs: dict[str, Path], own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = shown(capsys, "eval", "--load", str(runs["text"]), "--per-char", "--text-file", str(own), "--guesses", "4")
    saved = SavedModel.read(runs["text"])
    vocabulary, prompt = saved.record.data.memory["vocabulary"], saved.record.data.memory["prompt"]
    ids = np.array([vocabulary.index(c) for c in prompt + OWN])
    outputs, _ = saved.trainer().judged.forward(ids[:-1, None])
    logits = outputs[len(prompt) - 1 :, 0].astype(np.float64)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    rows = found["per_char"]
    assert "".join(row["char"] for row in rows) == OWN
    np.testing.assert_allclose(
        [row["nats"] for row in rows], -log_p[np.arange(len(OWN)), ids[len(prompt) :]], rtol=1e-4
    )
    assert found["unit"] == "nats"
    assert found["loss"] == pytest.approx(np.mean([row["nats"] for row in rows]))
    for row, expected in zip(rows, log_p, strict=True):
        likeliest = np.sort(np.exp(expected))[::-1][:4]
        np.testing.assert_allclose([guess["p"] for guess in row["guesses"]], likeliest, rtol=1e-4)


def test_a_text_from_a_pipe_is_shown_with_a_digit_below_each_character(
    runs: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Pipe:
        buffer = io.BytesIO(b"NAME\n    ls\n")

    monkeypatch.setattr("sys.stdin", Pipe())
    assert main(["eval", "--load", str(runs["text"]), "--per-char", "--text-file", "-"]) == 0
    lines = capsys.readouterr().out.splitlines()
    place = lines.index("NAME")
    assert re.fullmatch(r"[0-9.]{5}", lines[place + 1])
    assert lines[place + 2] == "    ls"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--per-char"], "name it with --text-file"),
        (["--text-file", "own.txt"], "--text-file goes with --per-char"),
        (["--guesses", "2"], "--guesses goes with --per-char"),
        (["--per-char", "--text-file", "own.txt", "--part", "val"], "leave --part out"),
        (["--per-char", "--text-file", "nowhere.txt"], "cannot read nowhere.txt"),
    ],
)
def test_what_per_char_needs_is_one_line(
    options: list[str], said: str, runs: dict[str, Path], own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refused(capsys, "eval", "--load", str(runs["text"]), *options)


def test_two_models_read_one_text(runs: dict[str, Path], own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both = ["--load", str(runs["text"]), "--against", str(runs["text"])]
    found = shown(capsys, "eval", *both, "--per-char", "--text-file", str(own))
    assert found["a"]["per_char"] == found["b"]["per_char"]
