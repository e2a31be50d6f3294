"""The manual page lstm-tui(1), made from the table of options."""

import re
from datetime import date

from lstm_model import __version__
from lstm_tui.options.option import Option
from lstm_tui.options.parser import COMMANDS, DESCRIPTIONS, STATUS
from lstm_tui.options.table import of_command
from lstm_tui.shell.words import flags_of

ENVIRONMENT = {
    "LSTM_TUI_SAVES": "where runs go, and where they are looked for, in place of ./saves",
    "NO_COLOR": "if set, nothing is told by colour, nor shown in it",
    "XDG_CONFIG_HOME, XDG_CACHE_HOME": "where the chosen theme is kept, and what was counted once",
}
FILES = {
    "saves/TASK-DATE-TIME/": "a run: checkpoints, metrics.csv, samples.txt, config.json, and a model card",
    "~/.config/lstm-tui/preferences.json": "the chosen theme",
}
EXAMPLES = {
    "lstm-tui": "train on the text that ships, and watch",
    "lstm-tui --data notes --include '*.md'": "train on a folder of texts",
    "lstm-tui train --task stock --data prices.csv --minutes 5": "train without a screen",
    "lstm-tui eval": "measure the newest saved model",
    "lstm-tui sample --count 4 --length 300": "let it write",
    "lstm-tui export --onnx model.onnx": "write it for other programs",
}


def manual(on: date) -> str:
    """The page in the language of man; on: its date."""
    lines = [
        f'.TH LSTM-TUI 1 "{on:%Y-%m-%d}" "lstm-tui {__version__}" "User Commands"',
        ".SH NAME",
        r"lstm\-tui \- train LSTM networks, and watch and steer the training in a terminal",
        ".SH SYNOPSIS",
        r".B lstm\-tui",
        r".RI [ options ]",
    ]
    for command in COMMANDS:
        lines += [".br", rf".B lstm\-tui {command}", ".RI [ options ]", *_arguments(command)]
    lines += [".SH DESCRIPTION", _text(" ".join(DESCRIPTIONS[""].split()))]
    lines += [".SH COMMANDS"]
    for name in COMMANDS:
        lines += [".TP", f".B {name}", _text(" ".join(DESCRIPTIONS[name].split()))]
    for command in ("", *COMMANDS):
        title = f"OPTIONS OF {command.upper()}" if command else "OPTIONS OF THE APP"
        lines += [f".SH {title}"]
        for option in of_command(command):
            lines += _option(option)
    lines += [".SH ENVIRONMENT", *_terms(ENVIRONMENT), ".SH FILES", *_terms(FILES)]
    lines += [".SH EXIT STATUS", _text(STATUS.removeprefix("exit status: "))]
    lines += [".SH EXAMPLES", *_terms(EXAMPLES)]
    return "\n".join([*lines, ""])


def _arguments(command: str) -> list[str]:
    return [f".I {option.metavar}" for option in of_command(command) if option.takes == "argument"]


def _option(option: Option) -> list[str]:
    value = "" if option.metavar is None or option.takes == "argument" else rf" \fI{_text(option.metavar)}\fR"
    if option.takes == "values":
        value += r" ..."
    heads = [_text(flag) for flag in flags_of(option)] or [_text(option.flag)]
    return [".TP", rf"\fB{', '.join(heads)}\fR{value}", _text(option.help)]


def _terms(terms: dict[str, str]) -> list[str]:
    return [line for term, meaning in terms.items() for line in (".TP", rf"\fB{_text(term)}\fR", _text(meaning))]


def _text(text: str) -> str:
    """A text as it is to be read: nothing of it is a request, and hyphens can be copied."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return re.sub(r"^([.'])", r"\\&\1", escaped)
