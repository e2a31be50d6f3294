"""Weights under PyTorch's names, and what is believed of a file's tensors."""

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.errors import CheckpointError
from lstm_model.network.parameters import Parameters
from lstm_model.network.start_values import parameter_shapes
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import Sizes

LARGEST = 1e38  # of a number in a tensor: two of them still have a float32 sum
TENSOR_NAMES = {"head_weight": "head.weight", "head_bias": "head.bias"}


def model_tensors(parameters: Parameters) -> dict[str, Floats]:
    """A model's parameters under PyTorch's names; ours have one bias, so the second one is zero."""
    tensors: dict[str, Floats] = {}
    for name, values in parameters.items():
        if name.startswith("bias_l"):
            layer = name.removeprefix("bias_l")
            tensors[f"lstm.bias_ih_l{layer}"] = values
            tensors[f"lstm.bias_hh_l{layer}"] = np.zeros_like(values)
        else:
            tensors[TENSOR_NAMES.get(name, f"lstm.{name}")] = values
    return tensors


def load_parameters(parameters: Parameters, tensors: dict[str, Floats]) -> None:
    """Copy tensors under PyTorch's names into parameters, in place; CheckpointError if one is missing or misshaped."""
    for name, values in parameters.items():
        if name.startswith("bias_l"):
            layer = name.removeprefix("bias_l")
            # Only the sum of PyTorch's two biases has a meaning.
            values[...] = taken(tensors, f"lstm.bias_ih_l{layer}", values.shape)
            values += taken(tensors, f"lstm.bias_hh_l{layer}", values.shape)
        else:
            values[...] = taken(tensors, TENSOR_NAMES.get(name, f"lstm.{name}"), values.shape)


def require_model(tensors: dict[str, Floats], config: Config, sizes: Sizes) -> None:
    """A CheckpointError unless the tensors are those of a model of these settings: before one is built."""
    if config.num_layers > len(tensors):  # before so many shapes are listed
        raise CheckpointError(f"the checkpoint's settings ask for {config.num_layers:,} layers, which it does not hold")
    for name, shape in parameter_shapes(sizes.inputs, config.hidden_size, sizes.outputs, config.num_layers).items():
        taken(tensors, TENSOR_NAMES.get(name, f"lstm.{name.replace('bias_l', 'bias_ih_l')}"), shape)


def taken(tensors: dict[str, Floats], name: str, shape: tuple[int, ...], least: float = -LARGEST) -> Floats:
    """A tensor by name, checked: a CheckpointError if it is missing, of another shape, no floats, or out of range."""
    if name not in tensors:
        raise CheckpointError(f"the checkpoint holds no tensor {name}")
    tensor = tensors[name]
    if tensor.shape != shape:
        raise CheckpointError(f"the checkpoint's tensor {name} has shape {tensor.shape}; its settings ask for {shape}")
    if tensor.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            low, high = float(tensor.min(initial=0)), float(tensor.max(initial=0))
        if least <= low and high <= LARGEST:  # neither is so of NaN
            return tensor
    raise CheckpointError(f"the checkpoint's tensor {name} holds what is no number, or out of all proportion")
