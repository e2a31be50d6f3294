"""The samples pane: walking back through all that a run wrote, comparing, copying."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Static

from lstm_model.tasks.text.task import TextTask
from lstm_model.tasks.text.writing.sample import Sample
from lstm_model.tasks.text.writing.sample_book import SampleBook, append_sample
from lstm_tui.app import LstmApp
from lstm_tui.faces.text.requests import SetPrompt
from lstm_tui.faces.text.samples.drawn import sample_heading
from lstm_tui.faces.text.samples.pane import SamplesPane
from lstm_tui.opening.launch import Launch
from lstm_tui.session.commands import Ask, Load, Look, Pause
from support.snapshots import text_seen
from support.stage import toasts
from support.stepped import Hand, tiny_launch

HOSTILE = "\x1b[2J\x1b]0;t\x07\x00\u202e[red]漢字[/] \\[x"


def many(folder: Path, count: int, text: Callable[[int], str] = "text {}".format) -> Path:
    """A run's samples.txt with samples of steps 1, 2, ..."""
    folder.mkdir(exist_ok=True)
    for step in range(1, count + 1):
        append_sample(folder / "samples.txt", Sample(step, 0.8, "\n\n\n", text(step), 1.25))
    return folder / "samples.txt"


def without_marks(shown: str) -> str:
    """A sample as it is shown, without the marks of its line ends."""
    return shown.replace("⏎\n", "\n")


