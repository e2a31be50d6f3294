"""`eval --adapt`: rows beside the static figures, which stay what they were, as does the file."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.adaptation.rules import Rule
from lstm_model.network.losses import bits
from lstm_model.tasks.text.adaptation.adaptive import SEGMENT
from lstm_model.tasks.text.adaptation.learning import Learning, Tuned
from lstm_tui.cli import main
from lstm_tui.faces.text.reporting.learning import learning_notes
from support.runs import TINY, contents

Out = pytest.CaptureFixture[str]
Files = dict[str, Path]


def report_of(capsys: Out, *options: str) -> dict[str, Any]:
    assert main(["eval", *options, "--json"]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


@pytest.fixture(scope="module")
def language(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A text whose end has a word of its own, and a run over it."""
    folder = tmp_path_factory.mktemp("language")
    rng = np.random.default_rng(3)
    words = [*rng.choice(["the ", "of ", "and\n"], 2500), *rng.choice(["the ", "ananas ", "of\n"], 250)]
    (folder / "text.txt").write_text("".join(words))
    options = ["--task", "text", "--data", str(folder / "text.txt"), "--save", str(folder / "run"), "--steps", "40"]
    assert main(["train", *options, *TINY, "--lr", "0.02"]) == 0
    return folder / "text.txt", folder / "run"


def test_learning_as_it_reads_is_a_row_beside_the_static_figure(
    language: tuple[Path, Path], here: Path, capsys: Out
) -> None:
    run = here / "run"
    shutil.copytree(language[1], run)
    for file in run.iterdir():
        file.chmod(0o444)
    run.chmod(0o555)
    capsys.readouterr()
    before = contents(run)
    still = report_of(capsys, "--load", str(run))
    adapted = report_of(capsys, "--load", str(run), "--adapt")
    assert contents(run) == before
    added = {"adapted_loss", "adapted_bits_per_char", "mixed_loss", "mixed_bits_per_char", "adapted_mixed_loss",
             "adapted_mixed_bits_per_char", "adapting"}  # fmt: skip
    assert {key: value for key, value in adapted.items() if key not in added} == still
    assert adapted.keys() == still.keys() | added
    assert adapted["adapted_loss"] < adapted["loss"]
    assert adapted["adapted_bits_per_char"] == bits(adapted["adapted_loss"])
    assert adapted["adapting"]["segment"] == SEGMENT
    assert adapted["adapting"]["searched"] > 0
    assert main(["eval", "--load", str(run), "--adapt"]) == 0
    said = capsys.readouterr().out
    for row in ("this model", "learning as it reads", "model + counts", "learning + counts"):
        assert said.count(f"\n{row}") == said.count(f"\n  {row}") == 1, row  # in the table, and as a bar
    assert "predicted and scored, and only then learnt from" in " ".join(said.split())
    run.chmod(0o755)


def test_two_models_stand_beside_each_other_with_what_they_learn(language: tuple[Path, Path], capsys: Out) -> None:
    run = str(language[1])
    assert main(["eval", "--load", run, "--against", run, "--adapt"]) == 0
    said = capsys.readouterr().out
    assert "learning, nats" in said
    assert "learning as it reads A" in said


def test_a_text_shorter_than_a_segment_teaches_nothing_and_says_so(
    language: tuple[Path, Path], here: Path, capsys: Out
) -> None:
    (here / "short.txt").write_text("the of the")
    assert main(["eval", "--load", str(language[1]), "--adapt", "--data", "short.txt"]) == 0
    assert f"note: the model learns after each {SEGMENT} characters, and the part has 9" in capsys.readouterr().err


