"""samples.txt: what was written comes back whole, whatever it is and whatever befell the file."""

import os
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np
import pytest

from lstm_model.network.model import LSTM
from lstm_model.network.sampling import Choice, generate, sample_continuation, surprise
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.run import Run
from lstm_model.tasks.text.kind import SAMPLES
from lstm_model.tasks.text.task import TextTask
from lstm_model.tasks.text.writing.sample import Sample
from lstm_model.tasks.text.writing.sample_book import SampleBook, append_sample, entry, last_sample
from support.places import ROOT
from support.stepped import tiny_trainer

FOOLING = (
    "\n\n--- step 9  temperature 1  loss 1.0000  prompt 'x'  2 bytes\nxx\n\n"
    "--- step 10  temperature 1  prompt 'y'\ny\n\n--- step "
)
HOSTILE = {
    "looks like entries": FOOLING,
    "wide": "漢字かな交じり 🦆",
    "controls": "\x00\x1b]0;title\x07\x1b[2J\x7f\x85",
    "right to left": "שלום \u202e\u2067 abc",
    "line ends of all kinds": "a\r\nb\rc\x0b\x0c\u2028d\n\n\n",
    "empty": "",
    "no line end": "x" * 5000,
}
OLD = (
    "--- step 1,000  temperature 0.8  prompt '\\n\\n\\n'\n\n\n\nNAME\n\n  old\n\n"
    "--- step 2,000  temperature 1  prompt 'a\"b'\na\"bcd\n\n"
)


def sample(step: int = 1, text: str = "text", prompt: str = "\n\n\n", loss: float | None = 1.5) -> Sample:
    return Sample(step, 0.8, prompt, text, loss)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "samples.txt"


def written(path: Path, *all_of_them: Sample) -> SampleBook:
    for each in all_of_them:
        append_sample(path, each)
    return SampleBook(path)


def contents(book: SampleBook) -> list[Sample]:
    return [book[k] for k in range(len(book))]


# The loss of a sample


@pytest.mark.parametrize(
    "choice", [Choice(1.0), Choice(0.3), Choice(0.0), Choice(2.0, top_k=3), Choice(1.0, top_p=0.6)]
)
def test_the_loss_of_a_text_is_the_models_own_over_what_follows_the_prompt(choice: Choice) -> None:
    model = LSTM(6, 8, 6, 2, dtype=np.float64, seed=3)
    model.parameters["head_weight"][...] *= 4
    prompt = np.array([2, 0, 5])
    text = list(sample_continuation(model, prompt, 60, choice, np.random.default_rng(0)))
    ids = np.array([*prompt, *(character.id for character in text)])
    outputs, _ = model.forward(ids[:-1, None])
    after = slice(len(prompt) - 1, None)
    whole = model.loss(outputs[after], ids[1:, None][after]).value
    assert np.mean([character.surprise for character in text]) == pytest.approx(whole, rel=1e-12)


def test_writing_with_surprises_draws_what_generating_draws() -> None:
    model = LSTM(6, 8, 6, seed=3)
    arguments = np.array([1]), 40, Choice(0.8)
    with_surprises = [each.id for each in sample_continuation(model, *arguments, np.random.default_rng(4))]
    assert with_surprises == list(generate(model, *arguments, np.random.default_rng(4)))


def test_a_surprise_stays_finite_for_huge_logits() -> None:
    assert surprise(np.array([0.0, 1e4], np.float32), 0) == pytest.approx(1e4)
    assert surprise(np.array([0.0, 1e4], np.float32), 1) == 0


def test_a_run_notes_the_loss_of_each_sample_and_writes_it_down(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path)
    run = Run(trainer, RunFolder.new("text", tmp_path / "run"), Plan(look_length=40))
    run.look()
    events = []
    while run.job:
        events += run.work()
    (made,) = events
    assert isinstance(made, Sample)
    assert isinstance(trainer.task, TextTask)
    vocabulary = trainer.task.corpus.vocabulary
    ids = vocabulary.encode(made.prompt + made.text)
    outputs, _ = trainer.judged.forward(ids[:-1, None])
    after = slice(len(made.prompt) - 1, None)
    assert made.loss == pytest.approx(trainer.judged.loss(outputs[after], ids[1:, None][after]).value, rel=1e-4)
    (read,) = contents(SampleBook(tmp_path / "run" / "samples.txt"))
    assert (read.step, read.prompt, read.text) == (made.step, made.prompt, made.text)
    assert read.loss == pytest.approx(made.loss, abs=5e-5)