class Stage:
    """A paused app over a stepped session, with words for what tests do to its samples pane."""

    pilot: Pilot[int]

    def __init__(self, launch: Launch) -> None:
        self.hand = Hand()
        self.app = LstmApp(launch, self.hand.begin)

    async def opened(self, pilot: Pilot[int], focus: bool = False) -> None:
        self.pilot = pilot
        session = self.app.sessions.current
        session.request(Pause())
        await self.until(lambda: session.latest.about.memory is not None and self.pane.snapshot is session.latest)
        await self.read()
        if focus:
            self.pane.focus()
            await pilot.pause()

    async def until(self, true: Callable[[], bool]) -> None:
        for _ in range(500):
            self.hand.turn()
            await self.pilot.pause(0.01)
            if true():
                return
        raise AssertionError(f"it did not come true: {self.position!r}, {self.text('#samples-text')!r}")

    async def write(self, count: int = 1) -> None:
        """Let the model write samples, and the screen take them in."""
        session = self.app.sessions.current
        there = len(text_seen(session.latest).samples)
        for _ in range(count):
            session.request(Look())
        await self.until(lambda: len(text_seen(session.latest).samples) == there + count and session.latest.job is None)
        await self.until(lambda: self.pane.snapshot is session.latest)
        await self.read()

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each once the sample that the one before asked for is there."""
        for key in keys:
            await self.pilot.press(key)
            await self.read()

    async def read(self) -> None:
        """Wait until what was asked for is read."""
        await self.until(lambda: not self.pane.is_reading)

    @property
    def pane(self) -> SamplesPane:
        return self.app.main_screen.query_one(SamplesPane)

    def text(self, selector: str = "#samples-text") -> str:
        return str(self.pane.query_one(selector, Static).render())

    @property
    def position(self) -> str:
        return str(self.pane.border_subtitle).partition("  ")[0]

    @property
    def toasts(self) -> list[str]:
        return toasts(self.app)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tiny_launch(tmp_path))


@pytest.fixture
def old(tmp_path: Path) -> Stage:
    """A run that has written 20 samples before."""
    many(tmp_path / "run", 20)
    return Stage(tiny_launch(tmp_path))


async def test_before_the_first_sample_keys_say_that_there_is_none(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await stage.opened(pilot, focus=True)
        assert "will appear here" in stage.text()
        await stage.press("comma", "full_stop", "d", "left", "home", "end", "down", "c")
        assert "will appear here" in stage.text()
        assert set(stage.toasts) == {"there is no sample yet", "there is no sample to copy yet"}
        await stage.write()
        assert stage.position == "newest of 1"


async def test_the_newest_is_shown_with_its_own_loss_and_followed(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await stage.opened(pilot)
        await stage.write(3)
        newest = text_seen(stage.app.sessions.current.latest).samples[-1]
        heading, *lines = stage.text().split("\n")
        said = f"step 0, temperature 0.8, prompt '⏎⏎SYNOPSIS⏎', own surprise {newest.loss:.2f} nats "
        assert heading.rstrip("─") == said
        assert len(heading) == stage.pane.content_size.width - 1
        assert lines == ("SYNOPSIS\n" + newest.text.rstrip("\n")).replace("\n", "⏎\n").split("\n")
        assert stage.position == "newest of 3"
        assert "next: temperature 0.8, prompt '⏎⏎SYNOPSIS⏎'" in str(stage.pane.border_subtitle)


async def test_walked_back_the_view_stays_while_new_samples_come_and_ends_at_the_newest(old: Stage) -> None:
    async with old.app.run_test(size=(120, 40)) as pilot:
        await old.opened(pilot)
        await old.press("comma", "comma")
        assert old.position == "18 of 20"
        shown = old.text()
        assert shown.endswith("text 18")
        await old.write(2)
        assert old.text() == shown
        assert old.position == "18 of 22"
        await old.press("full_stop", "full_stop", "full_stop", "full_stop", "full_stop")
        assert old.position == "newest of 22"
        await old.write()
        assert old.position == "newest of 23"
        assert text_seen(old.app.sessions.current.latest).samples[-1].text.strip("\n") in without_marks(old.text())


async def test_home_and_end_go_to_the_oldest_and_the_newest_and_arrows_walk(old: Stage) -> None:
    async with old.app.run_test(size=(120, 40)) as pilot:
        await old.opened(pilot, focus=True)
        for key, position, text in (
            ("home", "1 of 20", "text 1"),
            ("left", "1 of 20", "text 1"),
            ("right", "2 of 20", "text 2"),
            ("end", "newest of 20", "text 20"),
            ("right", "newest of 20", "text 20"),
            ("left", "19 of 20", "text 19"),
        ):
            await old.press(key)
            assert (old.position, old.text().splitlines()[-1]) == (position, text)


async def test_room_below_a_short_sample_is_filled_with_those_before_it(old: Stage) -> None:
    async with old.app.run_test(size=(120, 40)) as pilot:
        await old.opened(pilot)
        await old.press("comma")
        below = old.text("#samples-older").splitlines()
        assert [line for line in below if line.startswith("text")][:3] == ["text 18", "text 17", "text 16"]
        older = old.pane.query_one("#samples-older")
        assert older.region.bottom == old.pane.content_region.bottom


async def test_a_long_sample_has_the_pane_to_itself_and_scrolls(tmp_path: Path) -> None:
    many(tmp_path / "run", 2, lambda step: "\n".join(f"{step} line {k}" for k in range(200)))
    stage = Stage(tiny_launch(tmp_path))
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await stage.opened(pilot, focus=True)
        shown = stage.pane.query_one("#samples-shown")
        assert shown.region == stage.pane.content_region
        await stage.press("down", "pagedown")
        assert shown.scroll_offset.y > shown.size.height
        await stage.press("pageup", "up")
        assert shown.scroll_offset.y == 0
        await stage.press("down", "left")
        assert shown.scroll_offset.y == 0  # another sample begins at its beginning


async def test_after_loading_a_run_its_older_samples_are_still_there(tmp_path: Path) -> None:
    first = Stage(tiny_launch(tmp_path))
    async with first.app.run_test(size=(120, 40)) as pilot:
        await first.opened(pilot)
        await first.write(3)
        await first.press("s")
        await first.until(lambda: bool(list((tmp_path / "run").glob("step-*"))))
    texts = [sample.text for sample in text_seen(first.app.sessions.current.latest).samples]

    (tmp_path / "other").mkdir()
    second = Stage(tiny_launch(tmp_path / "other"))
    async with second.app.run_test(size=(120, 40)) as pilot:
        await second.opened(pilot)
        await second.write()
        second.app.sessions.current.request(Load(tmp_path / "run"))
        await second.until(lambda: second.position == "newest of 3")
        assert texts[-1].strip("\n") in without_marks(second.text())
        await second.press("comma", "comma")
        assert second.position == "1 of 3"
        assert texts[0].strip("\n") in without_marks(second.text())


async def test_evaluation_only_shows_the_samples_of_the_training_and_writes_none(tmp_path: Path) -> None:
    file = many(tmp_path / "run", 5)
    before = file.read_bytes()
    launch = tiny_launch(tmp_path, eval_only=True, file=tmp_path / "run" / "last.safetensors")
    stage = Stage(launch)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await stage.opened(pilot)
        assert stage.position == "newest of 5"
        await stage.write(2)
        assert stage.position == "newest of 7"
        await stage.press("comma", "comma")
        assert stage.text().endswith("text 5")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "spoil", [lambda run: (run / "samples.txt").mkdir(), shutil.rmtree], ids=["unwritable", "gone"]
)
async def test_without_a_file_the_samples_of_the_session_are_walked(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    stage = Stage(tiny_launch(tmp_path))
    (tmp_path / "run").mkdir()
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await stage.opened(pilot)
        if spoil is shutil.rmtree:
            await stage.write(3)
            spoil(tmp_path / "run")
            await stage.press("comma")
        else:
            spoil(tmp_path / "run")
            await stage.write(3)
            await stage.press("comma")
        assert stage.position == "2 of 3"
        assert text_seen(stage.app.sessions.current.latest).samples[1].text.strip("\n") in without_marks(stage.text())


async def test_an_entry_that_a_kill_cut_short_is_no_sample_and_hides_none(tmp_path: Path) -> None:
    file = many(tmp_path / "run", 3)
    with file.open("r+b") as written:
        written.truncate(file.stat().st_size - 4)
    stage = Stage(tiny_launch(tmp_path))
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await stage.opened(pilot)
        assert stage.position == "newest of 2"
        await stage.write()
        assert stage.position == "newest of 3"
        await stage.press("comma")
        assert stage.text().endswith("text 2")


async def test_d_pins_a_sample_and_walking_goes_on_beside_it_or_below_where_it_is_narrow(old: Stage) -> None:
    async with old.app.run_test(size=(90, 40)) as pilot:
        await old.opened(pilot)
        await old.press("d", "comma", "comma")
        assert old.text("#samples-pinned-text").startswith("pinned: step 20, ")
        assert old.text().endswith("text 18")
        pinned, shown = (old.pane.query_one(name) for name in ("#samples-pinned", "#samples-shown"))
        assert pinned.region.right <= shown.region.x
        assert pinned.region.y == shown.region.y
        await pilot.resize_terminal(89, 40)
        await old.until(lambda: pinned.region.bottom <= shown.region.y)
        assert pinned.region.x == shown.region.x
        await old.write()
        assert old.text("#samples-pinned-text").endswith("text 20")
        await old.press("d")
        await pilot.pause()
        assert not pinned.display
        assert old.position == "18 of 21"


async def test_c_copies_the_whole_shown_sample_and_says_so(old: Stage) -> None:
    async with old.app.run_test(size=(120, 40)) as pilot:
        await old.opened(pilot)
        await old.press("comma", "c")
        assert old.app.clipboard == "\n\n\ntext 19"
        assert old.toasts == ["copied 10 characters"]


async def test_c_copies_what_the_mouse_selected_and_the_view_waits_for_it(old: Stage) -> None:
    async with old.app.run_test(size=(120, 40)) as pilot:
        await old.opened(pilot)
        await pilot.mouse_down("#samples-text", offset=(0, 1))
        await pilot.hover("#samples-text", offset=(3, 1))
        await pilot.mouse_up("#samples-text", offset=(3, 1))
        assert old.pane.selected_text() == "text"
        await old.write()
        assert old.position == "20 of 21"
        await old.press("c")
        assert old.app.clipboard == "text"
        await old.press("end", "full_stop")
        assert old.position == "newest of 21"
        assert old.pane.selected_text() == ""


async def test_what_a_model_wrote_or_starts_from_cannot_steer_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run").mkdir()
    append_sample(tmp_path / "run" / "samples.txt", Sample(1, 0.8, HOSTILE, HOSTILE, 1.0))
    launch = tiny_launch(tmp_path)
    assert isinstance(launch.trainer.task, TextTask)
    vocabulary = launch.trainer.task.corpus.vocabulary
    encode = vocabulary.encode
    monkeypatch.setattr(vocabulary, "encode", lambda _: encode("NAME"))  # it knows every prompt
    stage = Stage(launch)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await stage.opened(pilot)
        await stage.press("d", "c")
        shown = [stage.text(), stage.text("#samples-pinned-text"), stage.app.clipboard]
        stage.app.sessions.current.request(Ask(SetPrompt(HOSTILE)))  # it writes a sample at once
        await stage.until(lambda: stage.position == "newest of 2")
        await stage.press("comma")
        shown += [
            Content.from_markup(stage.pane.border_subtitle or "").plain,
            stage.text(),
            stage.app.export_screenshot(),
        ]
        for text in shown:
            assert not set(text) & set("\x1b\x07\x00\u202e")
        assert "[red]漢字[/] \\[x" in shown[0]  # and nothing of it is markup
        assert "[red]漢字[/]" in shown[3]


async def test_prices_have_no_keys_for_samples(tmp_path: Path) -> None:
    stage = Stage(tiny_launch(tmp_path, "stock"))
    async with stage.app.run_test() as pilot:
        stage.pilot = pilot
        for action in ("walk", "pin", "copy"):
            assert not stage.app.main_screen.check_action("of_task", (action,))


def test_a_sample_without_a_loss_has_a_heading_without_one() -> None:
    assert sample_heading(Sample(1234, 0.5, "a", "b")) == "step 1,234, temperature 0.5, prompt 'a'"


async def test_the_screen_goes_on_while_a_disk_keeps_samples_waiting(
    old: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = threading.Event()
    read = SampleBook.__getitem__

    def slow(book: SampleBook, k: int) -> Sample:
        assert disk.wait(30)
        return read(book, k)

    async with old.app.run_test(size=(120, 40)) as pilot:
        await old.opened(pilot)
        monkeypatch.setattr(SampleBook, "__getitem__", slow)
        await pilot.press("comma", "comma", "comma", "right_square_bracket")
        await old.until(lambda: "next: temperature 0.9" in str(old.pane.border_subtitle))
        assert old.pane.is_reading
        assert (old.position, old.text().splitlines()[-1]) == ("newest of 20", "text 20")
        disk.set()
        await old.read()
        assert (old.position, old.text().splitlines()[-1]) == ("17 of 20", "text 17")
