"""Keys of one's own do what they are given to, are shown as they are bound, and a mistake is named in a line."""

import json
from pathlib import Path

import pytest
from textual.widgets import Input

from lstm_model.errors import InputError
from lstm_tui.cli import main
from lstm_tui.keys.own import ALSO, SETS, keymap_of
from lstm_tui.keys.table import KEYS, PANE_KEYS
from lstm_tui.opening.launch import Launch
from lstm_tui.options.table import KEY_SETS
from lstm_tui.screens.help import HelpScreen
from lstm_tui.screens.palette import Palette
from lstm_tui.screens.saved.load import LoadScreen
from lstm_tui.terminal.preferences import preferences_file
from support.stage import Stage, opened, rows

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def saves_in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"laod": "o"}, "unknown id 'laod' (in FILE): did you mean load?"),
        ({"load": "q"}, "q is both quit and load (in FILE)"),
        ({"chart.up": "+ down"}, "down is both chart.up and chart.down (in FILE)"),
        ({"down": "s"}, "s is both save and down (in FILE)"),
        ({"load": "ctl+x"}, "load: 'ctl+x' is no key (in FILE)"),
        ({"load": ""}, "load needs a key (in FILE)"),
        ({"load": 3}, "load needs a key (in FILE)"),
        ({"load": "tab"}, "tab keeps its meaning (in FILE)"),
    ],
)
def test_a_clash_an_unknown_id_and_what_is_no_key_are_named(own: dict[str, object], said: str) -> None:
    with pytest.raises(InputError) as error:
        keymap_of("default", own, "FILE")
    assert said in str(error.value)


def test_two_keys_may_change_places_and_panes_have_their_own() -> None:
    swapped = keymap_of("default", {"load": "s", "save": "l", "chart.up": "s"})
    assert swapped.bound == {"load": "s", "save": "l", "chart.up": "s"}
    assert keymap_of("default", {"load": "F5, ?", "help": "f9"}).bound["load"] == "f5,question_mark"


def test_every_set_is_offered_and_clashes_nowhere() -> None:
    assert tuple(SETS) == KEY_SETS
    for name in SETS:
        keymap_of(name, {})


def test_a_mistake_in_the_preferences_is_told_in_a_line_and_the_program_starts_with_the_keys_of_the_set(
    data: dict[str, Path], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched: list[Launch] = []

    def run_app(launch: Launch) -> int:
        launched.append(launch)
        return 0

    monkeypatch.setattr("lstm_tui.app.run_app", run_app)
    monkeypatch.setattr("lstm_tui.cli.on_terminal", lambda: True)
    preferences_file().parent.mkdir(parents=True)
    mistake = f"keymap: unknown id 'sav' (in {preferences_file()}): did you mean save?; your own keys are left out"
    broken = f"{preferences_file()} cannot be used (it is no JSON): the usual theme and keys hold"
    for text, keys, line in (
        (json.dumps({"keys": "vim", "keymap": {"sav": "f2"}}), "vim", mistake),
        ('{"keys": "vim",}', "default", broken),
    ):
        preferences_file().write_text(text)
        assert main(["--data", str(data["text"]), "--save", str(here / keys)]) == 0
        assert launched[-1].keymap == keymap_of(keys, {})
        assert launched[-1].notes[-1] == line


async def test_vim_keys_move_in_panes_and_lists_and_are_shown_as_they_are_bound(tmp_path: Path) -> None:
    stage = Stage(tmp_path, keymap=keymap_of("vim", {"quit": "f10"}))
    async with stage.app.run_test(size=(120, 60)) as pilot:
        await opened(stage, pilot)
        assert {"f10 Quit", "w Sample", "o Load"} <= set(stage.text("#keys").split("  "))
        chart = stage.app.main_screen.panes.loss
        await stage.until(lambda: chart.last > 0)
        for key in "hhk":
            await stage.press(key)
        assert chart.look.cursor is not None
        await pilot.press("colon")
        await stage.until(lambda: isinstance(stage.app.screen, Palette))
        await pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.app.main_screen)
        await pilot.press("l")
        assert stage.app.screen is stage.app.main_screen
        await pilot.press("o")
        await stage.until(lambda: isinstance(stage.app.screen, LoadScreen))
        await pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.app.main_screen)
        await pilot.press("question_mark")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))
        shown = "\n".join(rows(stage.app))
        assert "f10" in shown
        before = stage.app.screen.query_one("#help-body").scroll_y
        await pilot.press("G")
        await stage.until(lambda: stage.app.screen.query_one("#help-body").scroll_y > before)
        assert "The same as left" in "\n".join(rows(stage.app)) + shown


async def test_letters_of_the_set_are_typed_where_one_types(tmp_path: Path) -> None:
    stage = Stage(tmp_path, keymap=keymap_of("vim", {}))
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        await pilot.press("i")
        await stage.until(lambda: isinstance(stage.app.focused, Input))
        field = stage.app.focused
        assert isinstance(field, Input)
        field.value = ""
        await pilot.press("h", "j", "o", "w", "colon")
        assert field.value == "hjow:"


async def test_an_app_without_keys_of_ones_own_shows_and_knows_the_usual_ones_again(tmp_path: Path) -> None:
    Stage(tmp_path, keymap=keymap_of("vim", {}))
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        assert {"g Sample", "l Load"} <= set(stage.text("#keys").split("  "))


def test_the_documents_list_every_id() -> None:
    page = (ROOT / "docs/screen.md").read_text(encoding="utf-8")
    ids = {key.id for key in (*KEYS, *PANE_KEYS)}
    assert {name for name in (*ids, *ALSO) if f"`{name}`" not in page} == set()
