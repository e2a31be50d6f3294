"""From the options that were given to a sweep. Wrong options are found here, before anything is trained."""

import difflib
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lstm_model.costs.memory import require_memory
from lstm_model.costs.shards import cores
from lstm_model.errors import InputError, quoted
from lstm_model.runs.saves import saves_root
from lstm_model.settings.config import Config, setting_types
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.presets import preset_config
from lstm_model.settings.task_kinds import kind_of
from lstm_model.sweeps.batch import Batch
from lstm_model.sweeps.design import Design
from lstm_model.sweeps.roads.local import Local
from lstm_model.sweeps.roads.road import Road
from lstm_model.sweeps.space import Dimension, Range, Space, Values
from lstm_model.sweeps.sweep import Sweep
from lstm_model.tasks.base import Task
from lstm_model.tasks.registry import open_task
from lstm_tui.options.given import Given, require_task_options, settings_of
from lstm_tui.options.option import STANDARD_INPUT, Option
from lstm_tui.options.table import SETTINGS, of_command
from lstm_tui.options.values import in_a_row

POINTS = 20  # of a trial's validation curve, by which it is given up: so many at least
LOG = "workers.log"  # in the sweep's folder
USUAL_TRIALS = 20  # where a range leaves no end
NOT_TRIED = {  # settings, and what to do instead
    "seed": "say --seeds N", "threads": "say --jobs N", "data": "begin a sweep for each", "preset": "say --preset NAME",
}  # fmt: skip

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_RANGE = re.compile(rf"(log:)?({_NUMBER})\.\.({_NUMBER})")


