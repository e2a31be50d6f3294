"""The model card of a run's folder: right figures, front matter that hubs read, code that loads the model."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from lstm_model.runs import baselines
from lstm_model.runs.card import CARD, MARK, write_card
from lstm_model.runs.saves import look_up
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_tui.cli import main
from support.runs import TINY

Files = dict[str, Path]


def card(run: Path) -> str:
    return (run / CARD).read_text(encoding="utf-8")


def code(text: str) -> str:
    (found,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return str(found)


def front_matter(text: str) -> dict[str, Any]:
    """The plain values of the front matter by name; those below a list come last."""
    block = text.split("---\n")[1]
    pairs = re.findall(r"^[ -]*([\w-]+): (\S.*)$", block, re.MULTILINE)
    return {name: json.loads(value) for name, value in pairs}


def test_the_folder_of_a_run_has_a_card_with_its_figures(runs: Files) -> None:
    save = look_up(runs["text"] / "last.safetensors")
    text = card(runs["text"])
    assert text.startswith("---\n")
    assert f"| lowest validation loss, nats per character | {save.best_val_loss:.4f} at step 6 (`best" in text
    assert f"| step | {save.step:,} |" in text
    front = front_matter(text)
    assert (front["license"], front["pipeline_tag"]) == ("unknown", "text-generation")  # of a text of one's own
    assert front["value"] == pytest.approx(save.best_val_loss, rel=1e-5)
    assert json.loads(text.split("```json\n")[1].split("```")[0])["hidden_size"] == 8


def test_the_licence_of_data_that_ship_is_named(here: Path) -> None:
    assert main(["train", "--task", "stock", "--steps", "2", *TINY, "--save", "run"]) == 0
    front = front_matter(card(here / "run"))
    assert (front["license"], front["license_name"]) == ("other", "public domain, as its publisher declared")
    assert "| licence of the data | public domain, as its publisher declared |" in card(here / "run")


@pytest.mark.parametrize("task", ["text", "stock"])
def test_the_code_builds_what_the_tensors_fit(task: str, runs: Files) -> None:
    shown = code(card(runs[task]))
    ast.parse(shown)
    tensors = load_checkpoint(runs[task] / "best.safetensors").tensors
    found = re.search(r"LSTM\(input_size=(\d+), hidden_size=(\d+), num_layers=(\d+)\)", shown)
    assert found is not None
    inputs, hidden, layers = map(int, found.groups())
    assert tensors["lstm.weight_ih_l0"].shape == (4 * hidden, inputs)
    assert f"lstm.weight_ih_l{layers - 1}" in tensors
    assert f"lstm.weight_ih_l{layers}" not in tensors
    assert f"Linear({hidden}, {tensors['head.weight'].shape[0]})" in shown


@pytest.mark.parametrize("task", ["text", "stock"])
def test_the_code_runs_in_pytorch(task: str, runs: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch", reason="it comes with the extra bench")
    monkeypatch.chdir(runs[task])
    known: dict[str, Any] = {}
    exec(compile(code(card(runs[task])), CARD, "exec"), known)
    assert all(key.startswith(("weight", "bias")) for key in known["model"].state_dict())


def test_baselines_that_are_known_stand_in_their_order(runs: Files) -> None:
    file = runs["stock"] / "last.safetensors"
    assert "Baselines were not counted" in card(runs["stock"])
    found = baselines.count(look_up(file))
    write_card(file)
    rows = re.findall(r"^\| (no change|\*\*this model\*\*) \| ([\d.]+) \|$", card(runs["stock"]), re.MULTILINE)
    assert dict(rows)["no change"] == f"{found['no change']:.4f}"
    assert [float(loss) for _, loss in rows] == sorted(float(loss) for _, loss in rows)


def test_no_name_breaks_out_of_its_line(here: Path, data: Files) -> None:
    odd = here / "a|b`c\n---.txt"
    odd.write_text(data["text"].read_text())
    assert main(["train", "--data", str(odd), *TINY, "--steps", "2", "--save", "run"]) == 0
    text = card(here / "run")
    assert "| data | `a?b?c?---.txt`, sha256 " in text
    assert text.count("\n---\n") == 1
    front_matter(text)


def test_a_card_that_somebody_wrote_stays(runs: Files) -> None:
    own = card(runs["text"]).replace(MARK, "") + "It was hard to train.\n"
    (runs["text"] / CARD).write_text(own, encoding="utf-8")
    assert main(["train", "--load", str(runs["text"]), "--steps", "8"]) == 0
    assert card(runs["text"]) == own


def test_a_later_save_writes_it_anew(runs: Files) -> None:
    assert main(["train", "--load", str(runs["text"]), "--steps", "8"]) == 0
    assert "| step | 8 |" in card(runs["text"])


def test_a_card_that_cannot_be_written_stops_no_save(runs: Files) -> None:
    (runs["text"] / CARD).unlink()
    (runs["text"] / CARD).mkdir()
    assert main(["train", "--load", str(runs["text"]), "--steps", "8"]) == 0
    assert look_up(runs["text"] / "last.safetensors").step == 8
