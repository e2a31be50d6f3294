"""The command line's parser, and the README's list, made from the table of options.

A namespace holds the options that were given and no others, so that "not given" and "given as the default" differ:
what is not given comes from the preset, or from the checkpoint.
"""

import argparse
import difflib
import re
import shutil
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from lstm_model import __version__
from lstm_model.errors import InputError, quoted
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.task_kinds import kind_of
from lstm_tui.options.option import Option
from lstm_tui.options.table import OPTIONS, of_command

COMMANDS: dict[str, str] = {
    "train": "train without a screen: a line every few seconds, or JSON",
    "eval": "measure a saved model on held-out data",
    "sample": "write text with a saved model",
    "inspect": "look inside a saved model: what its units follow, remember and are worth",
    "sweep": "train many runs that differ in some settings, and judge the best",
    "export": "write a saved model for other programs: ONNX, TensorBoard",
    "runs": "a table of the saved runs",
    "watch": "follow a run that another process trains",
    "attach": "bring back the screen of a run that goes on without one",
    "replay": "play a recorded run, at any speed",
    "data": "show how a file is read before anything is trained on it",
    "demo": "make a common mistake on purpose, beside what is right",
    "serve": "show the app in a browser on this machine",
    "completion": "print what lets a shell complete commands, options and runs",
}
DESCRIPTIONS: dict[str, str] = {
    "": "Train an LSTM network, written from scratch in NumPy, and watch it learn in the terminal.\n"
    "Alone, or with the options below, this opens the app.",
    "train": "Train without a screen. Ctrl+C saves and ends.",
    "eval": "Measure a saved model on a part of its data that it was not trained on, beside simple baselines.",
    "sample": "Write text with a saved model.",
    "inspect": "Look inside a saved model: what its units follow, what its gates do, what a prediction hangs on.\n"
    "Without --html or --plot the result is a table, or JSON.",
    "sweep": "Train many runs, side by side, that differ in some settings; give up those that run badly; train\n"
    "the best again from fresh seeds. Each is a run like any other. The same command goes on after Ctrl+C, or kill -9.",
    "export": "Write a saved model for other programs: as an ONNX model, or as events for TensorBoard.",
    "runs": "A table of the runs under ./saves, or under $LSTM_TUI_SAVES.",
    "watch": "Follow a run that another process trains, from its folder alone: on a terminal as the app shows it,"
    " else in\nlines. Any number may watch: it takes no lock and writes nothing. A run that is not there is awaited.",
    "attach": "Bring back a run that trains without a screen, as `lstm-tui --detach` left it, with keys that pause,"
    " sample,\nsave and stop it. It is `watch RUN --control`, and finds the newest run that trains.",
    "replay": "Play a run from its curve, its samples and its movie: on a terminal as the app shows it, else lines.\n"
    "Nothing is trained and nothing written. RUN may also be a checkpoint that holds a curve.",
    "data": "Show how a file is read: what of it is taken, what was mended, the parts, and what training would say.",
    "demo": "Make a common mistake on purpose, beside what is right, and see the number that tells the two apart.\n"
    "Each takes some seconds on one core.",
    "serve": "Show the app in a browser on this machine. The address that is printed holds a token.\n"
    "A tab that is closed saves and ends, as a terminal that hangs up does.",
    "completion": "Print the completions for a shell: source them, or keep them where it looks for such.",
}
STATUS = "exit status: 0 done, 1 the work failed, 2 wrong arguments, 130 interrupted, 128 + n ended by signal n"
GROUPS: dict[str, str | None] = {  # the headings of --help, each with what is said under it
    "data": None,
    "settings": "What is not given comes from the preset, or from the checkpoint.",
    "run": None,
    "app": None,
    "sweep": None,
    "serve": None,
    "rows": "Columns are the options that set something, such as hidden, and: "
    "run, star, name, note, task, step, loss, val_loss, best_val_loss, best_step, passed, time, age, size, data.",
    "written as": None,
    "tidying up": "Asks before anything goes.",
}


class UsageError(InputError):
    """The command line cannot be read; `prog` is the command that was meant."""

    def __init__(self, prog: str, message: str) -> None:
        super().__init__(f"{message} (try {prog} --help)")
        self.prog = prog