def design_of(given: Given) -> tuple[Design, Task]:
    """What is to be tried, and the task with its data; InputError for what makes no sense."""
    task = given.get("task", next(iter(KINDS)))
    require_task_options(given, task, of_command("sweep"))
    if "try" not in given:
        raise InputError("there is nothing to try: name a setting and its values, as in --try hidden=128,256")
    if STANDARD_INPUT in given.get("data", ()):
        raise InputError("a sweep reads its data once for every trial: write standard input to a file, and name that")
    if "steps" not in given and "minutes" not in given:
        raise InputError("a trial needs an end: add --steps N, or --minutes M")
    settings = settings_of({name: value for name, value in given.items() if name != "threads"})
    base = preset_config(task, **settings)
    space = Space(tuple(_dimension(text, task, given) for text in given["try"]))
    _require_sense(base, space)
    if "steps" in given and given.get("pruner") != "none":
        base = base.changed(validate_every=min(base.validate_every, max(1, given["steps"] // POINTS)))
    opened = open_task(base)
    seeds, sampler = given.get("seeds", 1), _sampler(given, space)
    most = space.size if sampler != "optuna" else None
    asked = given["trials"] // seeds if "trials" in given else most or USUAL_TRIALS
    if not asked:
        raise InputError(f"--trials {given['trials']} is less than --seeds {seeds}: no setting would be whole")
    if given.get("again", 0) < 0:
        raise InputError(f"--again must be 0 or more, not {given['again']}")
    return Design(
        base=base, space=space, groups=asked if most is None else min(asked, most), sampler=sampler,
        sha256=opened.fingerprint, seeds=seeds, pruner=given.get("pruner", Design.pruner), steps=given.get("steps"),
        minutes=given.get("minutes"), again=given.get("again", Design.again),
    ), opened  # fmt: skip


def folder_of(given: Given, design: Design) -> Path:
    """Where the sweep lies: what --save names, else a name that the same command finds again."""
    if "save" in given:
        folder = Path(given["save"]).expanduser()
        if folder.exists() and not folder.is_dir():
            raise InputError(f"{folder} is a file: name a folder with --save")
        return folder
    digest = hashlib.sha256(json.dumps(design.as_dict(), sort_keys=True).encode()).hexdigest()
    return saves_root() / f"sweep-{design.base.task}-{digest[:8]}"


def shares_of(given: Given, design: Design) -> tuple[int, int]:
    """Trials side by side, and the cores of each."""
    most, trials = cores(), max(design.trials, design.again)
    threads = given.get("threads") or 0
    jobs = given.get("jobs") or max(1, min(trials, most // max(1, threads)))
    if given.get("scheduler", "local") != "local":
        return jobs, threads or 1
    return jobs, threads or max(1, most // jobs)


def road_of(given: Given, sweep: Sweep | Batch, jobs: int, threads: int, tell: Callable[[str], None]) -> Road:
    """How trials get to where they are trained: to processes here, or to the workers of a scheduler."""
    if "scheduler" not in given:
        return Local(jobs, sweep.folder / LOG)
    try:
        from lstm_model.sweeps.roads.cluster import Cluster
    except ModuleNotFoundError as error:
        raise InputError(f"--scheduler needs the package {error.name}: pip install 'lstm-tui[cluster]'") from None
    address = given["scheduler"]
    most = jobs if address == "local" else given.get("jobs")
    return Cluster.at(address, sweep.sample(threads), sweep.folder.absolute(), most, tell)


def _dimension(text: str, task: str, given: Given) -> Dimension:
    name, sign, values = text.partition("=")
    option = _option(name.strip(), task)
    if option.name in given:
        raise InputError(f"--try {name}= and {option.flag} say it twice: leave out {option.flag}", field=option.field)
    if not sign or not values.strip():
        raise InputError(f"--try {quoted(text)} has no values: write {name.strip()}=A,B or {name.strip()}=A..B")
    field = str(option.field)
    found = _RANGE.fullmatch(values.strip())
    if found:
        kind = setting_types(task)[field]
        if kind not in (int, float):
            raise InputError(f"--try {quoted(text)}: {option.name} is no number; name its values", field=field)
        low, high = option.value(found[2]), option.value(found[3])
        return Range(field, option.name, low, high, log=bool(found[1]), whole=kind is int)
    if values.strip().startswith("log:") or ".." in values:
        raise InputError(f"--try {quoted(text)} is no range: write {name}=A..B or {name}=log:A..B", field=field)
    parts = [part.strip() for part in values.split("|" if "|" in values else ",")]
    return Values(field, option.name, tuple(_value(option, part) for part in parts if part))


def _value(option: Option, text: str) -> Any:
    value = option.value(text)
    return option.setting(value) if option.setting else value


def _option(name: str, task: str) -> Option:
    word = name.lstrip("-").replace("-", "_")
    option = SETTINGS.get(word) or next((o for o in SETTINGS.values() if o.field == word), None)
    known = [
        o.name for o in SETTINGS.values() if o.task in (None, task) and o.group != "data" and o.name not in NOT_TRIED
    ]
    if option is not None and option.name in NOT_TRIED:
        raise InputError(f"--try {option.name}: that is no setting to try; {NOT_TRIED[option.name]}")
    if option is None or option.name not in known:
        close = difflib.get_close_matches(word[:40], known, 1)
        guess = f"did you mean {close[0]}?" if close else f"there are {in_a_row(known)}"
        raise InputError(f"--try {quoted(name)} is no setting of the task {task}: {guess}")
    return option


def _sampler(given: Given, space: Space) -> str:
    if "sampler" in given:
        sampler: str = given["sampler"]
        return sampler
    whole = space.size is not None and given.get("trials", space.size) // given.get("seeds", 1) >= space.size
    return "grid" if space.size is not None and ("trials" not in given or whole) else "random"


def _require_sense(base: Config, space: Space) -> None:
    """InputError for a value that makes no sense by itself, or a model that this machine cannot hold."""
    for dimension in space.dimensions:
        ends = dimension.values if isinstance(dimension, Values) else (dimension.at(0.0), dimension.at(1.0 - 1e-9))
        for value in ends:
            config = base.changed(**{dimension.field: value})
            require_memory(config, kind_of(config.task).sizes(config))
