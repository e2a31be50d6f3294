"""Make the pictures of the documents from the app itself: real data, a real training, the real screen.

    python tools/make_pictures.py            writes docs/pictures/*.svg, about four minutes

Every screen is shown in each size and in both looks, after some training with the default preset: the main screen of
both tasks, that for a projector, surprise while it trains, two samples side by side, a single step, the settings form,
the list of saves, the help, the question how to stop; and a sweep. Those of evaluation-only mode, and of the look
inside, show the two models that ship.
"""

import asyncio
import os
import re
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from lstm_model.costs.shards import cores
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.saved_model import SavedModel
from lstm_model.settings.presets import preset_config
from lstm_model.sweeps.design import Design
from lstm_model.sweeps.roads.local import Local
from lstm_model.sweeps.space import Range, Space, Values
from lstm_model.sweeps.sweep import Sweep
from lstm_model.tasks.registry import open_task
from lstm_model.training.trainer import Trainer
from lstm_tui.app import LstmApp
from lstm_tui.faces.text.seen import TextSeen
from lstm_tui.inside.table import VIEWS
from lstm_tui.opening.launch import Launch
from lstm_tui.opening.saved import open_saved
from lstm_tui.sweeping.app import SweepApp
from lstm_tui.sweeping.source import Driven
from lstm_tui.terminal.themes import DARK, LIGHT

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SIZES = [(80, 24), (160, 45)]
LOOKS = {"dark": DARK.name, "light": LIGHT.name}
SECONDS: dict[str, float] = {"text": 120, "stock": 25}
SWEPT = 24  # trials
INSIDE = {  # views of the look inside, and the keys that bring something good into view
    ("text", 1): ["right", "left", *["down"] * 4],
    ("text", 4): [*["down"] * 3, *["right"] * 12],
    ("text", 6): [*["right"] * 20],
    ("text", 7): [],
    ("text", 9): [],
    ("stock", 4): ["end"],
}
DIALOGS = {"step": "o", "settings": "n", "load": "l", "help": "question_mark", "stop": "ctrl+c"}


async def screens(task: str, pilot: Pilot[int]) -> AsyncIterator[str]:
    """Bring one screen after the other up, and name it."""
    app = pilot.app
    assert isinstance(app, LstmApp)
    while app.sessions.current.look().figure.elapsed < SECONDS[task]:
        await pilot.pause(0.5)
    await pilot.press("s", "p")
    while app.main_screen.is_busy:
        await pilot.pause(0.1)
    yield task
    await pilot.press("B")
    yield f"big-{task}"
    await pilot.press("B")
    if task == "stock":
        return
    await pilot.press("r")
    while TextSeen.of(app.sessions.current.look().seen).passage is None:
        await pilot.pause(0.5)
    yield "surprise"
    await pilot.press("r")
    await pilot.press("comma", "comma", "comma", "comma", "d", "full_stop", "full_stop", "full_stop", "full_stop")
    yield "samples"
    await pilot.press("d")
    for name, key in DIALOGS.items():
        await pilot.press(key)
        await pilot.pause(1)
        yield name
        await pilot.press("escape")


async def take(task: str, folder: Path) -> None:
    """Write the pictures of a task's screens."""
    trainer = Trainer(open_task(preset_config(task)))
    app = LstmApp(Launch(trainer, RunFolder.new(task), Plan(look_every=10)))
    async with app.run_test(size=SIZES[-1], notifications=False) as pilot:
        async for name in screens(task, pilot):
            await draw(name, app, pilot, folder)
        await pilot.press("q")
        app.sessions.join(10)


async def take_evaluation(task: str, folder: Path) -> None:
    """Write the pictures of the model of a task that ships."""
    opened = open_saved(SavedModel.read(ROOT / "saves" / f"demo-{task}"))
    app = LstmApp(Launch(opened.trainer, None, Plan(), eval_only=True, file=opened.file))
    async with app.run_test(size=SIZES[-1], notifications=False) as pilot:
        while True:
            now = app.sessions.current.look()
            if now.job is None and now.curves.references and now.figure.full_val_loss:
                break
            await pilot.pause(0.5)
        await draw(f"evaluation-{task}", app, pilot, folder)
        await pilot.press("q")
        app.sessions.join(10)


