"""A look inside a run whose model is not here: what its folder keeps, which is the movie."""

from pathlib import Path

from lstm_tui.session.probing import Probe, Probed

NO_MODEL = "There is no model here to look into. What the folder of a run keeps is the movie: key 3."


def kept_answer(probe: Probe | None, folder: Path, task: str, step: int) -> Probed:
    """What a folder answers to what a view asks, up to a step; for a view that needs the model, why it does not."""
    if probe is None:
        return Probed()
    found = probe.kept(folder, task, step)
    return Probed(probe, found, step, refused="" if found is not None else NO_MODEL)
