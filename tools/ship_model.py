"""Make a small file of a trained checkpoint: its weights in half precision, its curves and its record.

    python tools/ship_model.py RUN/best.safetensors saves/demo-text

What only going on needs is left out: the optimizer's vectors, the carried state, and the moving weights where an
average is kept. Such a file can be measured, sampled and trained on; training starts a new optimizer then. Weights in
half precision have 11 bits: the loss changes in its fifth digit.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from lstm_model.storage.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from lstm_model.storage.files import write_whole
from lstm_model.training.resume import restore_trainer


def shipped(checkpoint: Checkpoint) -> Checkpoint:
    """The part of a checkpoint that ships."""
    kept = {name: tensor for name, tensor in checkpoint.tensors.items() if name.startswith(("lstm.", "head."))}
    tensors = {name: tensor.astype(np.float16) for name, tensor in kept.items()}
    curves = {name: tensor for name, tensor in checkpoint.tensors.items() if name.startswith("history.")}
    return Checkpoint(tensors | curves, replace(checkpoint.record, alone=True))


def main(source: Path, folder: Path) -> None:
    """Write it, and see that it can be loaded."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "best.safetensors"
    checkpoint = shipped(load_checkpoint(source))
    save_checkpoint(path, checkpoint)
    settings = json.dumps(checkpoint.record.config.as_dict(), indent=2)
    write_whole(folder / "config.json", (settings + "\n").encode())
    trainer = restore_trainer(load_checkpoint(path))
    print(f"{path}: {path.stat().st_size:,} bytes, step {trainer.steps:,}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