def test_a_text_with_unknown_characters_is_refused_in_a_line(
    language: tuple[Path, Path], here: Path, capsys: Out
) -> None:
    (here / "other.txt").write_text("the zebra")
    assert main(["eval", "--load", str(language[1]), "--adapt", "--data", "other.txt"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "never seen 'b'" in captured.err


def test_the_validation_part_does_not_judge_what_was_found_on_it(language: tuple[Path, Path], capsys: Out) -> None:
    assert main(["eval", "--load", str(language[1]), "--adapt", "--part", "val"]) == 0
    assert "was found on the first" in capsys.readouterr().err


def test_prices_are_walked_day_by_day_and_judged_as_the_others_are(runs: Files, capsys: Out) -> None:
    still = report_of(capsys, "--load", str(runs["stock"]))
    adapted = report_of(capsys, "--load", str(runs["stock"]), "--adapt")
    learnt, how = adapted.pop("adapted"), adapted.pop("adapting")
    assert adapted == still
    assert learnt["days"] == still["days"]
    assert learnt["persistence_rmse"] == still["persistence_rmse"]
    assert learnt["rmse"] != still["rmse"]
    assert how.keys() == {"rate", "pull", "searched", "explosions"}
    assert main(["eval", "--load", str(runs["stock"]), "--adapt"]) == 0
    said = capsys.readouterr().out
    assert "\nlearning day by day" in said
    assert "\nLearning as it goes: No skill" in said


def test_a_task_whose_sequences_say_nothing_of_each_other_says_so(here: Path, capsys: Out) -> None:
    assert main(["train", "--task", "copy", "--steps", "1", "--save", "copy", *TINY[:4]]) == 0
    capsys.readouterr()
    assert main(["eval", "--load", "copy", "--adapt"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "--adapt has no meaning for the copy task" in captured.err


def test_weights_that_ran_away_are_told_with_the_character_where_that_was() -> None:
    tuned = Tuned(Rule(4.0, 0.1), 20_000)
    once, twice = (Learning(tuned, 1.0, None, None, where) for where in ((479,), (479, 990)))
    (note,) = learning_notes(once, 5000, searched_here=False)
    assert "ran away at character 480 of the part: it went back to the trained ones" in note
    assert "character 480 of the part, and once more:" in learning_notes(twice, 5000, searched_here=False)[0]


# From nothing


def test_a_text_read_once_from_nothing_stands_beside_compressors(runs: Files, here: Path, capsys: Out) -> None:
    words = np.random.default_rng(2).choice(["the ", "of ", "and\n"], 900)
    (here / "words.txt").write_text("".join(words))
    report = report_of(capsys, "--load", str(runs["text"]), "--online", "words.txt")
    assert report["chars"] == report_of_size(here / "words.txt")
    assert list(report["online"]) == ["a new model", "counts that learn", "gzip", "bzip2", "xz"]
    assert report["online"]["a new model"]["bits_per_char"] == report["online_bits_per_char"]
    assert report["online_bits_per_char"] == pytest.approx(bits(report["online_loss"]))
    assert 0.3 < report["online"]["counts that learn"]["bits_per_char"] < report["online"]["gzip"]["bits_per_char"] < 3
    assert all(one["chars_per_s"] > 0 for one in report["online"].values())
    assert report["tenths"][-1] < report["tenths"][0]
    assert report_of(capsys, "--load", str(runs["text"]), "--online", "words.txt")["loss"] == report["loss"]
    assert main(["eval", "--load", str(runs["text"]), "--online", "words.txt"]) == 0
    said = capsys.readouterr().out
    assert said.count("a new model") == 2
    assert "only then learns from them" in " ".join(said.split())


def report_of_size(file: Path) -> int:
    return len(file.read_text())


@pytest.mark.parametrize(
    ("text", "said"), [("abc", "too few"), ("", "is empty"), ("aaaaaaaaaaaaaaaaaaaa", "one distinct character")]
)
def test_a_text_from_which_nothing_can_be_learnt_is_refused(
    text: str, said: str, runs: Files, here: Path, capsys: Out
) -> None:
    (here / "short.txt").write_text(text)
    assert main(["eval", "--load", str(runs["text"]), "--online", "short.txt"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert said in captured.err


@pytest.mark.parametrize("command", [("eval", "--online"), ("sample", "--adapt-on")])
def test_what_is_no_file_is_refused_by_the_option_that_names_it(
    command: tuple[str, str], runs: Files, here: Path, capsys: Out
) -> None:
    for name, said in (("nowhere.txt", "there is no file nowhere.txt"), (".", ". is a folder")):
        assert main([command[0], "--load", str(runs["text"]), command[1], name]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err == f"lstm-tui: error: {said}: name a text file with {command[1]}\n"


def test_prices_are_not_read_as_a_text(runs: Files, here: Path, capsys: Out) -> None:
    assert main(["eval", "--load", str(runs["stock"]), "--online", "any.txt"]) == 2
    assert "--online is for the task text" in capsys.readouterr().err


# Samples


def test_a_model_writes_in_the_manner_of_a_text_it_has_read_first(
    language: tuple[Path, Path], here: Path, capsys: Out
) -> None:
    run = str(language[1])
    (here / "new.txt").write_text("ananas\n" * 600)
    before = contents(language[1])
    written = []
    for options in ([], ["--adapt-on", "new.txt"]):
        assert main(["sample", "--load", run, "--length", "200", "--temperature", "0.3", "--seed", "1", *options]) == 0
        captured = capsys.readouterr()
        written.append(captured.out)
    assert contents(language[1]) == before
    assert written[1].count("ananas") > 10 > written[0].count("ananas")
    assert "read 4,200 characters of new.txt and learnt from them" in captured.err


def test_a_text_with_characters_that_the_model_cannot_write_is_refused(
    language: tuple[Path, Path], here: Path, capsys: Out
) -> None:
    (here / "new.txt").write_text("zebra " * 50)
    assert main(["sample", "--load", str(language[1]), "--adapt-on", "new.txt"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert "never seen 'b'" in captured.err
