"""A network as an ONNX model: other programs compute it, and carry its state from piece to piece.

    ids (T, B) or x (T, B, D), and the state -> one operator a layer -> linear head -> outputs, and the state after

ONNX stacks gates in another order than PyTorch and we do, has an axis for directions, and two biases for each gate.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from lstm_model.arrays import Floats
from lstm_model.errors import InputError
from lstm_model.network.cells.base import CellKind, Named, OnnxOperator
from lstm_model.network.model import Network

OPSET, IR = 17, 8  # of 2022: what is in use reads them
LAST = np.iinfo(np.int64).max


def onnx_model(network: Network, *, takes_ids: bool, about: Mapping[str, Any]) -> bytes:
    """The bytes of a model that computes what `Network.forward` does, in float32.

    Inputs: `ids` (time, batch), int64, or `x` (time, batch, D); and each state, such as `h` and `c`, of shape (layers,
    batch, H), zeros at the start of a sequence. Outputs: `logits` (time, batch, V), or `prediction` (time, batch, O),
    with one time where the last step alone has one; and each state after the last step, such as `h_out`. about: what
    else is written into the file, as JSON: vocabulary or scalers, so that it can be used alone. InputError for a cell
    that ONNX has no operator for.
    """
    kind = network.kind
    if kind.onnx is None:
        raise InputError(f"ONNX has no operator for the cell {kind.name}: export a model of another cell")
    graph = _Graph(network, kind, kind.onnx, takes_ids)
    model = helper.make_model(
        helper.make_graph(graph.nodes, "network", graph.inputs, graph.outputs, graph.constants),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR,
        producer_name="lstm-tui",
    )
    helper.set_model_props(model, {name: json.dumps(value, ensure_ascii=False) for name, value in about.items()})
    onnx.checker.check_model(model, full_check=True)
    data: bytes = model.SerializeToString()
    return data


class _Graph:
    """The nodes and the constants of a network, made one after the other."""

    def __init__(self, network: Network, kind: CellKind, operator: OnnxOperator, takes_ids: bool) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        L, H = network.num_layers, network.hidden_size
        floats, integers = TensorProto.FLOAT, TensorProto.INT64
        if takes_ids:
            self.inputs = [helper.make_tensor_value_info("ids", integers, ["time", "batch"])]
            x = self.node("OneHot", ["ids", self.constant("V", np.int64(network.input_size)),
                                     self.constant("off_on", np.array([0, 1], np.float32))])  # fmt: skip
        else:
            self.inputs = [helper.make_tensor_value_info("x", floats, ["time", "batch", network.input_size])]
            x = "x"
        states = [helper.make_tensor_value_info(name, floats, [L, "batch", H]) for name in kind.states]
        self.inputs += states
        before = [self.by_layer(name, L) for name in kind.states]
        after: list[list[str]] = [[] for _ in kind.states]
        for k in range(L):
            x, of_layer = self.layer(network, kind, operator, k, x, [part[k] for part in before])
            for part, name in zip(after, of_layer, strict=True):
                part.append(name)
        for name, part in zip(kind.states, after, strict=True):
            self.node("Concat", part, f"{name}_out", axis=0)
        steps: str | int = "time"
        if network.loss_at == "last":
            ends = [self.constant(name, np.array([value])) for name, value in (("from", -1), ("to", LAST), ("on", 0))]
            x, steps = self.node("Slice", [x, *ends]), 1
        name = "logits" if network.task_type == "classification" else "prediction"
        p = network.parameters
        product = self.node("MatMul", [x, self.constant("head_weight", p["head_weight"].T)])
        self.node("Add", [product, self.constant("head_bias", p["head_bias"])], name)
        self.outputs = [helper.make_tensor_value_info(name, floats, [steps, "batch", network.output_size])]
        self.outputs += [helper.make_tensor_value_info(f"{name}_out", floats, [L, "batch", H]) for name in kind.states]

    def layer(
        self, network: Network, kind: CellKind, operator: OnnxOperator, k: int, x: str, state: Sequence[str]
    ) -> tuple[str, list[str]]:
        """The operator of a layer: h of every step (T, B, H), and its state after the last, (1, B, H) each."""
        arrays = kind.to_torch({name: network.parameters[f"{name}_l{k}"] for name in kind.parameters})
        weights = [self.constant(f"{name}_l{k}", value) for name, value in in_onnx(arrays, kind, operator).items()]
        after = [f"{name}_l{k}_after" for name in kind.states]
        all_steps = f"h_l{k}_steps"
        attributes: dict[str, Any] = {"hidden_size": network.hidden_size, **operator.attributes}
        inputs = [x, *weights, "", *state]  # "": all sequences are as long as the batch
        self.nodes.append(helper.make_node(operator.name, inputs, [all_steps, *after], **attributes))
        return self.node("Squeeze", [all_steps, self.constant(f"direction_l{k}", np.array([1]))]), after

    def by_layer(self, name: str, L: int) -> list[str]:
        """A state (L, B, H) as L names of (1, B, H)."""
        if L == 1:
            return [name]
        parts = [f"{name}_l{k}" for k in range(L)]
        self.nodes.append(helper.make_node("Split", [name], parts, axis=0))
        return parts

    def node(self, operator: str, inputs: Sequence[str], output: str = "", **attributes: Any) -> str:
        """Add a node of one output, and give that its name."""
        output = output or f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def constant(self, name: str, value: Any) -> str:
        """Add an array that the model holds."""
        array = np.asarray(value)
        as_held = array.astype(np.float32 if array.dtype.kind == "f" else np.int64)
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(as_held).reshape(array.shape), name))
        return name


def in_onnx(arrays: Named, kind: CellKind, operator: OnnxOperator) -> dict[str, Floats]:
    """A layer's arrays under PyTorch's names as ONNX has them: W (1, GH, D), R (1, GH, H), B (1, 2 GH)."""

    def ordered(stacked: Floats) -> Floats:
        return np.concatenate([kind.rows(stacked, gate) for gate in operator.gates])

    biases = np.concatenate([ordered(arrays["bias_ih"]), ordered(arrays["bias_hh"])])
    return {"W": ordered(arrays["weight_ih"])[None], "R": ordered(arrays["weight_hh"])[None], "B": biases[None]}
