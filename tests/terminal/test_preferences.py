"""What was chosen once holds in the next run, and a broken or missing home does no harm."""

from pathlib import Path

import pytest

from lstm_tui.app import LstmApp
from lstm_tui.terminal.preferences import DAMAGED, chosen_keys, prefer, preference, preferences_file
from lstm_tui.terminal.themes import THEMES
from support.stepped import Hand, tiny_launch


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


async def test_a_theme_chosen_in_one_run_is_that_of_the_next(tmp_path: Path) -> None:
    first = LstmApp(tiny_launch(tmp_path), Hand().begin)
    async with first.run_test() as pilot:
        assert first.theme == "lstm-dark"
        first.theme = "gruvbox"
        await pilot.pause()
    second = LstmApp(tiny_launch(tmp_path), Hand().begin)
    async with second.run_test():
        assert second.theme == "gruvbox"


async def test_every_theme_shows_every_role_of_the_chart(tmp_path: Path) -> None:
    app = LstmApp(tiny_launch(tmp_path), Hand().begin)
    async with app.run_test() as pilot:
        for name in (*(theme.name for theme in THEMES), "textual-light", "textual-dark", "nord"):
            app.theme = name
            await pilot.pause()
            plot = app.main_screen.query("Plot").first()
            assert all(plot.get_component_rich_style(role).color for role in plot.COMPONENT_CLASSES)


async def test_a_theme_that_is_gone_is_the_usual_one(tmp_path: Path) -> None:
    prefer("theme", "no such theme")
    assert LstmApp(tiny_launch(tmp_path), Hand().begin).theme == "lstm-dark"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"theme": 3}', "\x00"])
def test_a_broken_file_is_as_good_as_none_and_is_mended_by_the_next_choice(content: str) -> None:
    preferences_file().parent.mkdir(parents=True)
    preferences_file().write_text(content)
    assert preference("theme") is None
    prefer("theme", "nord")
    assert preference("theme") == "nord"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "FILE cannot be used (it is no JSON): the usual theme and keys hold"),
        ("[]", "FILE cannot be used (it holds no object): the usual theme and keys hold"),
        (
            '{"theme": 3, "keymap": []}',
            "theme is no text, keymap is no object of keys in FILE: what is usual holds there",
        ),
        ('{"keys": 5}', "keys is no text in FILE: what is usual holds there"),
        (None, "FILE cannot be used (preferences.json is no plain file): the usual theme and keys hold"),
    ],
)
def test_what_is_left_out_is_said_in_one_line_and_the_usual_keys_hold(content: str | None, said: str) -> None:
    file = preferences_file()
    file.parent.mkdir(parents=True)
    if content is None:
        file.mkdir()
    else:
        file.write_text(content)
    keymap, lines = chosen_keys()
    assert lines == [said.replace("FILE", str(file))]
    assert keymap.bound == {}


def test_what_cannot_be_read_is_kept_when_something_new_is_chosen() -> None:
    preferences_file().parent.mkdir(parents=True)
    preferences_file().write_text('{"keymap": {"quit": "f10"},}')
    prefer("theme", "nord")
    assert preferences_file().with_name(DAMAGED).read_text() == '{"keymap": {"quit": "f10"},}'


def test_a_home_that_cannot_be_written_loses_the_choice_and_nothing_else(home: Path) -> None:
    home.write_text("a file where a folder should be")
    prefer("theme", "nord")
    assert preference("theme") is None
