"""The task that a run's settings name, and how its runs are looked at: found by name, see the task's kind."""

from pkgutil import resolve_name
from typing import Any

from lstm_model.errors import InputError, about
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import kind_of
from lstm_model.tasks.base import Task
from lstm_model.tasks.data_files import require_plain_file
from lstm_model.tasks.looks import Looked, Looks
from lstm_model.tasks.probes import Probes


def open_task(config: Config, memory: dict[str, Any] | None = None) -> Task:
    """Read a run's data, from a file of `config.data` or those that ship.

    config: the settings of a run; the task's own `config` may have a smaller batch or sequence, where the data are few.
    memory: what a checkpoint kept of its data, `task.memory()`: its vocabulary or scalers are used again.

    InputError, about `data` where it names no other field, for data that cannot be used; OSError for a file that
    cannot be read.
    """
    with about("data"):
        return _opened(config, memory)


def _opened(config: Config, memory: dict[str, Any] | None) -> Task:
    if memory is not None:
        for path in (config.data, *config.more_data):
            require_plain_file(path)
    task_class: type[Task] = resolve_name(kind_of(config.task).task)
    return task_class.open(config, memory)


def looks_of(task: str) -> type[Looks]:
    """How runs of a task are looked at, before there is one."""
    looks: type[Looks] = resolve_name(kind_of(task).looks)
    return looks


def open_looks(task: Task, run: Looked) -> Looks:
    """How a run of a task is looked at."""
    looks: Looks = resolve_name(task.kind.looks)(task, run)
    return looks


def open_probes(task: Task, text: str | None = None) -> Probes:
    """What networks of a task can be looked inside of with: its held-out part, or one's own text.

    InputError for a task that has nothing to show, and for a text that is none of its own.
    """
    return _probes_of(task)(task, text)


def own_text(task: Task, raw: bytes, where: str) -> str:
    """The text of a file as a task's models read texts; `where` it is from, for messages.

    InputError for bytes that are no text, and for a task whose models read none.
    """
    return _probes_of(task).own_text(task, raw, where)


def _probes_of(task: Task) -> type[Probes]:
    where = task.kind.probes
    if not where:
        raise InputError(f"there is nothing to look inside of a {task.kind.name} model with")
    probes: type[Probes] = resolve_name(where)
    return probes
