"""The moving picture of the README: small, not too long, linked; and the script that records it from the real app."""

import re
from pathlib import Path

import make_recording
import pytest
from make_recording import FILE, Film, Scene, record
from PIL import Image, ImageSequence

from support.places import ROOT

SHOWS = "page.txt", "NAME\n    ls - list directory contents\n\n" * 60


def length(file: Path) -> float:
    """Seconds that a GIF takes once round."""
    with Image.open(file) as picture:
        return float(sum(frame.info["duration"] for frame in ImageSequence.Iterator(picture))) / 1000


def test_the_recording_moves_is_small_and_is_what_the_readme_shows_first() -> None:
    with Image.open(FILE) as picture:
        assert picture.format == "GIF"
        assert picture.n_frames > 30  # type: ignore[attr-defined]
        assert picture.width >= 700
    assert FILE.stat().st_size < 1_500_000
    assert 12 <= length(FILE) <= 20
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert (ROOT / pictures[0]).resolve() == FILE


@pytest.mark.slow
def test_the_script_records_what_the_app_shows(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, text = SHOWS
    (here / name).write_text(text)
    options = ("--data", name, "--hidden", "8", "--batch", "2", "--seq", "5", "--threads", "1")
    scenes = (Scene("begins", 2), Scene("pauses", 1, 1, " ", until="PAUSED"), Scene("quits", 2, 1, "q"))
    monkeypatch.setattr(make_recording, "OPTIONS", options)
    monkeypatch.setattr(make_recording, "SCENES", scenes)
    film: Film = record(here)
    film.save(here / "film.gif")
    assert len(film.frames) > 4
    with Image.open(here / "film.gif") as picture:
        assert picture.n_frames == len(film.frames)  # type: ignore[attr-defined]
    assert list((here / "saves").iterdir())