class Joined(argparse.Action):
    """Several values, each of which may be several by commas: `1 5 20`, `1,5,20`; given twice, those of both."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option: str | None = None) -> None:  # noqa: ARG002
        """Keep them as one tuple."""
        parts = values if isinstance(values, list) else [values]
        before = getattr(namespace, self.dest, ())
        setattr(namespace, self.dest, (*before, *(each for part in parts for each in part)))


class Parser(argparse.ArgumentParser):
    """argparse, with errors of one line and with a guess at what was meant."""

    def __init__(self, command: str, options: Iterable[Option]) -> None:
        super().__init__(
            prog=f"lstm-tui {command}".strip(),
            description=DESCRIPTIONS[command],
            formatter_class=argparse.RawDescriptionHelpFormatter,
            argument_default=argparse.SUPPRESS,
            allow_abbrev=False,
            add_help=False,
        )
        self._groups: dict[str, Any] = {"": self}
        options = tuple(options)
        self._has_argument = any(option.takes == "argument" for option in options)
        for option in options:
            self._add(option)
        self.add_argument("-h", "--help", action="help", help="show this and end")
        self.add_argument("--version", action="version", version=f"lstm-tui {__version__}", help="show the version")

    def _add(self, option: Option) -> None:
        if option.group not in self._groups:
            self._groups[option.group] = self.add_argument_group(option.group, GROUPS[option.group])
        place = self._groups[option.group]
        if option.excludes:
            if option.excludes not in self._groups:
                self._groups[option.excludes] = place.add_mutually_exclusive_group()
            place = self._groups[option.excludes]
        if option.takes == "argument":
            lacks: dict[str, Any] = {"nargs": "?", "default": None} if option.may_lack else {}
            place.add_argument(option.name, metavar=option.metavar, help=option.help, type=option.converter, **lacks)
            return
        more: dict[str, Any] = {}
        if option.takes in ("value", "values"):
            more |= {"type": option.converter, "metavar": option.metavar}
        match option.takes:
            case "values":
                # An option before the argument would take it for one of its values.
                more |= {"action": Joined} | ({} if self._has_argument else {"nargs": "+"})
            case "nothing":
                more |= {"action": "store_true"}
            case "yes or no":
                more |= {"action": argparse.BooleanOptionalAction}
        place.add_argument(option.flag, dest=option.name, help=option.help, **more)

    def error(self, message: str) -> NoReturn:
        """Say it in one line."""
        message = re.sub(r"^argument (\S+): ", r"\1 ", message)
        for argparse_says, we_say in (
            ("expected one argument", "needs a value (write OPTION=VALUE if it starts with -)"),
            ("expected at least one argument", "needs a value"),
            ("not allowed with argument", "cannot be given together with"),
        ):
            message = message.replace(argparse_says, we_say)
        message = re.sub(r"^the following arguments are required: (.*)$", r"\1 is missing", message)
        raise UsageError(self.prog, message)

    def given(self, arguments: Sequence[str]) -> dict[str, Any]:
        """The options that were given, by name; a UsageError for what is no option."""
        namespace, unknown = self.parse_known_args(arguments)
        if unknown:
            self._refuse(unknown[0])
        return vars(namespace)

    def _refuse(self, unknown: str) -> NoReturn:
        if unknown in COMMANDS:
            self.error(f"the command {unknown} must come first: lstm-tui {unknown} ...")
        name = unknown.split("=", maxsplit=1)[0]
        known = list(self._option_string_actions) if name.startswith("-") else list(COMMANDS)
        close = difflib.get_close_matches(name[:40], known, 1)
        guess = f": did you mean {close[0]}?" if close else ""
        self.error(f"unknown {'option' if name.startswith('-') else 'argument'} {quoted(name)}{guess}")


def parser_for(command: str) -> Parser:
    """The parser of a command; "" is the app."""
    parser = Parser(command, of_command(command))
    match command:
        case "":
            lines = [f"  lstm-tui {name:<8} {what}" for name, what in COMMANDS.items()]
            parser.epilog = "\n".join(["commands, for pipes, logs and machines without a screen:", *lines, "", STATUS])
        case "train":
            parser.epilog = f"{presets_with_reasons()}\n\n{STATUS}"
    return parser


def presets_with_reasons() -> str:
    """All presets and why their numbers are what they are."""
    width = max(50, min(100, shutil.get_terminal_size().columns - 2))
    lines = ["presets:"]
    for task in KINDS:
        for name, preset in kind_of(task).presets.items():
            lines.append(f"  {task} {name}")
            lines += textwrap.wrap(preset.reason, width, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines)


def option_table() -> str:
    """Which commands know which options, as a Markdown table for the README."""
    known: dict[str, set[str]] = {}
    for option in OPTIONS:
        known.setdefault(option.flag, set()).update(option.commands)
    rows: dict[str, list[str]] = {}
    for flag, commands in known.items():
        of = [f"`{command}`" if command else "the app" for command in ("", *COMMANDS) if command in commands]
        rows.setdefault(", ".join(of), []).append(f"`{flag}`")
    lines = [f"| {' '.join(flags)} | {of} |" for of, flags in rows.items()]
    return "\n".join(["| options | of |", "|---|---|", *lines])