# There and back


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_text_and_prompt_come_back_as_they_were(path: Path, text: str) -> None:
    all_of_them = [sample(1, text, prompt=text or "p"), sample(2), sample(3, text, prompt='it\'s "so" \\n'), sample(4)]
    assert contents(written(path, *all_of_them)) == all_of_them


def test_a_character_that_utf_8_does_not_have_spoils_nothing(path: Path) -> None:
    book = written(path, sample(1, "a\udc80b", prompt="\udc80"), sample(2))
    assert contents(book) == [sample(1, "a?b", prompt="\udc80"), sample(2)]


def test_a_heading_is_one_line_that_says_what_follows(path: Path) -> None:
    assert entry(sample(1234, "né")).decode() == (
        "--- step 1,234  temperature 0.8  loss 1.5000  prompt '\\n\\n\\n'  6 bytes\n\n\n\nné\n\n"
    )


@pytest.mark.parametrize("loss", [None, float("nan"), float("inf"), 1e30, 0.0])
def test_any_loss_can_be_read_again(path: Path, loss: float | None) -> None:
    (read,) = contents(written(path, sample(loss=loss)))
    assert read.loss is None if loss is None else read.loss == pytest.approx(loss, nan_ok=True)


def test_numbers_count_from_both_ends_and_stop_there(path: Path) -> None:
    book = written(path, *map(sample, range(3)))
    assert (book[0].step, book[-1].step) == (0, 2)
    for k in (3, -4):
        with pytest.raises(IndexError):
            book[k]


# Growing, and what befalls a file


class Counted(type(Path())):  # type: ignore[misc]  # a path of the system at hand
    """A path that counts the bytes which are read of its file."""

    def open(self, *arguments: Any) -> Any:
        return CountedFile(super().open(*arguments), self.read)

    @cached_property
    def read(self) -> list[int]:
        return []


class CountedFile:
    """A file that notes how much each read gave."""

    def __init__(self, file: BinaryIO, counts: list[int]) -> None:
        self.file, self.counts = file, counts

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def read(self, size: int) -> bytes:
        piece = self.file.read(size)
        self.counts.append(len(piece))
        return piece


def test_what_is_added_later_is_found_and_only_that_is_read(path: Path) -> None:
    written(path, *map(sample, range(20)))
    counted = Counted(path)
    book = SampleBook(counted)
    counted.read.clear()
    book.refresh()
    assert counted.read == []  # nothing new, nothing read
    before = path.stat().st_size
    append_sample(path, sample(20, "new"))
    book.refresh()
    assert sum(counted.read) <= path.stat().st_size - before
    assert len(book) == 21
    assert book[20] == sample(20, "new")


def test_texts_are_skipped_and_not_read_while_a_file_is_indexed(path: Path) -> None:
    large = "line\n" * 200_000
    written(path, *(sample(step, large) for step in range(4)))
    counted = Counted(path)
    book = SampleBook(counted)
    assert len(book) == 4
    assert sum(counted.read) < 1000
    assert book[3].text == large


@pytest.mark.parametrize("kept", [0.001, 0.02, 0.2, 0.5, 0.9, 0.999])
def test_an_entry_that_was_cut_short_is_left_out_and_the_next_ones_are_found(path: Path, kept: float) -> None:
    first, torn, later = (
        sample(1),
        entry(sample(2, "\n--- step 9  temperature 1  prompt 'x'\n" + "text\n\n" * 30)),
        [sample(k, "short") for k in (3, 4)],
    )
    written(path, first)
    with path.open("ab") as file:
        file.write(torn[: max(1, int(kept * len(torn)))])
    book = SampleBook(path)
    assert contents(book)[0] == first
    assert 2 not in [each.step for each in contents(book)]
    for each in later:
        append_sample(path, each)
    book.refresh()
    assert contents(book)[-2:] == later
    assert contents(SampleBook(path)) == contents(book)


def test_an_entry_that_is_being_written_appears_when_it_is_whole(path: Path) -> None:
    book = written(path, sample(1))
    whole = entry(sample(2, "abc\n\ndef"))
    for end in range(1, len(whole)):
        with path.open("ab") as file:
            file.write(whole[end - 1 : end])
        book.refresh()
        assert contents(book) == [sample(1)]
    with path.open("ab") as file:
        file.write(whole[-1:])
    book.refresh()
    assert contents(book) == [sample(1), sample(2, "abc\n\ndef")]


