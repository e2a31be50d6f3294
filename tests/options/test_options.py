"""The one table of options, and the words it lends to the library's messages."""

import ast
import re
from pathlib import Path

import pytest

import lstm_model
from lstm_model.errors import InputError, about
from lstm_model.settings.config import Config, setting_types
from lstm_model.settings.known_tasks import KINDS
from lstm_tui.options.given import changes_of, for_all_tasks, refuse_in_evaluation, require_task_options, settings_of
from lstm_tui.options.option import Option
from lstm_tui.options.parser import COMMANDS, parser_for
from lstm_tui.options.table import FORM, IN_FORM, NOT_IN_FORM, OPTIONS, SETTINGS, of_command
from lstm_tui.options.wording import with_flags, with_names

LIBRARY = Path(lstm_model.__file__).parent


def test_every_option_belongs_to_commands_and_to_a_field_that_there_are() -> None:
    for option in OPTIONS:
        known = setting_types(option.task or next(iter(KINDS)))
        assert option.commands, option.name
        assert {*option.commands} <= {"", *COMMANDS}, option.name
        assert option.field is None or option.field in known
        assert option.help
    assert {option.task for option in OPTIONS} == {None, *KINDS}


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_a_command_knows_each_option_once_and_gives_it_by_its_name(command: str) -> None:
    names = [option.name for option in of_command(command)]
    assert len(set(names)) == len(names)
    switches = [option for option in of_command(command) if option.takes == "nothing"]
    one_of_each = {option.excludes or option.name: option for option in switches}  # of those that exclude each other
    flags = [option.flag for option in one_of_each.values()]
    needs = {"data": ["FILE"], "completion": ["bash"], "demo": ["lag"], "watch": ["RUN"], "replay": ["RUN"]}
    required = needs.get(command, [])
    given = parser_for(command).given([*flags, *required])
    assert {option.name for option in one_of_each.values()} <= given.keys() <= {*names}


def test_a_setting_has_one_meaning_whatever_command_takes_it() -> None:
    assert len(SETTINGS) == sum(option.field is not None for option in OPTIONS)
    assert len({option.field for option in SETTINGS.values()}) == len(SETTINGS)


def test_the_form_of_a_new_run_has_every_option_of_train_but_a_few_with_a_reason() -> None:
    known = {option.name for option in of_command("train")}
    assert {option.name for option in IN_FORM} == known - NOT_IN_FORM.keys()
    assert NOT_IN_FORM.keys() <= known
    assert all(len(reason) > 10 for reason in NOT_IN_FORM.values())
    assert len(NOT_IN_FORM) <= 5  # a new option is in the form, unless somebody has a good reason


def test_an_option_that_may_change_is_a_setting_and_one_of_a_task_is_in_no_form() -> None:
    for option in OPTIONS:
        assert option.may_change == "no" or option.field, option.name
        assert not (option.task and option.form), option.name
    assert {option.form for option in FORM} == {"top", "left", "right"}


def test_given_options_become_settings_as_the_library_has_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"task": "stock", "data": "a.csv", "features": ("volume", "Open", "OPEN"), "horizon": (5, 1, 5), "steps": 9}
    wanted = {"data": str(tmp_path / "a.csv"), "features": ("Volume", "Open"), "horizons": (1, 5)}
    assert settings_of(given) == wanted


def test_of_what_is_given_a_saved_model_takes_what_may_change_and_another_task_what_holds_for_all() -> None:
    given = {"lr": 0.5, "hidden": 8, "threads": 1, "column": "Open", "seed": 3, "steps": 5}
    assert changes_of(given) == {"learning_rate": 0.5, "threads": 1, "column": "Open"}
    assert for_all_tasks(given) == {"threads": 1, "seed": 3}


@pytest.mark.parametrize(
    "option", [option for option in of_command("") if not option.in_evaluation], ids=lambda option: option.name
)
def test_what_does_nothing_in_evaluation_is_refused_there_by_its_flag(option: Option) -> None:
    with pytest.raises(InputError, match=f"^{option.flag} does nothing with --eval-only"):
        refuse_in_evaluation({"eval_only": True, option.name: 1})
    assert not re.search("_", option.flag)


@pytest.mark.parametrize("task", KINDS)
def test_the_options_of_the_other_tasks_are_refused(task: str) -> None:
    for command in ("", *COMMANDS):
        known = of_command(command)
        for option in known:
            if option.task in (None, task):
                require_task_options({option.name: 1}, task, known)
                continue
            said = f"^{option.flag} is for the task {option.task} and means nothing for"
            with pytest.raises(InputError, match=said):
                require_task_options({option.name: 1}, task, known)
            with pytest.raises(InputError, match=said):  # also where the command is not known
                require_task_options({option.name: 1}, task)


# Words


def test_a_message_calls_settings_as_its_reader_does() -> None:
    message = "12 rows are too few for `seq_length` 30: take fewer `horizons`, or save with `save`, not `this` `t_o_o`"
    assert with_flags(message) == (
        "12 rows are too few for --seq 30: take fewer --horizon, or save with --save, not `this` `t_o_o`"
    )
    assert with_names(InputError(message)) == (
        "12 rows are too few for seq 30: take fewer horizon, or save with save, not `this` `t_o_o`"
    )
    assert with_flags("see `find_saves`") == with_names("see `find_saves`") == "see `lstm-tui runs`"


def test_an_error_is_about_the_field_it_names_or_that_of_its_surroundings() -> None:
    with pytest.raises(InputError) as inner, about("data"):
        raise InputError("x", field="seq_length")
    with pytest.raises(InputError) as outer, about("data"):
        raise InputError("x")
    assert (inner.value.field, outer.value.field, InputError("x").field) == ("seq_length", "data", None)


def test_every_wrong_setting_names_its_field() -> None:
    values = {"hidden_size": 0, "num_layers": 1001, "dropout": 1, "learning_rate": 0, "split": (1, 2)}
    for field, wrong in values.items():
        with pytest.raises(InputError, match=f"^`{field}` must be ") as error:
            Config.of("text", **{field: wrong})
        assert error.value.field == field


def texts(path: Path) -> list[str]:
    """The strings of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in alone)
    return [node.value for node in constants if isinstance(node.value, str)]


@pytest.mark.parametrize("path", sorted(LIBRARY.rglob("*.py")), ids=lambda path: str(path.relative_to(LIBRARY)))
def test_the_library_says_nothing_in_flags_or_commands(path: Path) -> None:
    flags, commands = r"(?<![-\w])--[a-z]", rf"lstm-tui ({'|'.join(COMMANDS)})"
    assert [text for text in texts(path) if re.search(rf"{flags}|{commands}", text)] == []
