"""Weights under PyTorch's names, and what is believed of a file's tensors."""

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.errors import CheckpointError
from lstm_model.network.cells.base import CellKind
from lstm_model.network.cells.registry import CELLS
from lstm_model.network.model import Network
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import Sizes

LARGEST_NUMBER = 1e38  # of a number in a tensor: two of them still have a float32 sum
HEAD = {"head.weight": "head_weight", "head.bias": "head_bias"}


def model_tensors(model: Network) -> dict[str, Floats]:
    """A model's parameters under PyTorch's names: "lstm.weight_ih_l0", ..., "head.weight", "head.bias"."""
    tensors: dict[str, Floats] = {}
    for k in range(model.num_layers):
        of_layer = model.kind.to_torch(_layer(model, k))
        tensors |= {_name(model.kind, name, k): values for name, values in of_layer.items()}
    return tensors | {name: model.parameters[ours] for name, ours in HEAD.items()}


def load_parameters(model: Network, tensors: dict[str, Floats]) -> None:
    """Copy tensors under PyTorch's names into a model, in place; CheckpointError if one is missing or misshaped."""
    kind = model.kind
    for k in range(model.num_layers):
        shapes = kind.torch_shapes(model.hidden_size if k else model.input_size, model.hidden_size)
        of_layer = {name: checked_tensor(tensors, _name(kind, name, k), shape) for name, shape in shapes.items()}
        kind.from_torch(of_layer, _layer(model, k))
    for name, ours in HEAD.items():
        model.parameters[ours][...] = checked_tensor(tensors, name, model.parameters[ours].shape)


def require_model(tensors: dict[str, Floats], config: Config, sizes: Sizes) -> None:
    """A CheckpointError unless the tensors are those of a model of these settings: before one is built."""
    H, kind = config.hidden_size, CELLS[config.cell]
    if config.num_layers > len(tensors):  # before so many shapes are listed
        raise CheckpointError(f"the checkpoint's settings ask for {config.num_layers:,} layers, which it does not hold")
    if not any(name.startswith(f"{kind.name}.") for name in tensors):
        raise CheckpointError(f"the checkpoint's settings ask for the cell {kind.name}, of which it holds no tensor")
    for k in range(config.num_layers):
        for name, shape in kind.torch_shapes(H if k else sizes.inputs, H).items():
            checked_tensor(tensors, _name(kind, name, k), shape)
    checked_tensor(tensors, "head.weight", (sizes.outputs, H))
    checked_tensor(tensors, "head.bias", (sizes.outputs,))


def _name(kind: CellKind, name: str, k: int) -> str:
    return f"{kind.name}.{name}_l{k}"


def _layer(model: Network, k: int) -> dict[str, Floats]:
    """The parameters of layer k by the names that its kind gives them."""
    return {name: model.parameters[f"{name}_l{k}"] for name in model.kind.parameters}


def checked_tensor(
    tensors: dict[str, Floats], name: str, shape: tuple[int, ...], least: float = -LARGEST_NUMBER
) -> Floats:
    """A tensor by name, checked: a CheckpointError if it is missing, of another shape, no floats, or out of range."""
    if name not in tensors:
        raise CheckpointError(f"the checkpoint holds no tensor {name}")
    tensor = tensors[name]
    if tensor.shape != shape:
        raise CheckpointError(f"the checkpoint's tensor {name} has shape {tensor.shape}; its settings ask for {shape}")
    if tensor.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            low, high = float(tensor.min(initial=0)), float(tensor.max(initial=0))
        if least <= low and high <= LARGEST_NUMBER:  # neither is so of NaN
            return tensor
    wrong = "contains NaN, infinity or a far too large number, or is not of floats"
    raise CheckpointError(f"the checkpoint's tensor {name} {wrong}")
