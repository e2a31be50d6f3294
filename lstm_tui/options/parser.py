"""The command line's options: each is spelled once here, whichever commands take it.

A namespace holds the options that were given and no others, so that "not given" and "given as the default" differ:
what is not given comes from the preset, or from the checkpoint. Nothing here imports NumPy or Textual.
"""

import argparse
import difflib
import math
import re
import shutil
import textwrap
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from lstm_model import __version__
from lstm_model.errors import InputError, quoted, shortened
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.task_kinds import kind_of

OPTIMIZERS, SCHEDULES = ("adam", "adagrad", "sgd"), ("constant", "cosine", "sqrt")
FEATURES = ("Open", "High", "Low", "Volume")
COMMANDS = {
    "train": "train without a screen: a line every few seconds, or JSON",
    "eval": "measure a saved model on held-out data",
    "sample": "write text with a saved model",
    "runs": "list the saved runs",
}
DESCRIPTIONS = {
    "": "Train an LSTM network, written from scratch in NumPy, and watch it learn in the terminal.\n"
    "Alone, or with the options below, this opens the app.",
    "train": "Train without a screen. Ctrl+C saves and ends.",
    "eval": "Measure a saved model on a part of its data that it was not trained on, beside simple baselines.",
    "sample": "Write text with a saved model.",
    "runs": "List the checkpoints under ./saves, or under $LSTM_TUI_SAVES.",
}
STATUS = "exit status: 0 done, 1 the work failed, 2 wrong arguments, 130 interrupted, 128 + n ended by signal n"
BOUND = 1_000_000_000  # larger counts are typing errors, and overflow what NumPy can hold


class UsageError(InputError):
    """The command line cannot be read; `prog` is the command that was meant."""

    def __init__(self, prog: str, message: str) -> None:
        super().__init__(f"{message} (try {prog} --help)")
        self.prog = prog


class Parser(argparse.ArgumentParser):
    """argparse, with errors of one line and with a guess at what was meant."""

    def __init__(self, command: str) -> None:
        super().__init__(
            prog=f"lstm-tui {command}".strip(),
            description=DESCRIPTIONS[command],
            formatter_class=argparse.RawDescriptionHelpFormatter,
            argument_default=argparse.SUPPRESS,
            allow_abbrev=False,
            add_help=False,
        )

    def error(self, message: str) -> NoReturn:
        """Say it in one line."""
        message = re.sub(r"^argument (\S+): ", r"\1 ", message)
        for argparse_says, we_say in (
            ("expected one argument", "needs a value (write OPTION=VALUE if it starts with -)"),
            ("expected at least one argument", "needs a value"),
            ("not allowed with argument", "cannot be given together with"),
            ("the following arguments are required:", "there must be"),
        ):
            message = message.replace(argparse_says, we_say)
        raise UsageError(self.prog, message)

    def given(self, arguments: Sequence[str]) -> dict[str, Any]:
        """The options that were given, by name; a UsageError for what is no option."""
        namespace, unknown = self.parse_known_args(arguments)
        if unknown:
            self._refuse(unknown[0])
        return vars(namespace)

    def value(self, option: str, text: str) -> Any:
        """The value that a text after an option stands for; an InputError in the command line's words."""
        convert = self._option_string_actions[f"--{option}"].type
        try:
            return convert(text) if callable(convert) else text
        except argparse.ArgumentTypeError as error:
            raise InputError(f"--{option} {error}") from None

    def meaning(self, option: str) -> str:
        """What the help says of an option."""
        return self._option_string_actions[f"--{option}"].help or ""

    def _refuse(self, unknown: str) -> NoReturn:
        if unknown in COMMANDS:
            self.error(f"the command {unknown} must come first: lstm-tui {unknown} ...")
        name = unknown.split("=", maxsplit=1)[0]
        known = list(self._option_string_actions) if name.startswith("-") else list(COMMANDS)
        close = difflib.get_close_matches(name[:40], known, 1)
        guess = f": did you mean {close[0]}?" if close else ""
        self.error(f"unknown {'option' if name.startswith('-') else 'argument'} {quoted(name)}{guess}")


# Values


def whole(text: str) -> int:
    """A whole number; the settings themselves know which ones make sense."""
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a whole number, not {quoted(text)}") from None
    if abs(value) > BOUND:
        raise argparse.ArgumentTypeError(f"must be at most {BOUND:,}, not {shortened(text)}")
    return value


