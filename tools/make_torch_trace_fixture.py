"""Write tests/fixtures/torch_trace.safetensors: what PyTorch finds inside of LSTMs, for tests/inside to compare with.

The tests only read the file; PyTorch is needed to make it anew, see make_torch_fixture.py. Everything is float64.

`nn.LSTMCell`, unrolled by hand, so that autograd holds the gradient of each step's x, h and c. Names in the file:

    <case>/x           (T,) ids or (T, D) floats
    <case>/step, <case>/target          the prediction whose gradients are taken: ln p(target), or output `target`
    <case>/lstm.*, <case>/head.*        parameters under PyTorch's names, as in a checkpoint
    <case>/outputs                      (T, O)
    <case>/h, <case>/c                  (L, T, H) after each step
    <case>/gradient_x                   (T, D), of ids with respect to their one-hot vectors
    <case>/gradient_h, <case>/gradient_c          (L, T, H)
"""

from pathlib import Path

import torch
from make_torch_fixture import MADE_WITH
from safetensors.torch import save_file
from torch import Tensor, nn

FIXTURE = Path(__file__).parent.parent / "tests" / "fixtures" / "torch_trace.safetensors"
T, D, H, V, L, PREDICTED = 12, 4, 6, 9, 2, 2
STEP, TARGET = 9, 1


def found_inside(*, classification: bool) -> dict[str, Tensor]:
    """Values and gradients of one pass."""
    inputs, outputs = (V, V) if classification else (D, PREDICTED)
    cells = [nn.LSTMCell(inputs if k == 0 else H, H) for k in range(L)]
    head = nn.Linear(H, outputs)
    ids = torch.randint(0, V, (T,))
    x = (nn.functional.one_hot(ids, V).double() if classification else torch.randn(T, D)).requires_grad_()
    states = [(torch.zeros(1, H), torch.zeros(1, H)) for _ in range(L)]
    hs: list[list[Tensor]] = [[] for _ in range(L)]
    cs: list[list[Tensor]] = [[] for _ in range(L)]
    tops = []
    for t in range(T):
        value = x[t : t + 1]
        for k, cell in enumerate(cells):
            states[k] = h, c = cell(value, states[k])
            h.retain_grad()
            c.retain_grad()
            hs[k].append(h)
            cs[k].append(c)
            value = h
        tops.append(head(value))
    all_outputs = torch.cat(tops)
    of_step = all_outputs[STEP].log_softmax(0) if classification else all_outputs[STEP]
    of_step[TARGET].backward()
    found = {
        "x": ids if classification else x.detach(), "step": torch.tensor(STEP), "target": torch.tensor(TARGET),
        "outputs": all_outputs.detach(), "gradient_x": x.grad,
        "head.weight": head.weight.detach(), "head.bias": head.bias.detach(),
    }  # fmt: skip
    for name, values in (("h", hs), ("c", cs)):
        found[name] = torch.stack([torch.cat(of_layer).detach() for of_layer in values])
        gradients = [[torch.zeros(1, H) if v.grad is None else v.grad for v in of_layer] for of_layer in values]
        found[f"gradient_{name}"] = torch.stack([torch.cat(of_layer) for of_layer in gradients])
    for k, cell in enumerate(cells):
        found |= {f"lstm.{name}_l{k}": values.detach() for name, values in cell.named_parameters()}
    return found


def main() -> None:
    """Write the file."""
    if torch.__version__.partition("+")[0] != MADE_WITH:
        raise SystemExit(f"this needs torch {MADE_WITH}, not {torch.__version__}")
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    tensors: dict[str, Tensor] = {}
    for case in ("classification", "regression"):
        found = found_inside(classification=case == "classification")
        tensors |= {f"{case}/{name}": values.contiguous() for name, values in found.items()}
    save_file(tensors, FIXTURE, metadata={"made_by": "tools/make_torch_trace_fixture.py", "torch": MADE_WITH})
    print(f"{len(tensors)} tensors, {FIXTURE.stat().st_size:,} bytes in {FIXTURE.name}")


if __name__ == "__main__":
    main()
