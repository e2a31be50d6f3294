"""README.md of a run's folder, a model card: what the model is and gives, and how to load it elsewhere.

Its front matter is the YAML that model hubs read, so that the folder can be put on one as it is.
"""

import json
from pathlib import Path
from typing import Any

from lstm_model import __version__
from lstm_model.runs import baselines
from lstm_model.runs.saves import BEST, LAST, Saved, describe
from lstm_model.settings.task_kinds import Sizes, TaskKind, kind_of
from lstm_model.storage.checkpoint import read_record
from lstm_model.storage.files import write_whole
from lstm_model.storage.record import Record

CARD = "README.md"
MARK = "<!-- written by lstm-tui at each save; without this line it stays as you made it -->"
HEAD = 8192  # bytes of a card in which the mark stands

LOADING = """\
```python
import json
import torch
from safetensors import safe_open

with safe_open("{file}", "pt") as file:
    tensors = {{name: file.get_tensor(name).float() for name in file.keys()}}
    record = json.loads(file.metadata()["record"])

model = torch.nn.{cell}(input_size={inputs}, hidden_size={hidden}, num_layers={layers})
head = torch.nn.Linear({hidden}, {outputs})
model.load_state_dict({{name[{start}:]: t for name, t in tensors.items() if name.startswith("{prefix}")}})
head.load_state_dict({{name[5:]: t for name, t in tensors.items() if name.startswith("head.")}})
{use}
```"""
IDS = """\
known = record["data"]  # of text the characters that the ids stand for, in "vocabulary"
x = torch.nn.functional.one_hot(torch.tensor([[0], [1]]), {inputs}).float()  # (time, batch, {inputs})
logits = head(model(x)[0])  # (time, batch, {outputs})"""
NUMBERS = """\
x = torch.zeros({steps}, 1, {inputs})  # (time, batch, {inputs}), scaled as record["data"] says
prediction = head(model(x)[0])[-1]  # (batch, {outputs})"""


def write_card(file: Path) -> None:
    """Write the card of a run beside its checkpoint; not over a README.md that somebody else wrote.

    OSError if it cannot be written, CheckpointError if the checkpoint cannot be read.
    """
    path = file.with_name(CARD)
    if path.exists() and not is_ours(path):
        return
    record = read_record(file)
    write_whole(path, model_card(describe(file, record), record).encode(errors="backslashreplace"))


def is_ours(path: Path) -> bool:
    """Whether a README.md is a card that a run wrote. OSError if it cannot be read."""
    if not path.is_file():  # a pipe would wait for whoever writes
        return False
    with path.open("rb") as there:
        return MARK.encode() in there.read(HEAD)


def model_card(save: Saved, record: Record) -> str:
    """The card of the run that a checkpoint is of."""
    kind = kind_of(save.task)
    sizes = kind.sizes(record.config, record.data.memory)
    beside = baselines.known(save.baselines)
    front = "\n".join(_yaml(_front_matter(save, record, kind)))
    return "\n".join([
        "---", front, "---", "", MARK, "",
        f"# {_plain(save.run)}", "",
        f"{_layers(save, record)}, trained from scratch by lstm-tui {__version__} on {_code(save.data)}.", "",
        "| figure | value |", "|---|---|",
        *(f"| {name} | {value} |" for name, value in _figures(save, record, kind)), "",
        *_baselines(save, beside, kind),
        "## Load it in PyTorch", "", _loading(save, sizes, record), "",
        "## Settings", "", "```json", json.dumps(dict(save.values), indent=2, ensure_ascii=False), "```", "",
    ])  # fmt: skip