def test_killed_while_it_writes_a_run_leaves_a_book_that_opens_and_goes_on(path: Path) -> None:
    endless = (
        "import sys; from pathlib import Path; from lstm_model.tasks.text.writing.sample import Sample;"
        "from lstm_model.tasks.text.writing.sample_book import append_sample\n"
        "for k in range(10**9): append_sample(Path(sys.argv[1]), Sample(k, 0.8, 'p', 'text\\n\\n' * 50_000, 1.0))"
    )
    process = subprocess.Popen([sys.executable, "-c", endless, str(path)], cwd=ROOT)
    try:
        while process.poll() is None and not (path.exists() and path.stat().st_size > 2_000_000):
            os.sched_yield()
    finally:
        process.kill()
        process.wait()
    book = SampleBook(path)
    before = len(book)
    assert before > 0
    append_sample(path, sample(77))
    book.refresh()
    assert book[-1] == sample(77)
    assert [book[k].step for k in range(before)] == list(range(before))


def test_files_of_the_first_version_are_read_and_gone_on_with(path: Path) -> None:
    path.write_text(OLD, encoding="utf-8")
    old = [Sample(1000, 0.8, "\n\n\n", "NAME\n\n  old", None), Sample(2000, 1.0, 'a"b', "cd", None)]
    book = SampleBook(path)
    assert contents(book) == old
    append_sample(path, sample(3))
    book.refresh()
    assert contents(book) == contents(SampleBook(path)) == [*old, sample(3)]


def test_a_file_that_is_not_there_or_goes_away_holds_no_samples(path: Path) -> None:
    book = SampleBook(path)
    assert len(book) == 0
    append_sample(path, sample())
    book.refresh()
    path.unlink()
    with pytest.raises(IndexError, match="has changed"):
        book[0]
    book.refresh()
    assert len(book) == 0


def test_another_file_in_its_place_is_read_anew(path: Path) -> None:
    book = written(path, sample(1), sample(2))
    path.write_bytes(entry(sample(7)))
    book.refresh()
    assert contents(book) == [sample(7)]


def test_a_pipe_in_its_place_is_not_waited_for(path: Path) -> None:
    os.mkfifo(path)
    assert len(SampleBook(path)) == 0


@pytest.mark.parametrize(
    "heading",
    [
        "--- step ,  temperature 0.8  prompt 'x'  1 bytes",
        "--- step 1  temperature 1.2.3  prompt 'x'  1 bytes",
        "--- step 1  temperature 0.8  prompt x  1 bytes",
        "--- step 1  temperature 0.8  prompt 'x'  999999999999 bytes",
        "--- step 1  temperature 0.8  prompt 'x'  " + "9" * 5000 + " bytes",
    ],
)
def test_headings_that_no_run_wrote_are_passed_over(path: Path, heading: str) -> None:
    path.write_text(heading + "\nx\n\n", encoding="utf-8")
    append_sample(path, sample(5))
    assert contents(SampleBook(path)) == [sample(5)]


def test_odd_escapes_in_a_prompt_raise_nothing(path: Path) -> None:
    path.write_text("--- step 1  temperature 1  prompt '\\d\\U0fffffff\\xzz\\'  1 bytes\nx\n\n", encoding="utf-8")
    assert SampleBook(path)[0].text == "x"


def test_a_run_that_replaces_another_does_not_show_the_others_samples(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path)
    RunFolder.new("text", tmp_path / "run").add(trainer, lambda path: append_sample(path / SAMPLES, sample(1)))
    folder = RunFolder.new("text", tmp_path / "run", overwrite=True)
    assert folder.files is None
    folder.add(trainer, lambda path: append_sample(path / SAMPLES, sample(2)))
    assert folder.files is not None
    assert contents(SampleBook(folder.files / SAMPLES)) == [sample(2)]


def test_the_last_sample_of_a_run_is_found_in_its_folder(tmp_path: Path) -> None:
    assert last_sample(tmp_path) is None
    for step in (6, 8):
        append_sample(tmp_path / "samples.txt", Sample(step, 0.8, "\n", "ls -\n--- step 9", 1.5))
    found = last_sample(tmp_path)
    assert found is not None
    assert (found.step, found.text) == (8, "ls -\n--- step 9")


def test_a_file_of_samples_that_holds_none_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "samples.txt").write_bytes(b"\xff no heading at all" * 1000)
    assert last_sample(tmp_path) is None
