"""The one table of options: it feeds the parser, --help, all checks of what is given, the form and the README.

What a task alone knows is in `lstm_tui/faces/TASK/options.py`, and comes from there into the table's places.
"""

import importlib
from dataclasses import replace
from typing import get_args

from lstm_model.inside.views.names import VIEW_NAMES
from lstm_model.lessons.table import LESSONS
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.presets import preset_config
from lstm_model.settings.task_kinds import kind_of
from lstm_model.settings.words import CellName, HeldOutPart, OnDivergence, OptimizerName, ScheduleName
from lstm_model.storage.home import expanded
from lstm_tui.options.option import APP, READING, RUNNING, SHOWING, STANDARD_INPUT, TRAINING, WATCHING, Option
from lstm_tui.options.values import as_text, count, in_a_row, names, number, one, path, positive, seconds, shares, whole

TASKS = tuple(KINDS)
SAMPLERS = "grid", "random", "optuna"
KEY_SETS = "default", "vim"
PRUNERS = "none", "median", "halving"
_FACES = [importlib.import_module(f"lstm_tui.faces.{task}.options") for task in TASKS]


def _of_the_tasks(group: str) -> tuple[Option, ...]:
    """The options of single tasks that belong to a group."""
    return tuple(option for face in _FACES for option in face.OPTIONS if option.group == group)


def _presets() -> str:
    """The presets, each with its task where not every task has it."""
    known = dict.fromkeys(name for task in TASKS for name in kind_of(task).presets)
    owners = {name: [task for task in TASKS if name in kind_of(task).presets] for name in known}
    return in_a_row([name if len(owners[name]) == len(TASKS) else f"{name} ({', '.join(owners[name])})"
                     for name in known])  # fmt: skip


def _splits() -> str:
    """The usual split, and that of each task which has another."""
    usual, *others = {task: as_text(preset_config(task).split, "/") for task in TASKS}.items()
    return "; ".join([usual[1], *(f"{task} {split}" for task, split in others if split != usual[1])])


def _absolute(name: str) -> str:
    return name if name == STANDARD_INPUT else str(expanded(name).absolute())


