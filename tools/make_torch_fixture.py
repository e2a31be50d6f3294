"""Write tests/fixtures/torch_CELL.safetensors: what PyTorch computes, for tests/network/test_torch.py to compare with.

The tests only read the file; PyTorch is needed to make it anew, in an environment of its own:

    python -m venv .venv-torch
    .venv-torch/bin/pip install torch==2.13.0 numpy safetensors
    .venv-torch/bin/python tools/make_torch_fixture.py

Any CPU build of that version will do. Everything is float64.

PyTorch keeps two biases for each layer, bias_ih and bias_hh; we keep one. Nearly all gates only ever see their sum:
W_ih x + b_ih + W_hh h + b_hh. So the two have the same gradient, and an optimizer that moved both would move the sum
twice as far as one that moves a single bias. Here bias_hh is zero and stays out of training, and bias_ih is the bias.
The n of a GRU is the exception: there both biases are trained.

Names in the file: <case>/<what>[/<PyTorch's parameter name>].

    x, targets     ten batches, time-major: (10, T, B) ids or (10, T, B, D) floats; targets have the steps of the loss
    h0, c0         (num_layers, B, H), not zero; c0 and all other c where the cell has one
    initial/*      parameters before training
    outputs, loss, h_last, c_last, gradient/*, gradient_h0, gradient_c0, gradient_x       of the first batch
    most_norm      what norms are clipped to
    clipped/*      the same gradients after torch.nn.utils.clip_grad_norm_ to most_norm / 10
    <optimizer>/losses, <optimizer>/norms     (10,) of ten steps, state carried on, gradients clipped to most_norm
    <optimizer>/final/*                       parameters after them
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

FIXTURES = Path(__file__).parent.parent / "tests" / "fixtures"
MADE_WITH = "2.13.0"
STEPS = 10
T, B, D, H, V = 7, 3, 4, 6, 9
PREDICTED = 2  # values a regression predicts


State = tuple[Tensor, ...]


class Cell(NamedTuple):
    """A kind of cell in PyTorch: its module, its states, and which rows of bias_hh are a bias of their own."""

    module: type[nn.RNNBase]
    states: str = "h"
    apart: slice = slice(0)


CELLS = {"lstm": Cell(nn.LSTM, "hc"), "gru": Cell(nn.GRU, apart=slice(2 * H, 3 * H)), "rnn": Cell(nn.RNN)}


class Case(NamedTuple):
    """A model to compare: its cell, its depth, where its loss is taken, and what it is trained with."""

    cell: str
    name: str
    num_layers: int
    classification: bool
    every_step: bool
    most_norm: float  # between the smallest and the largest norm met: some steps are clipped and some are not
    optimizers: tuple[str, ...] = ("adam",)

    @property
    def its(self) -> Cell:
        """Its cell."""
        return CELLS[self.cell]


CASES = (
    Case("lstm", "classification", 2, True, True, 0.25, ("adam", "adagrad", "sgd")),
    Case("lstm", "regression_last", 1, False, False, 0.8),
    Case("lstm", "regression_every", 3, False, True, 0.4),
    Case("gru", "classification", 2, True, True, 0.25),
    Case("gru", "regression_last", 1, False, False, 0.8),
    Case("gru", "regression_every", 3, False, True, 0.4),
    Case("rnn", "classification", 2, True, True, 0.25),
    Case("rnn", "regression_last", 1, False, False, 1.5),
    Case("rnn", "regression_every", 3, False, True, 0.4),
)


class Model(nn.Module):
    """Recurrent layers and nn.Linear, named as a checkpoint of ours names them."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case
        self.layers = case.its.module(V if case.classification else D, H, case.num_layers)
        self.head = nn.Linear(H, V if case.classification else PREDICTED)
        for name, values in self.layers.named_parameters():
            if name.startswith("bias_hh"):
                nn.init.zeros_(values)
                apart = torch.zeros_like(values)
                apart[case.its.apart] = 1
                if apart.any():
                    values.register_hook(apart.mul)  # the gradient of the other rows is zero
                else:
                    values.requires_grad_(requires_grad=False)

    def forward(self, x: Tensor, state: State) -> tuple[Tensor, State]:
        """Outputs at the steps of the loss, and the last state."""
        h, last = self.layers(x, state if len(state) > 1 else state[0])
        return self.head(h if self.case.every_step else h[-1:]), (last if len(state) > 1 else (last,))

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Mean cross-entropy in nats, or mean squared error."""
        if self.case.classification:
            return nn.functional.cross_entropy(outputs.flatten(0, 1), targets.flatten())
        return nn.functional.mse_loss(outputs, targets)

    def values(self, folder: str) -> dict[str, Tensor]:
        """All parameters, copied, named folder/name."""
        return {f"{folder}/{self.named(name)}": values.detach().clone() for name, values in self.named_parameters()}

    def named(self, name: str) -> str:
        """The name in a checkpoint."""
        return name.replace("layers.", f"{self.case.cell}.")

    def gradients(self, folder: str) -> dict[str, Tensor]:
        """The gradients of all trained parameters, copied, named folder/name."""
        found = ((name, values.grad) for name, values in self.named_parameters())
        return {f"{folder}/{self.named(name)}": gradient.clone() for name, gradient in found if gradient is not None}


def make_optimizer(name: str, parameters: Iterable[Tensor]) -> torch.optim.Optimizer:
    """An optimizer with our settings."""
    if name == "adam":
        return torch.optim.Adam(parameters, lr=0.01, betas=(0.9, 0.99), eps=1e-8)
    if name == "adagrad":
        return torch.optim.Adagrad(parameters, lr=0.05, eps=1e-8)
    return torch.optim.SGD(parameters, lr=0.1, momentum=0.9)


def clip(model: Model) -> Tensor:
    """Clip the norm of all gradients to most_norm and return the norm before.

    clip_grad_norm_ multiplies with most / (norm + 1e-6), where we have most / norm: ten steps would agree to one part
    in a million and prove no more. It is made of the two calls below; the 1e-6 is taken off between them. What
    clip_grad_norm_ itself makes of a gradient is in clipped/*.
    """
    trained = [values for values in model.parameters() if values.grad is not None]
    norm = nn.utils.get_total_norm([values.grad for values in trained if values.grad is not None])
    nn.utils.clip_grads_with_norm_(trained, model.case.most_norm, norm - 1e-6)
    return norm


def ten_steps(model: Model, name: str, inputs: Tensor, targets: Tensor, state: State) -> dict[str, Tensor]:
    """Train for ten steps, handing the state on as a constant; losses, norms before clipping, and final parameters."""
    optimizer = make_optimizer(name, [values for values in model.parameters() if values.requires_grad])
    losses, norms = [], []
    for x, target in zip(inputs, targets, strict=True):
        optimizer.zero_grad()
        outputs, state = model(x, state)
        loss = model.loss(outputs, target)
        loss.backward()
        norms.append(clip(model))
        optimizer.step()
        losses.append(loss.detach())
        state = tuple(part.detach() for part in state)
    found = {f"{name}/losses": torch.stack(losses), f"{name}/norms": torch.stack(norms)}
    return found | model.values(f"{name}/final")


def first_batch(model: Model, x: Tensor, targets: Tensor, state: State) -> dict[str, Tensor]:
    """Outputs, loss and all gradients of one forward and one backward pass."""
    x, *start = (values.clone().requires_grad_() for values in (x, *state))
    outputs, last = model(x, tuple(start))
    loss = model.loss(outputs, targets)
    loss.backward()
    found = {"outputs": outputs, "loss": loss, "gradient_x": x.grad}
    for name, before, after in zip(model.case.its.states, start, last, strict=True):
        found |= {f"{name}_last": after, f"gradient_{name}0": before.grad}
    found |= model.gradients("gradient")
    nn.utils.clip_grad_norm_(model.parameters(), model.case.most_norm / 10)
    return {name: values.detach() for name, values in found.items()} | model.gradients("clipped")


def tensors_of(case: Case, seed: int) -> dict[str, Tensor]:
    """Everything the file holds about one case."""
    torch.manual_seed(seed)
    sizes = (0.5, 1.0)  # of h, and of c
    state = tuple(torch.randn(case.num_layers, B, H) * size for size, _ in zip(sizes, case.its.states, strict=False))
    if case.classification:
        x = torch.randint(V, (STEPS, T, B))
        targets = torch.randint(V, (STEPS, T, B))
        inputs = nn.functional.one_hot(x, V).to(torch.float64)
    else:
        x = inputs = torch.randn(STEPS, T, B, D)
        targets = torch.randn(STEPS, T if case.every_step else 1, B, PREDICTED)
    model = Model(case)
    initial = {name: values.clone() for name, values in model.state_dict().items()}
    found = {"x": x, "targets": targets, "most_norm": torch.tensor(case.most_norm)}
    found |= {f"{name}0": part for name, part in zip(case.its.states, state, strict=True)}
    found |= model.values("initial")
    found |= first_batch(model, inputs[0], targets[0], state)
    for name in case.optimizers:
        model.load_state_dict(initial)
        found |= ten_steps(model, name, inputs, targets, state)
    return {f"{case.name}/{name}": values.contiguous() for name, values in found.items()}


def main() -> None:
    """Write the files."""
    if torch.__version__.partition("+")[0] != MADE_WITH:
        raise SystemExit(f"this needs torch {MADE_WITH}, not {torch.__version__}")
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)  # so that sums are taken in one order on every machine
    FIXTURES.mkdir(exist_ok=True)
    for cell in CELLS:
        tensors: dict[str, Tensor] = {}
        cases = [case for case in CASES if case.cell == cell]
        for seed, case in enumerate(cases):
            tensors |= tensors_of(case, seed)
        file = FIXTURES / f"torch_{cell}.safetensors"
        save_file(tensors, file, metadata={"made_by": "tools/make_torch_fixture.py", "torch": MADE_WITH})
        print(f"{len(tensors)} tensors, {file.stat().st_size:,} bytes in {file.name}")
        for case in cases:
            for name in case.optimizers:
                norms = tensors[f"{case.name}/{name}/norms"]
                print(f"  {case.name}, {name}: {norms.min():.3f} to {norms.max():.3f}, clipped above {case.most_norm}")


if __name__ == "__main__":
    main()
