"""The trained models that ship, a folder for each: among the saves of a checkout, inside the package when installed."""

from importlib.resources import files
from pathlib import Path

from lstm_model.settings.known_tasks import KINDS


def shipped_models() -> dict[str, Path]:
    """Their folders by name: "demo-text" and so on. A task that has none is left out."""
    package = Path(str(files("lstm_model")))
    found = {}
    for task in KINDS:
        name = _name(task)
        for place in (package / "models", package.parent / "saves"):
            if (place / name).is_dir():
                found[name] = place / name
                break
    return found


def shipped_model(task: str) -> Path | None:
    """The folder of the model that ships for a task, None if there is none."""
    return shipped_models().get(_name(task))


def ships(folder: Path) -> bool:
    """Whether a folder is that of a model that ships, in which no run goes on."""
    there = folder.resolve()
    return any(there == each.resolve() for each in shipped_models().values())


def _name(task: str) -> str:
    return f"demo-{task}"
