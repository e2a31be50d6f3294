"""A run that another process trains, as a screen sees it: from its folder alone, of which nothing changes."""

from pathlib import Path

import pytest

from lstm_model.runs.metrics import ROWS
from lstm_model.runs.outside.settings import read_settings
from lstm_model.runs.remote.standing import Doing, Standing, Why, write_standing
from lstm_model.storage import holder
from lstm_model.storage.claim import Claim
from lstm_model.tasks.text.writing.sample import Sample
from lstm_model.tasks.text.writing.sample_book import append_sample
from lstm_tui.app import SourceApp
from lstm_tui.opening.launch import Surface
from lstm_tui.session.snapshot import Status
from lstm_tui.telling.teller import Teller
from lstm_tui.terminal.pacing import Budget
from lstm_tui.watching.alone import Alone
from lstm_tui.watching.following import Following
from support.runs import contents
from support.snapshots import stock_seen, text_seen
from support.stage import rows, toasts

Files = dict[str, Path]


def following(folder: Path) -> Following:
    config = read_settings(folder)
    assert config is not None
    return Following(folder, config)


def test_a_watcher_makes_its_own_looks_where_the_run_writes_none_and_changes_nothing(runs: Files) -> None:
    before = {task: contents(folder) for task, folder in runs.items()}
    for task, folder in runs.items():
        source = following(folder)
        source.looker.look()
        assert source.looker.why_not == ""
        source.turn()
        snapshot = source.latest
        assert (snapshot.figure.step, snapshot.status, snapshot.shown_as) == (6, Status.FINISHED, "watched")
        assert snapshot.about.parameters
        assert len(snapshot.curves.train.step) == 6
        if task == "text":
            assert text_seen(snapshot).samples[-1].step == 6
        else:
            assert stock_seen(snapshot).forecast is not None
    assert {task: contents(folder) for task, folder in runs.items()} == before


def test_samples_that_the_run_writes_are_shown_as_they_come(runs: Files) -> None:
    source = following(runs["text"])
    for step in (2, 5):
        append_sample(runs["text"] / "samples.txt", Sample(step, 0.5, "N", "AME", 1.0))
        source.looker.look()
        source.turn()
        seen = text_seen(source.latest)
        assert (seen.samples[-1].step, seen.samples_file, seen.unwritten) == (step, runs["text"] / "samples.txt", 0)
    source.looker.look()
    source.turn()
    assert source.latest.seen is seen  # nothing new is no new picture


def test_data_that_cannot_be_read_here_are_told_once_and_the_rest_is_shown(runs: Files, data: Files) -> None:
    source = following(runs["text"])
    hidden = data["text"].with_suffix(".away")
    data["text"].rename(hidden)
    try:
        for _ in range(2):
            source.looker.look()
            source.turn()
    finally:
        hidden.rename(data["text"])
    told = [notice.text for notice in source.latest.notices if "cannot be shown" in notice.text]
    assert len(told) == 1
    assert source.latest.figure.step == 6


@pytest.mark.skipif(not holder.LOCKS.exists(), reason="needs /proc/locks")
def test_a_pause_and_each_end_has_its_word(runs: Files) -> None:
    folder = runs["text"]
    claim, source = Claim(folder), following(folder)
    try:
        for standing, status in (
            (Standing(Doing.TRAINING), Status.TRAINING),
            (Standing(Doing.PAUSED), Status.PAUSED),
            (Standing(Doing.ENDED, Why.LIMIT, 6), Status.FINISHED),
            (Standing(Doing.ENDED, Why.STOPPED, 6), Status.ENDED),
            (Standing(Doing.ENDED, Why.EXPLODED, 6), Status.DIVERGED),
            (Standing(Doing.TRAINING), Status.TRAINING),
        ):
            write_standing(folder, standing)
            source.turn()
            assert source.latest.status is status
    finally:
        claim.release()
    with (folder / ROWS).open("a", newline="") as more:
        more.write("9,0.5,2.0,,0.01,1.0,1e4,1.0\n")
    source.turn()
    assert source.latest.status is Status.KILLED
    assert "it was killed at step 9" in source.latest.notices[-1].text


async def test_the_screen_shows_it_leaves_out_keys_that_train_and_says_why(runs: Files) -> None:
    before = contents(runs["text"])
    sources = Alone(following(runs["text"]), runs["text"], "lstm-tui watch it shows it again", Teller())
    app = SourceApp(Surface(), sources)
    app.budget = Budget(share=1e9, bytes_per_second=1e9, least=0.1)
    async with app.run_test(size=(100, 24)) as pilot:

        async def shows(wanted: str) -> None:
            for _ in range(500):
                await pilot.pause(0.01)
                if wanted in "\n".join(rows(app)):
                    return
            raise AssertionError(f"{wanted!r} did not show:\n" + "\n".join(rows(app)))

        await shows("step 6, temperature")
        screen = "\n".join(rows(app))
        assert "FINISHED   watched  text  step 6" in screen
        assert "step 6, temperature 0.8" in screen  # a sample of its own
        assert "Save" not in screen.splitlines()[-1]
        await pilot.press("s", "space", "n", "left_square_bracket", "r")
        await pilot.pause()
        why = "this run is trained elsewhere and only watched"
        assert set(toasts(app)) >= {f"{key}: {why}" for key in ("s", "space", "n", "[", "r")}
        await pilot.press("x", "3")
        await shows("There is no frame yet.")
        await pilot.press("q")
    assert sources.ended
    assert sources.farewell()[0].startswith("text: 6 steps")
    assert contents(runs["text"]) == before
