"""What `sample` does with a model of text: it writes."""

import secrets
import sys

import numpy as np

from lstm_model.arrays import Ids
from lstm_model.errors import InputError
from lstm_model.network.losses import bits
from lstm_model.network.model import LSTM
from lstm_model.network.sampling import Choice
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.saved_model import SavedModel, naming
from lstm_model.storage.home import expanded
from lstm_model.tasks.base import finish
from lstm_model.tasks.text.adaptation.adaptive import read_adaptively, text_reader
from lstm_model.tasks.text.bare_model import bare_model
from lstm_model.tasks.text.corpus import Vocabulary, read_corpus
from lstm_model.tasks.text.kind import TextSettings
from lstm_model.tasks.text.writing.prompt import decoded_prompt, fitted_prompt
from lstm_tui.faces.text.one_file import text_file
from lstm_tui.faces.text.writer import Writer, Written
from lstm_tui.options.given import Given
from lstm_tui.terminal.output import Progress, json_line, message, result
from lstm_tui.visible import visible

DRAWING = ("temperature", "top_k", "top_p", "seed")  # options of a draw
WIDEST = 1_000  # beams


def sample(saved: SavedModel, given: Given) -> int:
    """Write one text as it comes; several, and those of a search, once they are whole."""
    _require_sense(given)
    choice = Choice(**{name: given[name] for name in DRAWING[:3] if name in given})
    with naming(saved.file):
        model, vocabulary = bare_model(saved.checkpoint)
    one_blas_thread()
    if "adapt_on" in given:
        model = taught(model, vocabulary, given["adapt_on"], TextSettings.of(saved.config))
    count, beam = given.get("count", 1), given.get("beam")
    seed = _seed(given) if beam is None else 0
    prompt = prompt_of(given, saved.record.data.memory.get("prompt"), vocabulary.characters)
    writer = Writer(model, vocabulary, prompt, given.get("length", 500), _until(given, vocabulary))
    if beam is None and count == 1 and "json" not in given:
        writer.stream(choice, seed)
        return 0
    progress = Progress("writing")
    try:
        if beam is not None:
            written = writer.likeliest(beam, progress)[:count]
        else:
            written = writer.draws(choice, range(seed, seed + count), progress)
    finally:
        progress.clear()
    if "json" in given:
        drawn = {"temperature": choice.temperature, "top_k": choice.top_k, "top_p": choice.top_p}
        samples = [each.as_object for each in written]
        how = drawn if beam is None else {"beam": beam}
        result(json_line({"model": str(saved.file), "prompt": prompt, **how, "samples": samples}))
    else:
        _show(prompt, written)
    return 0


def _require_sense(given: Given) -> None:
    """An InputError for options that do not go together."""
    beam, count = given.get("beam"), given.get("count", 1)
    for name in DRAWING:
        if beam is not None and name in given:
            flag = "--" + name.replace("_", "-")
            raise InputError(f"{flag} means nothing with --beam, which draws nothing: leave one of them out")
    if beam is not None and beam > WIDEST:
        raise InputError(f"--beam must be at most {WIDEST:,}, not {beam:,}: wider ones find nothing that reads better")
    if beam is not None and count > beam:
        raise InputError(f"--count {count} is more than the {beam} beams there are: raise --beam")


def _until(given: Given, vocabulary: Vocabulary) -> Ids | None:
    """What ends a text."""
    if "until" not in given:
        return None
    text = fitted_prompt(str(given["until"]), vocabulary.characters)
    if not text:
        raise InputError("--until is empty: give at least one character, or leave it out")
    return vocabulary.encode(text)


def _seed(given: Given) -> int:
    """The seed that was given, else a new one, which is told whoever is at the screen."""
    seed = given.get("seed")
    if seed is None:
        seed = secrets.randbelow(1_000_000)
        if sys.stdout.isatty():
            what = "this text" if given.get("count", 1) == 1 else "these texts"
            message(f"--seed {seed} writes {what} again")
    elif seed < 0:
        raise InputError(f"--seed must be 0 or more, not {seed}")
    return int(seed)


def _show(prompt: str, written: list[Written]) -> None:
    """Each text with its prompt; before each of several a line that says which it is."""
    shown = visible if sys.stdout.isatty() else str
    for number, each in enumerate(written, 1):
        if len(written) > 1:
            seed = "" if each.seed is None else f", seed {each.seed}"
            result(f"--- {number} of {len(written)}{seed}, {each.loss:.3f} nats per character ---")
        text = shown(prompt + each.text)
        if len(written) > 1 or sys.stdout.isatty():
            result(text)
        else:
            sys.stdout.write(text)


def taught(model: LSTM, vocabulary: Vocabulary, name: str, settings: TextSettings) -> LSTM:
    """The model once it has read a text and learnt from it, and a message on how well it knew it by then."""
    path = text_file(name, "--adapt-on")
    corpus = read_corpus(path, settings.encoding, (100,), vocabulary, encoding_errors=settings.encoding_errors)
    reader, progress = text_reader(model), Progress("reading")
    try:
        read = finish(read_adaptively(reader, corpus.ids, 1, len(corpus.ids), guesses=1), progress)
    finally:
        progress.clear()
    for note in corpus.notes:
        message(f"note: {note}")
    begin, end = (bits(float(part.mean())) for part in np.array_split(read.nats, 4)[::3])
    message(
        f"read {len(corpus.ids):,} characters of {path} and learnt from them: {begin:.2f} bits per character in the"
        f" first quarter, {end:.2f} in the last"
    )
    if reader.explosions:
        message(f"note: the weights ran away at character {reader.explosions[0] + 1:,}: it learnt on at half the rate")
    return reader.model


def prompt_of(given: Given, natural: object, known: str) -> str:
    """What the text starts with: the prompt, a file's contents, or the gap between pages."""
    if "prime" in given:
        prompt = fitted_prompt(str(given["prime"]), known)
    elif "prime_file" in given:
        prompt = fitted_prompt(_read_prompt(given["prime_file"]), known)
    else:
        return natural if isinstance(natural, str) and natural and set(natural) <= set(known) else known[0]
    if not prompt:
        raise InputError("the prompt is empty: give at least one character")
    return prompt


def _read_prompt(name: str) -> str:
    path = expanded(name)
    try:
        raw = sys.stdin.buffer.read() if name == "-" else path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}: name a text file with --prime-file") from None
    return decoded_prompt(raw, "standard input" if name == "-" else str(path))
