"""What `sample` does with a model of text: it writes."""

import secrets
import sys
import time

import numpy as np

from lstm_model.errors import InputError
from lstm_model.network.losses import bits
from lstm_model.network.model import LSTM
from lstm_model.network.sampling import Choice, generate
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.saved_model import SavedModel, naming
from lstm_model.storage.home import expanded
from lstm_model.tasks.base import finish
from lstm_model.tasks.text.adaptive import read_adaptively, text_reader
from lstm_model.tasks.text.bare_model import bare_model
from lstm_model.tasks.text.corpus import Vocabulary, read_corpus
from lstm_model.tasks.text.kind import TextSettings
from lstm_model.tasks.text.prompt import decoded_prompt, fitted_prompt
from lstm_tui.options.given import Given
from lstm_tui.terminal.output import Progress, message
from lstm_tui.visible import Streamed


def sample(saved: SavedModel, given: Given) -> int:
    """Write text, as it comes."""
    options = {name: given[name] for name in ("temperature", "top_k", "top_p") if name in given}
    choice = Choice(**options)
    with naming(saved.file):
        model, vocabulary = bare_model(saved.checkpoint)
    one_blas_thread()
    if "adapt_on" in given:
        model = taught(model, vocabulary, given["adapt_on"], TextSettings.of(saved.config))
    on_screen = sys.stdout.isatty()
    seed = given.get("seed")
    if seed is None:
        seed = secrets.randbelow(1_000_000)
        if on_screen:
            message(f"--seed {seed} writes this text again")
    elif seed < 0:
        raise InputError(f"--seed must be 0 or more, not {seed}")
    prompt = prompt_of(given, saved.record.data.memory.get("prompt"), vocabulary.characters)
    ids = vocabulary.encode(prompt)
    shown = Streamed() if on_screen else str
    sys.stdout.write(shown(prompt))
    begun = time.monotonic()
    try:
        for chosen in generate(model, ids, given.get("length", 500), choice, np.random.default_rng(seed)):
            sys.stdout.write(shown(vocabulary.characters[chosen]))
            if on_screen and time.monotonic() - begun > 0.05:  # streaming, but not a system call for each character
                sys.stdout.flush()
                begun = time.monotonic()
    finally:
        if on_screen:
            sys.stdout.write("\n")
    return 0


def taught(model: LSTM, vocabulary: Vocabulary, name: str, settings: TextSettings) -> LSTM:
    """The model once it has read a text and learnt from it, and a message on how well it knew it by then."""
    path = expanded(name)
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
