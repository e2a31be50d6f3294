"""The settings form: it says what the command line says, starts what it shows, and loses nothing of the run at hand."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, Static

from lstm_model.costs.memory import parameter_count
from lstm_model.costs.speed import items_per_second
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.presets import preset_config
from lstm_model.storage.checkpoint import read_record
from lstm_tui.opening.form import NOWHERE, Problem
from lstm_tui.options.table import FORM
from lstm_tui.screens.more import MoreLine
from lstm_tui.screens.settings import SettingsScreen
from lstm_tui.session import commands
from lstm_tui.session.session import Session
from lstm_tui.session.snapshot import Paused, Status
from lstm_tui.widgets.field import ChoiceField, Field
from lstm_tui.wording import short
from support.forms import first_entries_of, parsed
from support.snapshots import changed
from support.stage import Stage, opened, toasts
from support.stepped import PAGE, write_prices


@pytest.fixture(autouse=True)
def saves_in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", str(tmp_path / "saves"))


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


class Form:
    """The form on a stage, with words for what tests do to it."""

    def __init__(self, stage: Stage, pilot: Pilot[int]) -> None:
        self.stage, self.pilot = stage, pilot

    @classmethod
    async def open(cls, stage: Stage, pilot: Pilot[int]) -> "Form":
        await opened(stage, pilot)
        await pilot.press("n")
        form = cls(stage, pilot)
        assert form.is_open
        return form

    @property
    def is_open(self) -> bool:
        return isinstance(self.stage.app.screen, SettingsScreen)

    def field(self, option: str) -> Field:
        return self.stage.app.screen.query_one(f"#field-{option}", Field)

    @property
    def values(self) -> dict[str, str]:
        return {option.name: self.field(option.name).value for option in FORM}

    @property
    def here(self) -> str | None:
        """The option that has the focus."""
        focused = self.stage.app.screen.focused
        field = next((node for node in focused.ancestors if isinstance(node, Field)), None) if focused else None
        return field.option if field else None

    def text(self, selector: str) -> str:
        return str(self.stage.app.screen.query_one(selector, Static).render())

    @property
    def estimates(self) -> str:
        """All that is on the screen, with plain spaces."""
        return self.stage.app.export_screenshot().replace("&#160;", " ")

    async def go_to(self, option: str) -> None:
        self.field(option).entry.focus()
        await self.pilot.pause()

    async def enter(self, option: str, text: str) -> None:
        """Go to a field and write over what stands there."""
        await self.go_to(option)
        entry = self.field(option).entry
        assert isinstance(entry, Input)
        entry.value = text
        await self.pilot.pause()

    async def choose(self, option: str, word: str) -> None:
        """Go to a field and move on to a word of it."""
        await self.go_to(option)
        for _ in range(5):
            if self.field(option).value == word:
                break
            await self.pilot.press("right")
        assert self.field(option).value == word


async def test_n_opens_the_form_with_the_settings_of_the_run_on_the_screen(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        form = await Form.open(stage, pilot)
        config = stage.latest.about.config
        assert config is not None
        assert form.values == first_entries_of(config)
        assert form.values["hidden"] == "8"
        assert form.values["data"] == config.data
        await pilot.press("escape")
        assert not form.is_open
        assert len(stage.hand.sessions) == 1


async def test_another_preset_fills_the_fields_and_leaves_data_and_seed(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        form = await Form.open(stage, pilot)
        data = form.values["data"]
        await form.enter("seed", "5")
        await form.choose("preset", "quick")
        assert form.values == first_entries_of(preset_config("text", "quick", data=data, seed=5))


async def test_the_other_task_fills_the_fields_and_offers_its_presets(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        form = await Form.open(stage, pilot)
        await form.choose("preset", "long")
        await form.choose("task", "stock")
        assert form.values == first_entries_of(preset_config("stock"))
        assert form.text("#command").endswith("lstm-tui --task stock --autosave 1000000000")
        preset = form.field("preset").entry
        assert isinstance(preset, ChoiceField)
        assert str(preset.render()) == "[default] quick  classic "


async def test_a_bad_value_is_explained_at_its_field_while_typing_and_nothing_starts(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        form = await Form.open(stage, pilot)
        await form.go_to("layers")
        await pilot.press("0")
        field = form.field("layers")
        assert field.problem == "layers must be 1 or more, not 0"
        assert field.query_one(".problem").region.height >= 1
        await form.go_to("seed")
        await pilot.press("ctrl+enter")
        assert form.here == "layers"
        assert form.is_open
        assert len(stage.hand.sessions) == 1
        await pilot.press("backspace", "2")
        assert field.problem == ""


async def test_enter_takes_what_stands_there_though_word_of_the_change_is_still_to_come(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        form = await Form.open(stage, pilot)
        screen, entry = stage.app.screen, form.field("layers").entry
        assert isinstance(screen, SettingsScreen)
        with screen.prevent(Input.Changed):
            entry.value = "0"
        await screen.action_start()
        assert form.field("layers").problem == "layers must be 1 or more, not 0"
        assert form.is_open
        assert len(stage.hand.sessions) == 1


async def test_a_missing_file_is_explained_and_the_run_at_hand_goes_on(stage: Stage, tmp_path: Path) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        form = await Form.open(stage, pilot)
        await form.enter("data", "missing.txt")
        await pilot.press("ctrl+enter")
        await stage.until(lambda: bool(form.field("data").problem))
        assert form.field("data").problem.startswith(f"there is no file {Path.cwd() / 'missing.txt'}: name a text file")
        assert form.is_open
        assert form.here == "data"
        step = stage.latest.figure.step
        await stage.until(lambda: stage.latest.figure.step > step + 3)
        assert len(stage.hand.sessions) == 1
        await pilot.press("end", "x")  # whatever is changed, what was said of the old entries goes
        await pilot.pause()
        assert form.field("data").problem == ""


async def test_a_file_that_is_named_is_looked_at_while_its_form_is_filled(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "mixed.txt").write_bytes(b"to be\r\nor not to be\n" * 500)
    (tmp_path / "book.pdf").write_bytes(b"%PDF-1.4 and more\n" * 50)
    async with stage.app.run_test(size=(120, 50)) as pilot:
        form = await Form.open(stage, pilot)

        def told() -> list[str]:
            return list(form.field("data").told)

        assert told() == []
        await form.enter("data", str(tmp_path / "mixed.txt"))
        await stage.until(lambda: bool(told()))
        assert told()[0] == "9,500 characters, 8 different, utf-8"
        assert "CR LF" in told()[1]
        await form.enter("data", str(tmp_path / "book.pdf"))
        await stage.until(lambda: told()[:1] == ["it would be refused:"])
        assert "is a PDF, no plain text" in told()[1]
        await form.enter("data", str(tmp_path / "missing.txt"))
        await pilot.pause()
        assert told() == []


async def test_a_text_that_cannot_be_learnt_is_explained(stage: Stage, tmp_path: Path) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        form = await Form.open(stage, pilot)
        for name, content, says in (("one.txt", "aaaa" * 50, "one distinct character"), ("few.txt", "ab", "too few")):
            (tmp_path / name).write_text(content, encoding="utf-8")
            await form.enter("data", str(tmp_path / name))
            await pilot.press("ctrl+enter")
            await stage.until(lambda says=says: says in form.field("data").problem)  # type: ignore[misc]
            assert form.is_open, name


async def test_start_makes_a_run_with_these_settings_in_a_new_folder_and_saves_the_old_one(
    stage: Stage, tmp_path: Path
) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        form = await Form.open(stage, pilot)
        old = stage.app.sessions.current
        await form.enter("hidden", "12")
        await form.enter("lr", "0.004")
        await form.choose("optimizer", "adagrad")
        line = form.text("#command").removeprefix("the same command: ")
        await form.go_to("seed")
        await pilot.press("ctrl+enter")
        await stage.until(lambda: not form.is_open and stage.app.sessions.current is not old)
        await stage.until(lambda: stage.latest.figure.step > 3 and old.ended.is_set())
        config = stage.latest.about.config
        assert config is not None
        assert replace(config, threads=0) == parsed(line)
        assert (config.hidden_size, config.learning_rate, config.optimizer) == (12, 0.004, "adagrad")
        assert (config.batch_size, config.seq_length) == (2, 5)
        saved = tmp_path / "run" / "last.safetensors"
        assert read_record(saved).step == old.latest.figure.step
        assert stage.latest.files.folder != old.latest.files.folder
        assert str(tmp_path / "saves") in (stage.latest.files.folder or "")
        assert "1x12" in stage.text("#title")
        await pilot.press("q")
        await stage.until(lambda: not stage.app.is_running)
    ways_on = [line for line in stage.app.sessions.farewell() if "lstm-tui --load" in line]
    assert [str(old.latest.files.folder) in ways_on[0], str(stage.latest.files.folder) in ways_on[1]] == [True, True]
    assert (Path(stage.latest.files.folder or "") / "last.safetensors").exists()


async def test_the_new_run_has_the_launchs_plan_without_its_limits(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    launch = stage.app.launch
    stage.app.sessions.launch = replace(launch, plan=replace(launch.plan, steps=9_999, look_every=0.5), paused=True)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        form = await Form.open(stage, pilot)
        await pilot.press("ctrl+enter")
        await stage.until(lambda: not form.is_open and stage.latest.figure.step > 0)
        run = stage.app.sessions.current.run
        assert run is not None
        assert run.plan == replace(launch.plan, steps=None, minutes=None, look_every=0.5)
        assert stage.latest.status is Status.TRAINING


async def test_a_run_of_the_other_task_starts_beside_the_one_at_hand_which_waits(stage: Stage, tmp_path: Path) -> None:
    prices = write_prices(tmp_path)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        form = await Form.open(stage, pilot)
        text = stage.app.sessions.current
        await form.choose("task", "stock")
        await form.enter("data", str(prices))
        await form.enter("hidden", "6")
        await form.enter("seq", "5")
        await pilot.press("ctrl+enter")
        await stage.until(lambda: "stock" in stage.status and stage.latest.figure.step > 0)
        assert text.latest.paused is Paused.WHILE_AWAY
        assert not text.ended.is_set()
        for _ in list(KINDS)[1:]:
            await stage.press("t")
        assert stage.app.sessions.current is text
        await stage.until(lambda: "TRAINING" in stage.status)
        assert len(stage.hand.sessions) == len(KINDS)


async def test_notices_of_the_new_run_are_shown_although_it_counts_them_anew(stage: Stage, tmp_path: Path) -> None:
    short_text = tmp_path / "short.txt"
    short_text.write_text(PAGE, encoding="utf-8")
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        await stage.press("s")
        await stage.press("s")
        form = Form(stage, pilot)
        await pilot.press("n")
        await form.enter("data", str(short_text))
        await form.enter("batch", "64")
        await pilot.press("ctrl+enter")
        await stage.until(lambda: not form.is_open and stage.latest.figure.step > 0)
        await stage.until(lambda: any("instead of 64" in said for said in toasts(stage.app)))


async def test_a_run_that_cannot_be_saved_is_not_given_up_for_another(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        form = await Form.open(stage, pilot)
        old = stage.app.sessions.current
        with pytest.MonkeyPatch.context() as patch:
            break_saving(old, patch)
            old.request(commands.Save())
            await stage.until(lambda: old.latest.files.save_failed is not None)
            await pilot.press("ctrl+enter")
            await stage.until(lambda: not form.is_open)
            assert stage.app.sessions.current is old
            await stage.until(lambda: any("not started" in said for said in toasts(stage.app)))
        assert not old.ended.is_set()


async def test_a_replaced_run_that_could_not_be_saved_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        form = await Form.open(stage, pilot)
        old = stage.app.sessions.current
        break_saving(old, monkeypatch)
        await pilot.press("ctrl+enter")
        await stage.until(lambda: not form.is_open and old.ended.is_set())
        await stage.until(lambda: any("NOT saved" in said for said in toasts(stage.app)))


def break_saving(session: Session, patch: pytest.MonkeyPatch) -> None:
    """Let every save of the run at hand fail."""

    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    assert session.run is not None
    assert session.run.folder is not None
    patch.setattr(session.run.folder, "save", full)


async def test_it_works_by_keyboard_alone_with_the_start_button_too(stage: Stage) -> None:
    async with stage.app.run_test(size=(80, 24)) as pilot:
        form = await Form.open(stage, pilot)
        visited = [form.here]
        for _ in FORM[1:]:
            await pilot.press("down")
            visited.append(form.here)
        assert visited == [option.name for option in FORM]
        await pilot.press("down")
        assert isinstance(stage.app.screen.focused, MoreLine)
        await pilot.press("up")
        await pilot.press("shift+tab", "up", "up")
        assert form.here == "dropout"
        await pilot.press("down", "down", "down", "down", "tab")
        assert isinstance(stage.app.screen.focused, Button)
        await pilot.press(*["up"] * 11)
        assert form.here == "preset"
        await pilot.press("left")
        assert form.values["preset"] == "classic"
        await pilot.press("space")
        assert form.values["preset"] == "default"
        await pilot.press("tab", "tab", "9")  # coming there selects what stands there
        assert form.values["hidden"] == "9"
        await pilot.press(*["down"] * 9)
        assert isinstance(stage.app.screen.focused, Button)
        await pilot.press("ctrl+enter")
        await stage.until(lambda: not form.is_open and "1x9" in stage.text("#title"))


async def test_keys_of_the_main_screen_are_text_in_the_form(stage: Stage) -> None:
    async with stage.app.run_test(size=(80, 24)) as pilot:
        form = await Form.open(stage, pilot)
        await form.go_to("data")
        await pilot.press(*"qtns")
        assert form.values["data"] == "qtns"
        assert form.is_open


async def test_leaving_while_the_data_are_read_starts_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, over = threading.Event(), threading.Event()

    def slow(*_: object) -> Problem:
        go_on.wait(10)
        over.set()
        return Problem(NOWHERE, "too late")

    monkeypatch.setattr("lstm_tui.screens.settings.begin", slow)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        form = await Form.open(stage, pilot)
        await pilot.press("ctrl+enter")
        await stage.until(lambda: "reading the data" in form.text("#outcome"))
        await pilot.press("ctrl+enter")
        await pilot.press("escape")
        assert not form.is_open
        go_on.set()
        await stage.until(over.is_set)
        step = stage.latest.figure.step
        await stage.until(lambda: stage.latest.figure.step > step)
        assert len(stage.hand.sessions) == 1


async def test_estimates_follow_the_fields_and_the_speed_of_the_run_at_hand(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        await stage.press("space")
        session = stage.app.sessions.current
        latest = session.latest
        sizes = latest.about.sizes
        assert latest.about.config is not None
        assert sizes is not None
        likely = items_per_second(latest.about.config, sizes)
        session.mailbox.put(changed(latest, speed=likely / 3))
        await pilot.press("n")
        form = Form(stage, pilot)
        await form.enter("hidden", "300")
        config = replace(latest.about.config, hidden_size=300)
        shown = form.estimates
        assert f"{parameter_count(config, sizes):,}" in shown
        assert f"about {parameter_count(config, sizes):,}" not in shown
        assert f"about {short(items_per_second(config, sizes) / 3)} characters/s" in shown
        await form.enter("data", "other.txt")
        assert f"about {parameter_count(config, sizes):,}" in form.estimates
        await form.enter("hidden", "x")
        assert "characters/s" not in form.estimates


async def test_evaluation_only_offers_no_new_run(tmp_path: Path) -> None:
    stage = Stage(tmp_path, eval_only=True)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        stage.pilot = pilot
        await stage.until(lambda: "EVAL-ONLY" in stage.status)
        assert not stage.app.main_screen.check_action("new_run", ())
        await pilot.press("n")
        assert not isinstance(stage.app.screen, SettingsScreen)


async def test_every_field_can_be_seen_at_usual_sizes(stage: Stage) -> None:
    async with stage.app.run_test(size=(60, 20)) as pilot:
        for width, height in ((60, 20), (60, 40), (80, 24), (160, 45)):
            await pilot.resize_terminal(width, height)
            form = await Form.open(stage, pilot)
            await form.enter("layers", "x")
            await every_field_can_be_seen(form, width, height)
            await pilot.press("escape")
            assert not form.is_open


async def every_field_can_be_seen(form: Form, width: int, height: int) -> None:
    """Fail with the size if a part of the form cannot be seen on a screen of it."""
    screen, size = form.stage.app.screen, (width, height)
    assert screen.size == size
    for option in ("task", "layers", "seed"):
        await form.go_to(option)
        await form.pilot.pause()
        seen = form.field(option).entry.region.intersection(screen.query_one("#fields").region)
        assert seen.height == 1, (size, option)
        assert seen.bottom < height, (size, option)
    for option in [each.name for each in FORM]:
        assert form.field(option).entry.region.width >= 20, (size, option)
        assert form.field(option).region.right <= width, (size, option)
    screen.query_one("#start").focus()
    await form.pilot.pause()
    for selector in ("#start", "#outcome", "#command", "#estimates", "#meaning"):
        region = screen.query_one(selector).region
        assert region.height >= 1, (size, selector)
        assert region.bottom < height, (size, selector)
    columns = {form.field(option).region.x for option in ("hidden", "seed")}
    assert len(columns) == (1 if width < 76 else 2), size


async def test_a_files_name_cannot_steer_the_terminal(stage: Stage, tmp_path: Path) -> None:
    hostile = tmp_path / "a\x1b[31mb.txt"
    hostile.write_text(PAGE * 10, encoding="utf-8")
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        session = stage.app.sessions.current
        assert session.latest.about.config is not None
        await stage.press("space")
        config = replace(session.latest.about.config, data=str(hostile))
        session.mailbox.put(changed(session.latest, config=config))
        await pilot.press("n")
        form = Form(stage, pilot)
        assert "\x1b" not in form.values["data"]
        assert "\x1b" not in form.text("#command")
        field = form.field("data").query_one(Input)
        assert "␛[31mb.txt" in field.value
        await pilot.press("ctrl+enter")
        await stage.until(lambda: not form.is_open and stage.latest.figure.step > 0)
        assert stage.latest.about.config is not None
        assert stage.latest.about.config.data == str(hostile)
