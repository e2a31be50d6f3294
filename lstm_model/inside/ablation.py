"""What a part is worth: the loss without it, on a probe."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from lstm_model.arrays import Floats, Inputs, quietly
from lstm_model.errors import InputError
from lstm_model.inside.html import table
from lstm_model.network.cells.base import ReferenceCell
from lstm_model.network.model import Network
from lstm_model.tasks.base import Slices
from lstm_model.tasks.probes import HeldOut

OPEN = 100.0  # a bias that drives a sigmoid to 1 in float32 and float64

Change = tuple[str, Callable[[], None]]  # what is left out, and what leaves it out of a network


@dataclass(frozen=True)
class Without:
    """A part that was left out: what it was, and the loss then."""

    what: str  # "f = 1", "unit 12 = 0"
    loss: float  # nats per target, or mean squared error
    cost: float  # how much more than that of the whole network; below 0: it does better without


@dataclass(frozen=True)
class Ablation:
    """The loss of the whole network on the probe, and of it without parts."""

    whole: float
    without: tuple[Without, ...]

    @property
    def ranked(self) -> list[Without]:
        """The dearest part first."""
        return sorted(self.without, key=lambda part: -part.cost)

    @property
    def rows(self) -> list[list[str]]:
        """A table, its heads first, the dearest part on top."""
        rows = [[part.what, f"{part.loss:.4f}", f"{part.cost:+.4f}"] for part in self.ranked]
        return [["without", "loss", "cost"], ["(whole)", f"{self.whole:.4f}", ""], *rows]

    def _repr_html_(self) -> str:
        """As a notebook shows it."""
        return table(self.rows)


def ablation(
    network: Network, probe: HeldOut, units: Sequence[tuple[int, int]] = (), *, parts: bool = True
) -> Slices[Ablation]:
    """Measure a network on a probe as it is, and with one thing after the other left out, in all layers at once.

    parts: each gate held open at 1, and what the kind of cell has in its `variants`; units: pairs of a layer and a unit
    whose h is held at 0. The warm-up of the probe is read and not counted. InputError for a unit that there is not.
    """
    for layer, unit in units:
        if not (0 <= layer < network.num_layers and 0 <= unit < network.hidden_size):
            raise InputError(f"the network has no unit {unit} in layer {layer + 1}")
    changed = Network(**network.settings, vectors=(network.parameters.flat.copy(), network.gradients.flat))
    changes = [*(_parts(changed) if parts else ()), *(_unit(changed, *unit) for unit in units)]
    whole = _loss(changed, probe)
    found: list[Without] = []
    before, cells = changed.parameters.flat.copy(), changed.cells
    for what, change in changes:
        yield (1 + len(found)) / (1 + len(changes))
        change()
        loss = _loss(changed, probe, by_step=changed.cells is not cells)
        found.append(Without(what, loss, loss - whole))
        changed.parameters.flat[...], changed.cells = before, cells
    return Ablation(whole, tuple(found))


def _parts(network: Network) -> list[Change]:
    kind = network.kind
    gates = [gate for gate in kind.gates if gate != kind.candidate]
    return [
        *((f"{gate} = 1", partial(_open, network, gate)) for gate in gates),
        *((what, partial(_replace_cells, network, cell)) for what, cell in kind.variants.items()),
    ]


def _open(network: Network, gate: str) -> None:
    """Let a gate be 1 whatever comes."""
    for k in range(network.num_layers):
        for name in ("weight_ih", "weight_hh", "bias"):
            rows = network.kind.rows(network.parameters[f"{name}_l{k}"], gate)
            rows[...] = OPEN if name == "bias" else 0


def _replace_cells(network: Network, cell: Callable[..., ReferenceCell]) -> None:
    names = network.kind.parameters
    arrays = ([network.parameters[f"{name}_l{k}"] for name in names] for k in range(network.num_layers))
    network.cells = [cell(*of_layer) for of_layer in arrays]


def _unit(network: Network, layer: int, unit: int) -> Change:
    def silence() -> None:
        """Let nobody see its h: neither its layer at the next step nor the layer above, or the head."""
        above = "head_weight" if layer == network.num_layers - 1 else f"weight_ih_l{layer + 1}"
        for name in (f"weight_hh_l{layer}", above):
            network.parameters[name][:, unit] = 0

    where = "" if network.num_layers == 1 else f"layer {layer + 1}, "
    return f"{where}unit {unit} = 0", silence


@quietly
def _loss(network: Network, probe: HeldOut, *, by_step: bool = False) -> float:
    """The loss on a probe, from fast layers or, `by_step`, from the plain cells."""
    outputs = _by_step(network, probe.x) if by_step else network.forward(probe.x)[0]
    targets = probe.targets if network.loss_at == "every" else probe.targets[-1:]
    skipped = probe.warm_up if network.loss_at == "every" else 0
    return network.loss(outputs[skipped:], targets[skipped:]).value


def _by_step(network: Network, x: Inputs) -> Floats:
    """Outputs (S, B, O) of the plain cells, one step after the other."""
    state, found = network.zero_state(x.shape[1]), []
    for of_step in x:
        ids = x.ndim == 2
        vectors = np.eye(network.input_size, dtype=network.dtype)[of_step] if ids else of_step
        outputs, state = network.step(vectors, state)
        found.append(outputs)
    return np.stack(found if network.loss_at == "every" else found[-1:])
