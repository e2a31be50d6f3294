"""A recorded run is played by the clock, with pause and seek, and shows at each moment what was known then."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lstm_model.errors import InputError
from lstm_model.runs.events import Figures
from lstm_model.runs.metrics import ROWS, as_csv
from lstm_model.tasks.text.writing.sample import Sample
from lstm_model.tasks.text.writing.sample_book import append_sample
from lstm_tui.app import SourceApp
from lstm_tui.cli import main
from lstm_tui.opening.launch import Surface
from lstm_tui.plain.watching import replay as plain
from lstm_tui.session import commands
from lstm_tui.session.snapshot import Status
from lstm_tui.telling.teller import Teller
from lstm_tui.terminal.pacing import Budget
from lstm_tui.watching.alone import Alone
from lstm_tui.watching.replaying import Replay
from lstm_tui.watching.tape import Tape
from support.runs import contents
from support.snapshots import text_seen
from support.stage import rows

Files = dict[str, Path]


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    monotonic = __call__


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def recorded(runs: Files) -> Iterator[Path]:
    """A run of 100 s and 1,000 steps, a row every 10 s, a sample at 250 and 750; nothing of it changes."""
    folder = runs["text"]
    lines = [Figures(k * 100, k / 10, 3 - k / 10, None, 0.01, 1.0, 1e3, k * 10.0).row() for k in range(1, 11)]
    (folder / ROWS).write_text(as_csv(lines, head=True), newline="")
    for step in (250, 750):
        append_sample(folder / "samples.txt", Sample(step, 0.5, "N", f"AME {step}", 1.0))
    before = contents(folder)
    yield folder
    assert contents(folder) == before


def test_it_goes_at_its_speed_stands_in_a_pause_and_seeks(recorded: Path, clock: Clock) -> None:
    replay = Replay(Tape(recorded), 10, clock)
    clock.sleep(500)  # nobody looks yet
    assert replay.look().figure.step == 0
    clock.sleep(2.5)
    now = replay.look()
    assert (now.figure.step, now.figure.elapsed, now.figure.loss) == (250, 25.0, 2.8)
    assert replay.look() is now
    assert [sample.step for sample in text_seen(now).samples] == [250]
    replay.request(commands.Pause())
    clock.sleep(50)
    assert (replay.look().status, replay.look().figure.step) == (Status.PAUSED, 250)
    replay.change_speed(2)
    replay.request(commands.Resume())
    clock.sleep(2.5)
    assert replay.look().figure.step == 750
    assert [sample.step for sample in text_seen(replay.look()).samples] == [250, 750]
    replay.seek(-4)
    assert replay.look().figure.step == 550
    assert max(replay.look().curves.train.step) <= 550
    assert [sample.step for sample in text_seen(replay.look()).samples] == [250]
    replay.seek_to(1.0)
    assert (replay.look().status, replay.look().figure.step) == (Status.FINISHED, 1000)
    clock.sleep(50)
    replay.request(commands.Resume())
    assert replay.look().figure.step == 0  # at its end it begins anew
    replay.seek(-1)
    assert replay.look().figure.step == 0


def test_a_run_that_went_back_goes_back_in_its_replay(recorded: Path, clock: Clock, tmp_path: Path) -> None:
    steps = [(100, 10.0), (200, 20.0), (150, 30.0), (250, 40.0)]
    lines = [Figures(step, 1.0, 2.0, None, 0.01, 1.0, 1e3, elapsed).row() for step, elapsed in steps]
    (tmp_path / ROWS).write_text(as_csv(lines, head=True), newline="")
    (tmp_path / "config.json").write_bytes((recorded / "config.json").read_bytes())
    replay = Replay(Tape(tmp_path), 1, clock)
    seen = []
    for _ in range(5):
        seen.append((replay.look().figure.step, tuple(replay.look().curves.train.step)))
        clock.sleep(10)
    assert seen == [(0, ()), (100, (100,)), (200, (100, 200)), (150, (100, 150)), (250, (100, 150, 250))]


def test_where_the_rows_are_lost_the_curve_of_the_checkpoint_is_played(runs: Files) -> None:
    (runs["text"] / ROWS).unlink()
    tape = Tape.of(str(runs["text"] / "last.safetensors"))
    assert [row.step for row in tape.rows] == [1, 2, 3, 4, 5, 6]
    assert tape.step(tape.length) == 6
    (runs["stock"] / ROWS).unlink()
    for file in runs["stock"].glob("*.safetensors"):
        file.unlink()
    with pytest.raises(InputError, match="holds no curve to play"):
        Tape.of(str(runs["stock"]))


def test_lines_come_at_the_pace_of_the_training(
    recorded: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plain, "time", clock)
    told: list[tuple[float, str]] = []
    monkeypatch.setattr(plain, "result", lambda line: told.append((clock.time - 1000, line)))
    assert main(["replay", str(recorded), "--plain", "--speed", "20"]) == 0
    assert [at for at, _ in told] == pytest.approx([k / 2 for k in range(1, 11)])
    assert told[0][1].startswith("step    100")
    assert main(["replay", str(recorded), "--speed", "0"]) == 2
    assert "--speed" in capsys.readouterr().err


async def test_keys_go_through_its_time(recorded: Path, clock: Clock) -> None:
    replay = Replay(Tape(recorded), 1, clock)
    sources = Alone(replay, recorded, "lstm-tui replay it plays it again", Teller(), plays=True)
    app = SourceApp(Surface(), sources)
    app.budget = Budget(share=1e9, bytes_per_second=1e9, least=0.1)

    def screen() -> str:
        return "\n".join(rows(app))

    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        for keys, wanted in (
            (["end"], "FINISHED   replay x1  text  step 1,000"),
            (["p"], "TRAINING   replay x1  text  step 0"),
            (["right", "right"], "TRAINING   replay x1  text  step 100"),
            (["plus", "plus", "minus"], "TRAINING   replay x2  text  step 100"),
            (["space", "right"], "PAUSED   replay x2  text  step 150"),
            (["left", "home"], "PAUSED   replay x2  text  step 0"),
            (["x", "3"], "There is no frame yet."),
            (["4"], "There is no model here to look into."),
        ):
            await pilot.press(*keys)
            await pilot.pause()
            assert wanted in screen()
        await pilot.press("q")
    assert sources.ended
