"""A sweep over many data sets of one task: a folder of files, each of which is trained on by itself."""

import hashlib
import json
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from lstm_model import __version__
from lstm_model.costs.shards import cores
from lstm_model.errors import InputError
from lstm_model.runs.saves import saves_root
from lstm_model.settings.config import Config
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.presets import preset_config
from lstm_model.storage.home import expanded
from lstm_model.sweeps.batch import Batch, Wanted
from lstm_model.sweeps.space import short_text
from lstm_tui.options.given import Given, require_task_options, settings_of
from lstm_tui.options.option import STANDARD_INPUT
from lstm_tui.options.table import of_command
from lstm_tui.task_faces import has_part

ENDINGS = ".csv", ".tsv"  # of files that are data sets; others in the folder are left alone
ONE_EACH = {"try": "settings that are tried", "trials": "a number of trials", "sampler": "a sampler",
            "again": "a winner that is trained again", "pruner": "a pruner"}  # fmt: skip


@dataclass(frozen=True)
class Many:
    """What is to be trained. names: of the data sets, by the numbers of the runs."""

    base: Config
    source: Path
    folder: Path
    names: tuple[str, ...]
    files: tuple[Path, ...]
    wanted: tuple[Wanted, ...]
    seeds: int
    steps: int | None
    minutes: float | None

    def batch(self) -> Batch:
        """The runs, in their folder."""
        asked = {**_asked(self.base, self.source, self.seeds, self.steps, self.minutes)}
        return Batch(self.wanted, self.folder, steps=self.steps, minutes=self.minutes, asked=asked)


def is_of_many(given: Given) -> bool:
    """Whether the data are a folder, and the task one of which each file is a data set of its own."""
    data = given.get("data", ())
    task = given.get("task", next(iter(KINDS)))
    named = [path for path in data if path != STANDARD_INPUT]
    return len(named) == 1 and has_part(task, "many") and expanded(named[0]).is_dir()


def many_of(given: Given) -> Many:
    """What the options ask for; InputError for what makes no sense."""
    task = given["task"]
    require_task_options(given, task, of_command("sweep"))
    for name, what in ONE_EACH.items():
        if name in given and given[name] != "none":
            flag = f"--{name}"
            raise InputError(f"{flag} does not go with a folder of data: each file is trained on once, without {what}")
    if "steps" not in given and "minutes" not in given:
        raise InputError("a trial needs an end: add --steps N, or --minutes M")
    source = expanded(given["data"][0])
    files = sorted(path for path in source.iterdir() if path.suffix.lower() in ENDINGS and path.is_file())
    if not files:
        raise InputError(f"{source} holds no data: no file in it ends in {' or '.join(ENDINGS)}")
    settings = settings_of({name: value for name, value in given.items() if name not in ("threads", "data")})
    base = preset_config(task, **settings)
    seeds = given.get("seeds", 1)
    stems = Counter(path.stem for path in files)
    names = tuple(path.stem if stems[path.stem] == 1 else path.name for path in files)
    wanted = tuple(
        Wanted(f"{_folder_name(name)}-seed{base.seed + k}", base.changed(data=str(path.absolute()), seed=base.seed + k))
        for name, path in zip(names, files, strict=True)
        for k in range(seeds)
    )
    steps, minutes = given.get("steps"), given.get("minutes")
    asked = json.dumps(_asked(base, source, seeds, steps, minutes), sort_keys=True)
    name = f"sweep-{task}-{hashlib.sha256(asked.encode()).hexdigest()[:8]}"
    folder = expanded(given["save"]) if "save" in given else saves_root() / name
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file: name a folder with --save")
    each = tuple(name for name in names for _ in range(seeds))
    return Many(
        base, source, folder, each, tuple(path for path in files for _ in range(seeds)), wanted, seeds, steps, minutes
    )


def shares_of_many(given: Given, many: Many) -> tuple[int, int]:
    """Runs side by side, and the cores of each."""
    threads = given.get("threads") or 0
    jobs = given.get("jobs") or max(1, min(len(many.wanted), cores() // max(1, threads)))
    if given.get("scheduler", "local") != "local":
        return jobs, threads or 1
    return jobs, threads or max(1, cores() // jobs)


def _asked(base: Config, source: Path, seeds: int, steps: int | None, minutes: float | None) -> dict[str, object]:
    """What makes it the same: files may come and go."""
    return {
        "version": __version__, "base": base.as_dict(), "source": str(source.absolute()), "seeds": seeds,
        "steps": steps, "minutes": minutes,
    }  # fmt: skip


def _folder_name(name: str) -> str:
    """A name that is one of a folder, and no other's."""
    short = short_text(name)
    return short if short == name else f"{short}-{zlib.crc32(name.encode(errors='surrogateescape')):08x}"