def count(text: str) -> int:
    """A whole number, 1 or more."""
    value = whole(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, not {shortened(text)}")
    return value


def number(text: str) -> float:
    """A finite number."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"must be a number, not {quoted(text)}")
    return value


def positive(text: str) -> float:
    """A number above 0."""
    value = number(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"must be above 0, not {shortened(text)}")
    return value


def seconds(text: str) -> float:
    """A time, or 0 for never."""
    value = number(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"must be 0 (never) or more, not {shortened(text)}")
    return value or math.inf


def shares(text: str) -> tuple[float, ...]:
    """Shares such as 90/5/5; 90/10 leaves no test part."""
    try:
        values = tuple(float(share) for share in text.split("/"))
    except ValueError:
        values = ()
    if not 1 <= len(values) <= 3:
        wanted = "shares such as 90/5/5 (training, validation, test)"
        raise argparse.ArgumentTypeError(f"must be {wanted}, not {quoted(text)}")
    return values + (0.0,) * (3 - len(values))


def names(text: str) -> tuple[str, ...]:
    """Words separated by commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def wholes(text: str) -> tuple[int, ...]:
    """Whole numbers separated by commas."""
    return tuple(whole(word.strip()) for word in text.split(",") if word.strip())


class Joined(argparse.Action):
    """Several values, each of which may be several by commas: `1 5 20`, `1,5,20`."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option: str | None = None) -> None:  # noqa: ARG002
        """Keep them as one tuple."""
        setattr(namespace, self.dest, tuple(each for part in values for each in part))


def one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """One of some words."""

    def chosen(text: str) -> str:
        if text not in choices:
            raise argparse.ArgumentTypeError(f"must be {', '.join(choices[:-1])} or {choices[-1]}, not {quoted(text)}")
        return text

    return chosen


# Options


def _data(parser: Parser, *, task: bool = True) -> None:
    group = parser.add_argument_group("data")
    if task:
        group.add_argument("--task", type=one_of(tuple(KINDS)), metavar="|".join(KINDS), help="what to learn (text)")
    group.add_argument("--data", metavar="FILE", help="any text, or a CSV file with Date and Close (those that ship)")
    group.add_argument("--encoding", metavar="NAME", help="text: how the file is encoded (utf-8)")
    group.add_argument("--column", metavar="NAME", help="stock: the column of prices (Close)")


def _model(parser: Parser) -> None:
    group = parser.add_argument_group("settings", "What is not given comes from the preset, or from the checkpoint.")
    group.add_argument(
        "--preset", metavar="NAME", help="default, long (text), quick or classic; `train --help` gives the reasons"
    )
    group.add_argument("--hidden", type=whole, metavar="N", help="hidden units of a layer")
    group.add_argument("--layers", type=whole, metavar="N", help="layers")
    group.add_argument("--batch", type=whole, metavar="N", help="sequences trained on side by side")
    group.add_argument("--seq", type=whole, metavar="N", help="time steps of a sequence")
    group.add_argument("--dropout", type=number, metavar="X", help="share dropped on the way out of a layer (0)")
    group.add_argument("--optimizer", type=one_of(OPTIMIZERS), metavar="NAME", help="adam, adagrad or sgd")
    group.add_argument("--lr", type=number, metavar="X", help="learning rate")
    group.add_argument(
        "--schedule", type=one_of(SCHEDULES), metavar="NAME", help="of the rate: constant, cosine or sqrt"
    )
    group.add_argument("--warmup", type=whole, metavar="N", help="steps over which the rate rises at the start")
    group.add_argument("--clip", type=number, metavar="X", help="bound on the gradient; 0: none")
    group.add_argument("--average", type=number, metavar="X",
                       help="power of the running mean of the weights; 0: none")  # fmt: skip
    group.add_argument("--split", type=shares, metavar="A/B/C",
                       help="per cent for training, validation, test (90/5/5; stock 70/15/15)")  # fmt: skip
    group.add_argument("--features", type=names, metavar="A,B", help=f"stock: also read {', '.join(FEATURES)}")
    group.add_argument("--target", type=one_of(("return", "close")), metavar="NAME",
                       help="stock: what to predict, return (log return, the default) or close")  # fmt: skip
    group.add_argument("--horizon", type=wholes, nargs="+", action=Joined, metavar="N",
                       help="stock: how many days ahead to predict, one number or several (1)")  # fmt: skip
    group.add_argument("--loss-at", type=one_of(("last", "every")), metavar="STEP",
                       help="stock: predict after the last day of a window (last), or after every day")  # fmt: skip
    group.add_argument("--seed", type=whole, metavar="N", help="of all that is random (1)")


def _run(parser: Parser) -> None:
    group = parser.add_argument_group("run")
    end = group.add_mutually_exclusive_group()
    end.add_argument("--steps", type=count, metavar="N", help="the step at which to end, also for a resumed run")
    end.add_argument("--minutes", type=positive, metavar="M", help="train for so long (until you stop it)")
    group.add_argument("--load", metavar="PATH", help="go on with a run folder or a checkpoint, in its folder")
    group.add_argument(
        "--save", metavar="DIR", help="folder of the run (saves/TASK-DATE-TIME); a loaded one goes on there"
    )
    group.add_argument("--overwrite", action="store_true", help="let --save replace the run that DIR holds")
    group.add_argument("--autosave", type=seconds, metavar="SECONDS", help="save this often (60); 0: only at the end")
    group.add_argument("--on-divergence", type=one_of(("rollback", "stop")), metavar="WHAT",
                       help="if the loss is no number: rollback (go back, half the rate) or stop")  # fmt: skip
    group.add_argument("--threads", type=whole, metavar="N", help="cores that share a step; 0: chosen for you")


def _load(parser: Parser, what: str) -> None:
    parser.add_argument("--load", metavar="PATH", required=True, help=f"{what}: a run folder or a checkpoint file")


def _json(parser: Parser, what: str) -> None:
    parser.add_argument("--json", action="store_true", help=what)


def _app_options(parser: Parser) -> None:
    _data(parser)
    _model(parser)
    _run(parser)
    group = parser.add_argument_group("app")
    group.add_argument("--eval-only", action="store_true",
                       help="look at a saved model (--load, or the newest): nothing is trained or written")  # fmt: skip
    group.add_argument("--against", metavar="PATH", help="with --eval-only: another model, shown beside the loaded one")
    group.add_argument("--paused", action="store_true", help="begin paused")
    group.add_argument("--sample-every", type=seconds, metavar="SECONDS",
                       help="a sample or a forecast this often (15); 0: on g alone")  # fmt: skip
    group.add_argument("--ssh", action=argparse.BooleanOptionalAction,
                       help="spare a slow link: no mouse, fewer pictures (found out from the environment)")  # fmt: skip
    group.add_argument("--ascii", action="store_true", dest="ascii_only",
                       help="for terminals without braille dots (found out from the environment)")  # fmt: skip
    lines = [f"  lstm-tui {name:<8} {what}" for name, what in COMMANDS.items()]
    parser.epilog = "\n".join(["commands, for pipes, logs and machines without a screen:", *lines, "", STATUS])


def _train_options(parser: Parser) -> None:
    _data(parser)
    _model(parser)
    _run(parser)
    _json(parser, "one JSON object a line on standard output, and nothing else there")
    parser.epilog = f"{presets_with_reasons()}\n\n{STATUS}"


def _eval_options(parser: Parser) -> None:
    _load(parser, "the model")
    _data(parser, task=False)
    parser.add_argument("--part", type=one_of(("val", "test")), metavar="val|test",
                        help="which held-out part (test; val if there is no test part)")  # fmt: skip
    parser.add_argument("--seeds", type=count, metavar="N",
                        help="stock: also train N models like it, each from a seed of its own")  # fmt: skip
    parser.add_argument("--against", metavar="PATH", help="another model, measured on the same and set beside it")
    parser.add_argument("--plot", metavar="FILE",
                        help="also draw a picture into a .png, .svg or .pdf file (needs matplotlib)")  # fmt: skip
    _json(parser, "one JSON object")


def _sample_options(parser: Parser) -> None:
    _load(parser, "the model")
    prompt = parser.add_mutually_exclusive_group()
    prompt.add_argument("--prime", metavar="TEXT", help="what the text starts with")
    prompt.add_argument("--prime-file", metavar="FILE", help="the same from a UTF-8 file; - for standard input")
    parser.add_argument("--length", type=count, metavar="N", help="characters to write (500)")
    parser.add_argument("--temperature", type=number, metavar="X", help="below 1 safer, above 1 bolder (0.8)")
    parser.add_argument("--top-k", type=whole, metavar="N", help="choose among the N likeliest; 0: all (0)")
    parser.add_argument("--top-p", type=number, metavar="X", help="choose among those with probability X together (1)")
    parser.add_argument("--seed", type=whole, metavar="N", help="equal seed, equal text (a new one each time)")


def _runs_options(parser: Parser) -> None:
    _json(parser, "one JSON list, an object for each checkpoint")


_OPTIONS: dict[str, Callable[[Parser], None]] = {
    "": _app_options,
    "train": _train_options,
    "eval": _eval_options,
    "sample": _sample_options,
    "runs": _runs_options,
}


def parser_for(command: str) -> Parser:
    """The parser of a command; "" is the app."""
    parser = Parser(command)
    _OPTIONS[command](parser)
    parser.add_argument("-h", "--help", action="help", help="show this and end")
    parser.add_argument("--version", action="version", version=f"lstm-tui {__version__}", help="show the version")
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
