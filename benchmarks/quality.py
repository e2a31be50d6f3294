"""What a budget of minutes buys: the loss on the last tenth of a text, held out, after training with the real command.

    python benchmarks/quality.py [--minutes 5] [--presets default,classic] [--seeds 1,2,3] [--data FILE] [--json FILE]
    python benchmarks/quality.py --minutes 60 --presets long

Each run is `lstm-tui train --task text --split 90/10/0 --json` in a folder of its own, which is removed afterwards. The
figure is that of its `done` line: over the whole held-out part, state carried, measured once, at the end. Beside it
stands what is known of counting models on this split of the man pages.
"""

import json
import math
import subprocess
import sys
import tempfile
from typing import Any

from machine import Results, introduce, parser_of, print_table

COUNTING = {"uniform": 4.564, "4-gram counts (modified Kneser-Ney)": 1.317, "9-gram counts (the best)": 0.947}


def trained(preset: str, seed: str, minutes: float, more: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Train once; the last `step` line and the `done` line."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "lstm_tui", "train", "--task", "text", "--split", "90/10/0", "--json"]
        command += ["--preset", preset, "--seed", seed, "--minutes", str(minutes), "--save", f"{folder}/run", *more]
        last: dict[str, Any] = {}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                event = json.loads(line)
                if event["event"] == "done":
                    if event["status"] != "finished" or not last:
                        sys.exit(f"\n{preset} seed {seed}: {event['status']} at step {event['step']:,}: no figure")
                    return last, event
                last = event
                seen = f"val {event['val_loss']:.3f}" if event.get("val_loss") else ""
                print(f"\r{preset} seed {seed}: {event['elapsed_s']:.0f} s, step {event['step']:,}  {seen:<12}",
                      end="", file=sys.stderr, flush=True)  # fmt: skip
    sys.exit(f"training with {' '.join(command)} failed")


def main() -> None:
    """Train with every preset and seed, then print the table."""
    parser = parser_of(__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--presets", default="default,classic")
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--data", help="another text")
    asked = parser.parse_args()
    more = ["--data", asked.data] if asked.data else []
    results = Results(asked.json)
    introduce()
    rows = []
    for preset in asked.presets.split(","):
        for seed in asked.seeds.split(","):
            last, done = trained(preset, seed, asked.minutes, more)
            loss = done["val_loss"]
            rows.append([preset, seed, f"{done['elapsed_s']:.0f}", f"{done['step']:,}", f"{done['epoch']:.2f}",
                         f"{last['chars_per_s']:,.0f}", f"{loss:.4f}", f"{loss / math.log(2):.4f}"])  # fmt: skip
    print(flush=True)
    head = ["preset", "seed", "seconds", "steps", "epochs", "chars/s", "nats", "bits"]
    results.table(f"{asked.minutes:g} minutes", head, rows, keys=2, less=["nats"], more=["chars/s"])
    if not asked.data:
        print_table(["counting model, same split", "nats"], [[name, f"{nats:.3f}"] for name, nats in COUNTING.items()])
    results.write()


if __name__ == "__main__":
    main()
