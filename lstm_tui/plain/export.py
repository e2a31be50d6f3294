"""`lstm-tui export`: a saved model for other programs."""

from pathlib import Path

from lstm_model.arrays import quietly
from lstm_model.errors import InputError
from lstm_model.runs.saved_model import SavedModel, naming
from lstm_model.settings.task_kinds import kind_of
from lstm_model.storage.files import write_whole
from lstm_tui.opening.chosen import with_model
from lstm_tui.opening.outputs import file_to_write, folder_to_write, require_package
from lstm_tui.opening.saved import read_named
from lstm_tui.options.given import Given
from lstm_tui.terminal.output import message, result
from lstm_tui.visible import as_line
from lstm_tui.wording import size


@quietly
def export(given: Given) -> int:
    """Write what is asked for, and say what it holds; gives the exit status."""
    if not {"onnx", "tensorboard"} & given.keys():
        raise InputError("export needs --onnx FILE or --tensorboard DIR: what to write")
    if "onnx" in given:
        path = file_to_write("--onnx", given["onnx"], (".onnx",))
        require_package("--onnx", "onnx", "onnx")
    else:
        path = folder_to_write("--tensorboard", given["tensorboard"])
        require_package("--tensorboard", "tensorboardX", "tensorboard")
    given, _ = with_model(given)
    saved = read_named(given)
    if "onnx" in given:
        _onnx(saved, path)
    else:
        _tensorboard(saved, path)
    return 0


def _onnx(saved: SavedModel, path: Path) -> None:
    from lstm_model.exports.onnx_file import onnx_model
    from lstm_model.storage.bare import bare_network

    record = saved.record
    sizes = kind_of(saved.config.task).sizes(saved.config, record.data.memory)
    with naming(saved.file):
        network = bare_network(saved.checkpoint)
        about = {
            "task": saved.config.task,
            "step": record.step,
            "trained_on": record.data.name,
            "data": record.data.memory,
            "settings": saved.config.as_dict(),
        }
        contents = onnx_model(network, takes_ids=sizes.takes_ids, about=about)
    write_whole(path, contents)
    read = "ids (time, batch)" if sizes.takes_ids else f"x (time, batch, {network.input_size})"
    states = " and ".join(network.kind.states)
    shape = f"({network.num_layers}, batch, {network.hidden_size})"
    result(
        as_line(f"{path}: {size(len(contents))}, step {record.step:,}; it reads {read} and the state, {states} {shape}")
    )


def _tensorboard(saved: SavedModel, path: Path) -> None:
    from lstm_model.exports.history import write_history

    written = write_history(saved, path)
    if written.missing:
        message(f"note: {written.missing}")
    result(as_line(f"{written.folder}: {written.rows:,} rows of figures, {written.samples:,} samples, histograms of"
                   f" step {saved.record.step:,}; show it with: tensorboard --logdir {path}"))  # fmt: skip