# In the order of --help, of the commands that the form shows, and of the form.
OPTIONS: tuple[Option, ...] = (
    Option("load", "the model: a run folder, a checkpoint file, or demo-TASK (the newest run; else what ships)",
           ("eval", "sample", "inspect", "export"), metavar="PATH"),
    Option("task", "whose model, where --load names none", ("eval", "sample", "inspect", "export"), choices=TASKS,
           metavar="|".join(TASKS)),

    Option("task", f"what to learn ({TASKS[0]})", TRAINING, choices=TASKS, metavar="|".join(TASKS), group="data",
           form="top"),
    Option("task", "what it is to be read for (detected from the file)", ("data",), choices=TASKS,
           metavar="|".join(TASKS), group="data"),
    Option("data", f"{', or '.join(face.DATA for face in _FACES if face.DATA)} (those that ship); - for standard input",
           (*TRAINING, "eval", "inspect"), field="data", rest="more_data", takes="values", convert=path, metavar="FILE",
           setting=_absolute, group="data", may_change="yes", form="top", label="data file"),
    # A setting of every task whose data are a file of characters.
    Option("encoding", "how the file is encoded, such as cp1252 (UTF-8, or what the file itself says)", READING,
           field="encoding", metavar="NAME", group="data", may_change="yes", of_the_data=True),
    *_of_the_tasks("data"),

    Option("preset", f"{_presets()}; `train --help` gives the reasons", TRAINING, field="preset", metavar="NAME",
           group="settings", form="top"),
    Option("cell", f"kind of recurrent cell: {in_a_row(get_args(CellName))}", TRAINING, field="cell",
           choices=get_args(CellName), metavar="NAME", group="settings", form="left"),
    Option("hidden", "hidden units of a layer", TRAINING, field="hidden_size", convert=whole, metavar="N",
           group="settings", form="left"),
    Option("layers", "layers", TRAINING, field="num_layers", convert=whole, metavar="N", group="settings", form="left"),
    Option("batch", "sequences trained on side by side", TRAINING, field="batch_size", convert=whole, metavar="N",
           group="settings", form="left"),
    Option("seq", "time steps of a sequence", TRAINING, field="seq_length", convert=whole, metavar="N",
           group="settings", form="left"),
    Option("dropout", "share dropped on the way out of a layer (0)", TRAINING, field="dropout", convert=number,
           metavar="X", group="settings", may_change="yes", in_evaluation=False, form="right"),
    Option("optimizer", in_a_row(get_args(OptimizerName)), TRAINING, field="optimizer",
           choices=get_args(OptimizerName), metavar="NAME", group="settings", form="right"),
    Option("lr", "learning rate", TRAINING, field="learning_rate", convert=number, metavar="X", group="settings",
           may_change="yes", in_evaluation=False, form="right", label="learning rate"),
    Option("schedule", f"of the rate: {in_a_row(get_args(ScheduleName))}", TRAINING, field="schedule",
           choices=get_args(ScheduleName), metavar="NAME", group="settings", may_change="yes", in_evaluation=False),
    Option("warmup", "steps over which the rate rises at the start", TRAINING, field="warmup", convert=whole,
           metavar="N", group="settings", may_change="yes", in_evaluation=False),
    Option("clip", "bound on the gradient; 0: none", TRAINING, field="clip", convert=number, metavar="X",
           group="settings", may_change="yes", in_evaluation=False),
    Option("average", "power of the running mean of the weights; 0: none", TRAINING, field="average", convert=number,
           metavar="X", group="settings"),
    Option("split", f"per cent for training, validation, test ({_splits()})", SHOWING, field="split", convert=shares,
           metavar="A/B/C", separator="/", group="settings"),
    *_of_the_tasks("settings"),
    Option("seed", "random seed (1)", TRAINING, field="seed", convert=whole, metavar="N", group="settings",
           all_tasks=True, form="right"),

    Option("steps", "the step at which to end, also for a resumed run", RUNNING, convert=count, metavar="N",
           group="run", excludes="end", in_evaluation=False),
    Option("minutes", "train for so long (until you stop it)", RUNNING, convert=positive, metavar="M", group="run",
           excludes="end", in_evaluation=False),
    Option("load", "go on with a run folder or a checkpoint, in its folder", RUNNING, metavar="PATH", group="run"),
    Option("init_from", "begin a new run with the weights of this one, also over other data", RUNNING, metavar="PATH",
           group="run", in_evaluation=False),
    Option("save", "folder of the run (saves/TASK-DATE-TIME); a loaded one goes on there", RUNNING, metavar="DIR",
           group="run", in_evaluation=False),
    Option("name", "what to call the run: this name then opens it, as its folder does", RUNNING, metavar="TEXT",
           group="run", in_evaluation=False),
    Option("overwrite", "let --save replace the run that DIR holds", RUNNING, takes="nothing", group="run",
           in_evaluation=False),
    Option("autosave", "save this often (60); 0: only at the end", RUNNING, convert=seconds, metavar="SECONDS",
           group="run", in_evaluation=False),
    Option("on_divergence", "if the loss is no number: rollback (go back, half the rate) or stop", RUNNING,
           choices=get_args(OnDivergence), metavar="WHAT", group="run", in_evaluation=False),
    Option("auto", "let the coach act where a run learns by heart: more dropout, then the end", RUNNING,
           takes="nothing", group="run", in_evaluation=False),
    Option("tensorboard", "also write figures, samples and histograms for TensorBoard (needs tensorboardX)", ("train",),
           metavar="DIR", group="run", in_evaluation=False),
    Option("notify", "tell when the run ends, explodes or is no better for long: bell and notification of the terminal",
           RUNNING, takes="nothing", group="run", in_evaluation=False),
    Option("notify_command", "the same by a command, which gets the line as its last argument", RUNNING,
           metavar="COMMAND", group="run", in_evaluation=False),
    Option("threads", "cores that share a step; 0: chosen for you", TRAINING, field="threads", convert=whole,
           metavar="N", group="run", may_change="yes", in_evaluation=False, all_tasks=True, kept=False),

    Option("eval_only", "look at a saved model (--load, the newest, what ships): nothing is trained or written", (APP,),
           takes="nothing", group="app"),
    Option("against", "with --eval-only: another model, shown beside the loaded one", (APP,), metavar="PATH",
           group="app"),
    Option("detach", "train in a process of its own, which goes on when the screen goes: see `attach`", (APP,),
           takes="nothing", group="app", in_evaluation=False),
    Option("paused", "begin paused", (APP,), takes="nothing", group="app", in_evaluation=False),
    Option("sample_every", "a sample or a forecast this often (15), more often at first; 0: on g alone", (APP,),
           convert=seconds, metavar="SECONDS", group="app", in_evaluation=False),
    Option("ssh", "spare a slow link: no mouse, fewer pictures (detected from the environment)", (APP, *WATCHING),
           takes="yes or no", group="app"),
    Option("keys", f"a set of keys: {in_a_row(KEY_SETS)} (the one of your preferences)", (APP, *WATCHING),
           choices=KEY_SETS, metavar="NAME", group="app"),
    Option("big", "the look for a projector: few large figures, thick curves, more contrast", (APP, *WATCHING),
           takes="nothing", group="app"),
    Option("ascii", "for terminals without braille dots (detected from the environment)", (APP, *WATCHING),
           takes="nothing", group="app"),

    Option("try", "a setting and its values: hidden=128,256 or lr=log:0.001..0.02 or layers=1..3; several times",
           ("sweep",), convert=one, takes="values", metavar="SETTING=VALUES", group="sweep"),
    Option("steps", "a trial ends at this step", ("sweep",), convert=count, metavar="N", group="sweep",
           excludes="end"),
    Option("minutes", "or after so long: neighbours then make a difference", ("sweep",), convert=positive, metavar="M",
           group="sweep", excludes="end"),
    Option("seeds", "train each setting from N seeds (1)", ("sweep",), convert=count, metavar="N", group="sweep"),
    Option("trials", "runs in all, seeds counted (the whole grid, or 20)", ("sweep",), convert=count, metavar="N",
           group="sweep"),
    Option("sampler", f"what comes next: {in_a_row(SAMPLERS)} (grid where it can be; optuna: extra `sweep`)",
           ("sweep",), choices=SAMPLERS, metavar="NAME", group="sweep"),
    Option("pruner", f"when a trial is given up: {in_a_row(PRUNERS)} (median)", ("sweep",), choices=PRUNERS,
           metavar="NAME", group="sweep"),
    Option("again", "train the winner again from N fresh seeds (3); 0: not", ("sweep",), convert=whole, metavar="N",
           group="sweep"),
    Option("jobs", "trials side by side (as many as there are cores)", ("sweep",), convert=count, metavar="N",
           group="sweep"),
    Option("scheduler", "train on the workers of a Dask scheduler: tcp://HOST:8786, or local (extra `cluster`)",
           ("sweep",), metavar="ADDRESS", group="sweep"),
    Option("save", "folder of the sweep (saves/sweep-TASK-...); the same command there goes on", ("sweep",),
           metavar="DIR", group="sweep"),
    Option("show", "open the screen of the sweep in --save DIR, which another process trains or which has ended",
           ("sweep",), takes="nothing", group="sweep"),
    Option("plain", "lines also on a terminal, and no screen", ("sweep",), takes="nothing", group="sweep"),

    Option("part", "which held-out part (test; val if there is no test part)", ("eval",),
           choices=get_args(HeldOutPart), metavar="|".join(get_args(HeldOutPart))),
    Option("adapt", "also let the model learn from each piece, once that was predicted and scored; the file stays as it"
           " is", ("eval",), takes="nothing"),
    *_of_the_tasks(""),
    Option("against", "another model, measured on the same and set beside it", ("eval",), metavar="PATH"),
    Option("jobs", "with --seeds: models trained side by side (as many as there are cores)", ("eval",), convert=count,
           metavar="N"),
    Option("scheduler", "with --seeds: train on the workers of a Dask scheduler, tcp://HOST:8786 or local", ("eval",),
           metavar="ADDRESS"),
    Option("plot", "also draw a picture into a .png, .svg or .pdf file (needs matplotlib)", ("eval",), metavar="FILE"),

    Option("view", f"{', '.join(VIEW_NAMES)}: one or more ({VIEW_NAMES[0]})", ("inspect",), convert=names,
           takes="values", metavar="NAME"),
    Option("layer", "look at this layer, 1 the lowest", ("inspect",), convert=count, metavar="N"),
    Option("unit", "look at this unit, from 0 (the one that is clearest)", ("inspect",), convert=whole, metavar="N"),
    Option("at", "look at this step of what is read, from 0; below 0 from its end (-1)", ("inspect",), convert=whole,
           metavar="N"),
    Option("page", "which piece of the held-out part is read, or which window (1)", ("inspect",), convert=count,
           metavar="N"),
    Option("html", "write a page that stands alone", ("inspect",), metavar="FILE"),
    Option("plot", "draw the view into a .png, .svg or .pdf file (needs matplotlib)", ("inspect",), metavar="FILE"),

    Option("prime", "what the text starts with", ("sample",), metavar="TEXT", excludes="prompt"),
    Option("prime_file", "the same from a UTF-8 file; - for standard input", ("sample",), metavar="FILE",
           excludes="prompt"),
    Option("length", "characters to write (500)", ("sample",), convert=count, metavar="N"),
    Option("until", "end a text as soon as it has TEXT, which is kept", ("sample",), metavar="TEXT"),
    Option("count", "texts to write side by side, with seeds one after the other (1)", ("sample",), convert=count,
           metavar="N"),
    Option("beam", "draw nothing: the likeliest text that a search with K beams finds", ("sample",), convert=count,
           metavar="K"),
    Option("temperature", "below 1 safer, above 1 bolder (0.8)", ("sample",), convert=number, metavar="X"),
    Option("top_k", "choose among the N likeliest; 0: all (0)", ("sample",), convert=whole, metavar="N"),
    Option("top_p", "choose among those with probability X together (1)", ("sample",), convert=number, metavar="X"),
    Option("seed", "equal seed, equal text (a new one each time)", ("sample",), convert=whole, metavar="N"),

    Option("onnx", "an ONNX model: ids or numbers in, outputs and the state out (needs onnx)", ("export",),
           metavar="FILE", excludes="what"),
    Option("tensorboard", "figures, samples and histograms for TensorBoard (needs tensorboardX)", ("export",),
           metavar="DIR", excludes="what"),

    Option("data", "a text, a folder of texts, a table of prices, or - for standard input", ("data",), takes="argument",
           metavar="FILE"),

    Option("run", "the folder of a run, or its name", ("watch", "replay"), takes="argument", metavar="RUN"),
    Option("run", "the folder of a run, or its name (the newest that trains)", ("attach",), takes="argument",
           metavar="RUN", may_lack=True),
    Option("control", "also pause, sample, save and stop it: for the user who trains it", ("watch",), takes="nothing"),
    Option("speed", "times as fast as it was trained (60)", ("replay",), convert=positive, metavar="X"),
    Option("plain", "lines, also on a terminal", WATCHING, takes="nothing"),

    Option("host", "where to listen (127.0.0.1: this machine alone)", ("serve",), metavar="ADDRESS", group="serve"),
    Option("port", "the port (8000); 0: any that is free", ("serve",), convert=whole, metavar="N", group="serve"),
    Option("open", "open the page in a browser", ("serve",), takes="nothing", group="serve"),

    Option("shell", "which shell: bash, zsh or fish", ("completion",), takes="argument", metavar="SHELL",
           choices=("bash", "zsh", "fish")),

    Option("json", "one JSON object a line on standard output, and nothing else there", ("train", "sweep", *WATCHING),
           takes="nothing"),
    Option("lesson", "which mistake; without a name they are listed", ("demo",), takes="argument", metavar="NAME",
           choices=tuple(LESSONS), may_lack=True),

    Option("json", "one JSON object", ("eval", "inspect", "sample", "data", "demo"), takes="nothing"),

    Option("where", "only runs for which this holds, as in 'hidden>=256 and task=text'", ("runs",), metavar="EXPR",
           group="rows"),
    Option("sort", "in the order of a column (the newest first)", ("runs",), metavar="COLUMN", group="rows"),
    Option("reverse", "the other way round", ("runs",), takes="nothing", group="rows"),
    Option("group_by", "a line for each value of columns: mean and spread of the best loss over its runs", ("runs",),
           convert=names, takes="values", metavar="COLUMN", group="rows"),
    Option("columns", "the columns to show (settings that differ, and figures)", ("runs",), convert=names,
           takes="values", metavar="COLUMN", group="rows"),
    Option("baselines", "count baselines that are not known yet: takes seconds for each data set", ("runs",),
           takes="nothing", group="rows"),
    Option("prune", "take old step-... and previous files from the disk, by the rule in docs/runs.md", ("runs",),
           takes="nothing", group="tidying up", excludes="what is tidied up"),
    Option("delete", "move a run to the trash", ("runs",), metavar="RUN", group="tidying up",
           excludes="what is tidied up"),
    Option("trash", "list the trash", ("runs",), takes="nothing", group="tidying up", excludes="what is tidied up"),
    Option("restore", "bring a run back from the trash", ("runs",), metavar="RUN", group="tidying up",
           excludes="what is tidied up"),
    Option("empty_trash", "take all that is in the trash from the disk", ("runs",), takes="nothing",
           group="tidying up", excludes="what is tidied up"),
    Option("dry_run", "say what --prune or --empty-trash would do, and do nothing", ("runs",), takes="nothing",
           group="tidying up"),
    Option("yes", "do not ask", ("runs",), takes="nothing", group="tidying up"),
    Option("json", "one JSON list, an object for each checkpoint", ("runs",), takes="nothing", group="written as",
           excludes="form of a table"),
    Option("csv", "all columns as CSV", ("runs",), takes="nothing", group="written as", excludes="form of a table"),
    Option("markdown", "a table of Markdown", ("runs",), takes="nothing", group="written as",
           excludes="form of a table"),
    Option("latex", "a tabular of LaTeX", ("runs",), takes="nothing", group="written as", excludes="form of a table"),
)  # fmt: skip

