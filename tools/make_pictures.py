"""Make the pictures of the documents from the app itself: real data, a real training, the real screen.

    python tools/make_pictures.py            writes docs/text.svg and docs/stock.svg, about three minutes

Each picture is what the app shows at 110x34 after some seconds of training with the default preset.
"""

import asyncio
import re
import tempfile
from pathlib import Path

from lstm_model.config import TaskName, preset_config
from lstm_model.folders import RunFolder
from lstm_model.run import Plan
from lstm_model.tasks import open_task
from lstm_model.trainer import Trainer
from lstm_tui.app import LstmApp
from lstm_tui.launch import Launch

DOCS = Path(__file__).resolve().parent.parent / "docs"
SIZE = (110, 34)
SECONDS: dict[TaskName, float] = {"text": 150, "stock": 25}


async def picture(task: TaskName, folder: Path) -> str:
    """The screen of a task after its time, as SVG."""
    trainer = Trainer(open_task(preset_config(task)))
    app = LstmApp(Launch(trainer, RunFolder.new(task, folder / task), Plan(look_every=10)))
    async with app.run_test(size=SIZE, notifications=False) as pilot:
        while app.sessions.current.look().figure.elapsed < SECONDS[task]:
            await pilot.pause(0.5)
        svg = app.export_screenshot(title=f"lstm-tui --task {task}")
        await pilot.press("q")
        app.sessions.join(10)
    return without_web_fonts(svg)


def without_web_fonts(svg: str) -> str:
    """The same picture in the reader's own monospaced font: a document should load nothing from elsewhere."""
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE)
    return re.sub(r"font-family:\s*[^;]*;", "font-family: monospace;", svg)


def main() -> None:
    """Write both pictures."""
    with tempfile.TemporaryDirectory() as folder:
        for task in SECONDS:
            svg = asyncio.run(picture(task, Path(folder)))
            (DOCS / f"{task}.svg").write_text(svg, encoding="utf-8")
            print(f"docs/{task}.svg")


if __name__ == "__main__":
    main()
