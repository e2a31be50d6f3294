"""The command line: which face of the program the arguments ask for, and what its exit status is.

    lstm-tui [options]                           the app
    lstm-tui watch|attach|replay RUN             a run that another process trains, or that was recorded
    lstm-tui train|sweep|eval|inspect|...        plain text or JSON, for pipes and logs; on a terminal, `sweep` has a
                                                 screen

Results go to standard output, messages to standard error. Exit status: 0 done; 1 the work failed; 2 wrong arguments;
130 interrupted; 128 + n ended by signal n, 141 among them: the reader of a pipe went away. NumPy and Textual are
imported where they are needed, so that --help is instant.
"""

import contextlib
import importlib
import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lstm_model.errors import InputError, LSTMError, reason_of
from lstm_tui.options.given import changes_of, for_all_tasks, refuse_in_evaluation
from lstm_tui.options.option import WATCHING
from lstm_tui.options.parser import COMMANDS, UsageError, parser_for
from lstm_tui.options.wording import with_flags
from lstm_tui.terminal.output import abandon_stdout, forgive_encoding, message, on_terminal

FAILED, WRONG, INTERRUPTED, PIPE_CLOSED = 1, 2, 130, 141
FRAMES = "120"  # a second at most: what a key changes waits for the next one, and there is one only where all is new
# Commands that are called otherwise than their module in `plain`. Its function has the module's name.
PLAIN = {
    "eval": "evaluate",
    "runs": "saved.runs",
    "watch": "watching.watch",
    "replay": "watching.replay",
    "attach": "watching.attach",
}
LOOK_EVERY = 15.0  # seconds between samples in the app


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; every error that is the user's or the machine's is one line."""
    forgive_encoding()
    os.environ.setdefault("TEXTUAL_FPS", FRAMES)  # Textual reads it when it is imported
    try:
        status = _dispatch(sys.argv[1:] if argv is None else list(argv))
        sys.stdout.flush()  # here, where a closed pipe is expected
    except SystemExit as end:  # argparse, after --help or --version
        status = end.code if isinstance(end.code, int) else 0
    except UsageError as error:
        message(f"{error.prog}: error: {error}")
        status = WRONG
    except LSTMError as error:
        message(f"lstm-tui: error: {with_flags(error)}")
        status = WRONG if isinstance(error, InputError) else FAILED
    except BrokenPipeError:
        abandon_stdout()
        status = PIPE_CLOSED
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        message(f"lstm-tui: error: {where}{reason_of(error)}")
        status = FAILED
    except MemoryError as error:
        message(f"lstm-tui: error: not enough memory: choose smaller --hidden, --batch or --seq ({error})")
        status = FAILED
    except KeyboardInterrupt:
        message("lstm-tui: interrupted")
        status = INTERRUPTED
    return status


def _dispatch(arguments: list[str]) -> int:
    command = arguments.pop(0) if arguments and arguments[0] in COMMANDS else ""
    asked = tuple(arguments)
    given = parser_for(command).given(arguments)
    if not command:
        return _detach(given, arguments) if "detach" in given else _app(given)
    if command in WATCHING and on_terminal() and not given.keys() & {"plain", "json"}:
        return _watch(command, given)
    if command == "sweep" and on_terminal() and not {"plain", "json"} & given.keys():
        from lstm_tui.sweeping.command import sweep

        return sweep(given, asked)
    module = importlib.import_module(f"lstm_tui.plain.{PLAIN.get(command, command)}")
    status: int = getattr(module, module.__name__.rpartition(".")[2])(given)
    return status


def _app(given: dict[str, Any]) -> int:
    """Open the app; without a terminal only a saved model can be shown, as its plain report."""
    if given.get("eval_only"):
        return _eval_only(given)
    if "against" in given:
        raise InputError("--against compares two saved models: add --eval-only, or use `lstm-tui eval`")
    if not on_terminal():
        raise InputError("the app needs a terminal; in pipes, logs and scripts use `lstm-tui train`")
    from lstm_tui.opening.run import open_run, plan_of

    _import_app_meanwhile()
    opened = open_run(given)
    return _launch(given, opened, plan_of(given, LOOK_EVERY), for_all_tasks(given))


def _import_app_meanwhile() -> None:
    """Import what the screen needs beside reading the data, which is half of the start.

    An error comes again, and is told, where the import is needed.
    """

    def import_app() -> None:
        with contextlib.suppress(Exception):
            importlib.import_module("lstm_tui.app")

    threading.Thread(target=import_app, daemon=True).start()


def _eval_only(given: dict[str, Any]) -> int:
    from lstm_tui.opening.chosen import with_model
    from lstm_tui.opening.run import plan_of
    from lstm_tui.opening.saved import open_saved, read_saved

    refuse_in_evaluation(given)
    if "against" in given and "load" not in given:
        raise InputError("--against PATH needs --load PATH: the two models to compare")
    given, said = with_model(given)
    if not on_terminal():
        from lstm_tui.plain.evaluate import evaluate

        return evaluate(given)
    _import_app_meanwhile()
    if "against" not in given:
        opened = open_saved(read_saved(given), changes_of(given))
        return _launch(given, replace(opened, notes=(*said, *opened.notes)), plan_of(given), {})
    from lstm_tui.opening.pair import open_pair

    opened, against = open_pair(given)
    return _launch(given, opened, plan_of(given), {}, against)


def _watch(command: str, given: dict[str, Any]) -> int:
    """Show a run that is not trained here, until the person goes."""
    from lstm_tui.surfaces import surface_of

    _import_app_meanwhile()
    surface = surface_of(given)
    sources = getattr(importlib.import_module(f"lstm_tui.watching.{command}"), command)(given, surface.teller)
    return _show(surface, sources)


def _detach(given: dict[str, Any], arguments: list[str]) -> int:
    """Train in a process of its own, and show that until the person goes."""
    if not on_terminal():
        raise InputError("--detach shows the training on a terminal; without one use `nohup lstm-tui train ... &`")
    from lstm_tui.surfaces import surface_of
    from lstm_tui.watching.attach import brought_back
    from lstm_tui.watching.detaching import detached

    surface = surface_of(given)
    _import_app_meanwhile()
    begun = detached(given, arguments)
    return _show(surface, brought_back(begun.folder, surface.teller, controls=True))


def _show(surface: Any, sources: Any) -> int:
    from lstm_tui.app import SourceApp, run

    return run(lambda: SourceApp(surface, sources))


def _launch(given: dict[str, Any], opened: Any, plan: Any, settings: dict[str, Any], against: Any = None) -> int:
    from lstm_tui.opening.launch import Launch
    from lstm_tui.surfaces import parts_of
    from lstm_tui.terminal.preferences import chosen_keys

    keymap, left_out = chosen_keys(given.get("keys"))
    launch = Launch(
        trainer=opened.trainer,
        folder=opened.folder,
        plan=plan,
        eval_only=bool(given.get("eval_only")),
        paused=bool(given.get("paused")),
        settings=settings,
        notes=(*opened.notes, *left_out),
        file=opened.file,
        against=against,
        keymap=keymap,
        **parts_of(given),
    )
    from lstm_tui.app import run_app

    return run_app(launch)
