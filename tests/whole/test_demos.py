"""The models that ship: small, loadable, and as good as the README says."""

import json
import re
from typing import Any

import pytest

from lstm_model.parallel.blas import one_blas_thread
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.task_kinds import kind_of
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_model.tasks.base import finish
from lstm_model.tasks.text.task import TextTask, text_loss
from lstm_model.training.resume import restore_trainer
from lstm_tui.cli import main
from support.places import ROOT

DEMOS = {task: ROOT / "saves" / f"demo-{task}" for task in KINDS if kind_of(task).shipped}  # of tasks with data
README = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
Out = pytest.CaptureFixture[str]


def measured(task: str, capsys: Out) -> dict[str, Any]:
    assert main(["eval", "--load", str(DEMOS[task]), "--json"]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def test_together_they_take_less_than_3_mb() -> None:
    assert sum(file.stat().st_size for folder in DEMOS.values() for file in folder.iterdir()) < 3e6


def figures_of_text() -> tuple[str, ...]:
    """Nats and bits of the text model, nats of counts, bits of xz, as the README has them."""
    found = re.search(
        r"`saves/demo-text` .*? has ([\d.]+) nats on the test twentieth, ([\d.]+) bits,"
        r" where 9-gram counts have ([\d.]+) nats and xz ([\d.]+) bits",
        README,
    )
    assert found is not None
    return found.groups()


def test_the_text_model_is_about_as_good_on_a_piece_of_the_test_part_as_the_readme_says_of_all() -> None:
    one_blas_thread()
    trainer = restore_trainer(load_checkpoint(DEMOS["text"] / "best.safetensors"))
    assert isinstance(trainer.task, TextTask)
    corpus = trainer.task.corpus
    loss = finish(text_loss(trainer.judged, corpus.ids, corpus.parts["test"], most=8_192))  # from a zero state
    assert loss == pytest.approx(float(figures_of_text()[0]), rel=0.2)


@pytest.mark.slow
def test_the_text_model_gives_the_figures_of_the_readme(capsys: Out) -> None:
    report = measured("text", capsys)
    nats, bits, counts, xz = figures_of_text()
    assert f"{report['loss']:.4f}" == nats
    assert f"{report['bits_per_char']:.3f}" == bits
    assert f"{report['baselines']['context_8']:.3f}" == counts
    if "xz" in report["compressors"]:
        assert f"{report['compressors']['xz']:.3f}" == xz


@pytest.mark.slow
def test_the_text_model_that_learns_as_it_reads_gives_the_figures_of_the_documents(capsys: Out) -> None:
    assert main(["eval", "--load", str(DEMOS["text"]), "--adapt", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    page = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    names = {"loss": "static, 32 streams", "adapted_loss": "learning", "adapted_mixed_loss": "learning + counts"}
    for key, name in names.items():
        nats = re.search(rf"^\| {re.escape(name)} \| ([\d.]+) \|", page, re.MULTILINE)
        assert nats is not None
        assert report[key] == pytest.approx(float(nats[1]), abs=0.002)
    assert report["adapted_loss"] <= 0.80


def test_the_price_model_gives_the_figures_of_the_readme(capsys: Out) -> None:
    report = measured("stock", capsys)
    rmse, right, nothing = re.search(  # type: ignore[union-attr]
        r"its best state \(step 1,900\) \| ([\d.]+) \| ([\d.]+) % .*? \| no change \| ([\d.]+) \|", README
    ).groups()
    assert f"{report['rmse']:.4f}" == rmse
    assert f"{100 * report['directional_accuracy']:.1f}" == right
    assert f"{report['persistence_rmse']:.4f}" == nothing
    assert report["always_down"] == report["always_same"]
    assert f'| always "down" | | {100 * report["always_down"]:.1f} % |' in README
    assert report["verdict"].startswith("No skill")


@pytest.mark.parametrize("task", DEMOS)
def test_one_can_train_on_from_them(task: str) -> None:
    trainer = restore_trainer(load_checkpoint(DEMOS[task] / "best.safetensors"))
    before = trainer.model.parameters.flat.copy()
    trainer.step()
    trainer.close()
    moved = abs(trainer.model.parameters.flat - before).max()
    assert 0 < moved < 0.1


def test_in_a_fresh_clone_they_are_what_is_looked_at(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LSTM_TUI_SAVES", raising=False)
    monkeypatch.chdir(ROOT)
    assert main(["runs", "--json"]) == 0
    listed = {entry["run"] for entry in json.loads(capsys.readouterr().out)}
    assert {"demo-text", "demo-stock"} <= listed
    assert main(["sample", "--load", "saves/demo-text", "--prime", "NAME", "--length", "40", "--seed", "1"]) == 0
    assert len(capsys.readouterr().out) == 44
