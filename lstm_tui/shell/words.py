"""What may follow an option, for shells that complete it."""

from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.task_kinds import kind_of
from lstm_tui.options.option import Option

RUNS = ("load", "against", "init_from", "delete", "run")  # options that take a saved model, or a run
PLACES = {"FILE": "file", "DIR": "folder", "PATH": "file"}  # what is completed by what an option takes
MODELS = tuple(f"demo-{task}" for task in KINDS if kind_of(task).shipped)  # go by their names


def words_of(option: Option) -> tuple[str, ...]:
    """The words that it may be, where these are known."""
    if option.name == "preset":
        return tuple(dict.fromkeys(name for task in KINDS for name in kind_of(task).presets))
    return option.choices


def kind_of_value(option: Option) -> str:
    """What follows it: "run", "words", "file", "folder", "value" for what cannot be completed; "" for nothing."""
    if option.takes in ("nothing", "yes or no"):
        return ""
    if option.name in RUNS:
        return "run"
    return "words" if words_of(option) else PLACES.get(option.metavar or "", "value")


def flags_of(option: Option) -> tuple[str, ...]:
    """As it is written, also in the negative."""
    if option.takes == "argument":
        return ()
    return (option.flag, f"--no-{option.flag[2:]}") if option.takes == "yes or no" else (option.flag,)