def _front_matter(save: Saved, record: Record, kind: TaskKind) -> dict[str, Any]:
    ships = record.config.data is None and bool(kind.licence)
    best = save.best_val_loss
    results = [] if best is None else [{
        "task": {"type": kind.hub_task},
        "dataset": {"name": save.data, "type": "other"},
        "metrics": [{"name": f"validation loss, {kind.words.loss}", "type": "loss", "value": float(f"{best:.6g}")}],
    }]  # fmt: skip
    return {
        "license": "other" if ships else "unknown",
        **({"license_name": kind.licence} if ships else {}),
        "library_name": "lstm-tui",
        "pipeline_tag": kind.hub_task,
        "tags": [_cell(save).lower(), "recurrent", "from-scratch", save.task],
        "model-index": [{"name": save.run, "results": results}],
    }


def _yaml(value: Any, indent: str = "") -> list[str]:
    """Plain values as YAML, whose strings are written as JSON has them."""
    lines: list[str] = []
    if isinstance(value, dict):
        for name, each in value.items():
            if isinstance(each, dict | list) and each:
                lines += [f"{indent}{name}:", *_yaml(each, indent + "  ")]
            else:
                lines.append(f"{indent}{name}: {json.dumps(each, ensure_ascii=True)}")
    else:
        for each in value:
            if isinstance(each, dict):
                first, *others = _yaml(each, indent + "  ")
                lines += [f"{indent}- {first.strip()}", *others]
            else:
                lines.append(f"{indent}- {json.dumps(each, ensure_ascii=True)}")
    return lines


def _figures(save: Saved, record: Record, kind: TaskKind) -> list[tuple[str, str]]:
    shown = [
        ("task", save.task),
        ("data", f"{_code(save.data)}, sha256 `{record.data.sha256}`"),
        ("licence of the data", kind.licence if record.config.data is None and kind.licence else "say it here"),
        ("step", f"{save.step:,}"),
        ("time of training", f"{save.elapsed_s / 60:.1f} minutes"),
    ]
    losses = (("training loss", save.loss, ""), ("validation loss", save.val_loss, ""),
              ("lowest validation loss", save.best_val_loss, f" at step {save.best_step:,} (`{BEST}`)"))  # fmt: skip
    return shown + [
        (f"{name}, {kind.words.loss}", f"{value:.4f}{at}") for name, value, at in losses if value is not None
    ]


def _baselines(save: Saved, beside: baselines.Losses, kind: TaskKind) -> list[str]:
    head = ["## Held against", ""]
    if not beside:
        return [*head, "Baselines were not counted.", ""]
    rows = [(f"{loss:.4f}", name) for name, loss in sorted(beside.items(), key=lambda each: each[1])]
    best = [] if save.best_val_loss is None else [(f"{save.best_val_loss:.4f}", "**this model**")]
    lines = [f"| {name} | {loss} |" for loss, name in sorted([*rows, *best])]
    return [*head, f"| validation part | {kind.words.loss} |", "|---|---|", *lines, ""]


def _loading(save: Saved, sizes: Sizes, record: Record) -> str:
    cell = _cell(save)
    shape = {"inputs": sizes.inputs, "outputs": sizes.outputs, "steps": record.config.seq_length}
    return LOADING.format(
        file=BEST if save.best_val_loss is not None else LAST,
        cell=cell,
        prefix=f"{cell.lower()}.",
        start=len(cell) + 1,
        hidden=record.config.hidden_size,
        layers=record.config.num_layers,
        use=(IDS if sizes.takes_ids else NUMBERS).format(**shape),
        **shape,
    )


def _layers(save: Saved, record: Record) -> str:
    layers, units = record.config.num_layers, record.config.hidden_size
    return f"{layers} layer{'' if layers == 1 else 's'} of {units} {_cell(save)} units with a linear head"


def _cell(save: Saved) -> str:
    """What PyTorch calls the kind of cell."""
    return str(save.values["cell"]).upper()


def _code(text: str) -> str:
    """A name as Markdown shows it as it is."""
    return f"`{_plain(text)}`"


def _plain(text: str) -> str:
    """A name without what would end its line, its cell or its quotes: a file may be called anything."""
    return "".join("?" if character in "`|" or not character.isprintable() else character for character in text)
