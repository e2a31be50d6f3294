"""Text files for tests, and what was read of them."""

from pathlib import Path

from lstm_model.tasks.text.corpus import Corpus


def written(folder: Path, data: bytes) -> Path:
    """A file of some bytes."""
    path = folder / "text.txt"
    path.write_bytes(data)
    return path


def text_of(corpus: Corpus) -> str:
    """All of a corpus as a text."""
    return corpus.vocabulary.decode(corpus.ids)