SERVED = {"task", "data", "preset", "steps", "minutes", "load", "save", "eval_only", "paused", "keys"}
OPTIONS = tuple(  # what opens the app in a terminal opens it in a browser
    replace(option, commands=(*option.commands, "serve"))
    if APP in option.commands and option.name in SERVED
    else option
    for option in OPTIONS
)

SETTINGS = {option.name: option for option in OPTIONS if option.field is not None}  # those that set a field of Config
FORM = tuple(option for option in OPTIONS if option.form)  # what the form of a new run shows from the start
NOT_IN_FORM = {  # of what `train` knows, each with the reason
    "load": "the list of saved runs goes on with one",
    "tensorboard": "`train` alone writes it; `export` makes it of any run",
    "notify": "it holds for the app and not for a run; a key turns it on and off",
    "notify_command": "it holds for the app and not for a run",
    "json": "it is for programs, and the form is for a person",
}
MORE = tuple(  # what it shows where more is asked for: all else that a new run can be told
    option for option in OPTIONS
    if "train" in option.commands and not option.form and option.name not in NOT_IN_FORM
)  # fmt: skip
IN_FORM = tuple(option for option in OPTIONS if option in FORM or option in MORE)  # in the order of --help


def of_command(command: str) -> tuple[Option, ...]:
    """The options that a command knows."""
    return tuple(option for option in OPTIONS if command in option.commands)