async def take_inside(task: str, folder: Path) -> None:
    """Write the pictures of the views of the look inside, of the model of a task that ships."""
    opened = open_saved(SavedModel.read(ROOT / "saves" / f"demo-{task}"))
    app = LstmApp(Launch(opened.trainer, None, Plan(), eval_only=True, file=opened.file))
    async with app.run_test(size=SIZES[-1], notifications=False) as pilot:
        await pilot.pause(1)
        await pilot.press("x")
        for entry in VIEWS:
            if (task, entry.number) not in INSIDE:
                continue
            await pilot.press(str(entry.number))
            await answered(app, pilot)
            await pilot.press(*INSIDE[task, entry.number])
            await answered(app, pilot)
            await draw(f"inside-{entry.name.lower()}-{task}", app, pilot, folder, sizes=SIZES[:1], looks=("dark",))
        await pilot.press("q")
        app.sessions.join(10)


async def take_sweep(folder: Path) -> None:
    """Write the pictures of a sweep in its middle, and of one of its trials."""
    base = preset_config("text", preset="quick", validate_every=15, threads=1)
    space = Space((Values("hidden_size", "hidden", (32, 64, 96)), Range("learning_rate", "lr", 0.002, 0.02, log=True)))
    design = Design(base, space, SWEPT, "random", open_task(base).fingerprint, steps=300)
    sweep = Sweep(design, Path("sweep"))
    source = Driven(sweep, Local(cores(), sweep.folder / "workers.log"), 1, deque())
    app = SweepApp(source)
    source.start()
    async with app.run_test(size=SIZES[-1], notifications=False) as pilot:
        while sum(trial.outcome is not None for trial in source.look().trials.values()) < SWEPT - 3:
            await pilot.pause(0.5)
        await pilot.press("p")
        await pilot.pause(3)
        await draw("sweep", app, pilot, folder)
        await pilot.press("down", "down", "enter")
        await pilot.pause(2)
        await draw("trial", app, pilot, folder, sizes=SIZES[:1], looks=("dark",))
        source.stop()
        source.join()
    sweep.close()


async def answered(app: LstmApp, pilot: Pilot[int]) -> None:
    """Wait until all of a view is there, which for some seconds stays as it is."""
    found, same = None, 0
    while same < 8:
        await pilot.pause(0.5)
        probed = app.sessions.current.look().probed
        same = same + 1 if probed.found is found and found is not None and not probed.share else 0
        found = probed.found


async def draw(
    name: str,
    app: LstmApp | SweepApp,
    pilot: Pilot[Any],
    folder: Path,
    sizes: Sequence[tuple[int, int]] = SIZES,
    looks: Sequence[str] = tuple(LOOKS),
) -> None:
    """Write what stands on the screen, in each size and look."""
    for size in sizes:
        for look in looks:
            if isinstance(app, LstmApp):
                app.choose_look(dark=look == "dark")
            else:
                app.theme = LOOKS[look]
            await pilot.resize_terminal(*size)
            await pilot.pause(0.5)
            file = folder / f"{name}-{size[0]}x{size[1]}-{look}.svg"
            file.write_text(without_web_fonts(app.export_screenshot(title="lstm-tui")), encoding="utf-8")
            print(file.name, flush=True)


def without_web_fonts(svg: str) -> str:
    """The same picture in the reader's own monospaced font: a document should load nothing from elsewhere."""
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE)
    return re.sub(r"font-family:\s*[^;]*;", "font-family: monospace;", svg)


def main() -> None:
    """Write all pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # what is saved, and what is preferred, stays there
        os.environ.pop("LSTM_TUI_SAVES", None)
        os.environ["XDG_CONFIG_HOME"] = f"{folder}/config"
        for task in SECONDS:
            asyncio.run(take(task, PICTURES))
            asyncio.run(take_evaluation(task, PICTURES))
            asyncio.run(take_inside(task, PICTURES))
        asyncio.run(take_sweep(PICTURES))


if __name__ == "__main__":
    main()
