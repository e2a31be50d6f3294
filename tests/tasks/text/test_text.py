"""Text as numbers: vocabulary, parts, streams, and a loss in which each character counts once."""

import codecs
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_model.errors import InputError
from lstm_model.network.model import LSTM
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.base import finish
from lstm_model.tasks.text.corpus import BatchStreams, Vocabulary, fitting_shape, read_corpus, split_parts
from lstm_model.tasks.text.reading import decoding
from lstm_model.tasks.text.reading.reader import TextFile
from lstm_model.tasks.text.task import TextTask, text_loss, text_score

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)


@given(TEXTS)
def test_a_vocabulary_encodes_and_decodes_any_text(text: str) -> None:
    vocabulary = Vocabulary("".join(sorted(set(text))))
    ids = vocabulary.encode(text)
    assert vocabulary.characters == "".join(sorted(set(text)))
    assert len(vocabulary) == len(set(text))
    assert vocabulary.decode(ids) == text
    assert ids.max() < len(vocabulary)


@given(TEXTS, TEXTS)
def test_an_unknown_character_is_named(known: str, other: str) -> None:
    vocabulary = Vocabulary("".join(sorted(set(known))))
    unknown = sorted(set(other) - set(known))
    if unknown:
        with pytest.raises(InputError, match="the model has never seen") as caught:
            vocabulary.encode(other)
        assert f"{unknown[0]!r} (U+{ord(unknown[0]):04X})" in str(caught.value)
    else:
        vocabulary.encode(other)


def written(folder: Path, data: bytes) -> Path:
    path = folder / "text.txt"
    path.write_bytes(data)
    return path


def test_a_text_is_read_whole_with_what_was_mended_said(tmp_path: Path) -> None:
    corpus = read_corpus(written(tmp_path, codecs.BOM_UTF8 + "añ😀\r\nb\rc".encode() * 9))
    assert corpus.vocabulary.decode(corpus.ids).startswith("añ😀\nb\ncañ😀")
    assert corpus.vocabulary.characters == "\nabcñ😀"
    assert corpus.notes == (
        "the byte order mark was left out",
        "line ends CR LF (9), CR (9) were read as LF",
    )


def test_other_encodings(tmp_path: Path) -> None:
    text = "größer, größer, größer als vorher" * 4
    for encoding in ("utf-16", "cp1252", "utf-8-sig"):
        corpus = read_corpus(written(tmp_path, text.encode(encoding)), encoding)
        assert corpus.vocabulary.decode(corpus.ids) == text


@given(n=st.integers(100, 5000), cuts=st.tuples(st.integers(10, 80), st.integers(5, 10)))
def test_parts_are_contiguous_and_disjoint_and_cover_the_text(n: int, cuts: tuple[int, int]) -> None:
    split = (*cuts, 100 - sum(cuts))
    parts = split_parts(n, split, Path("x"))
    assert list(parts) == ["train", "val", "test"]
    assert [i for part in parts.values() for i in part] == list(range(n))
    for share, part in zip(split, parts.values(), strict=True):
        assert len(part) == pytest.approx(n * share / 100, abs=1)


@given(n=st.integers(3, 3000), B=st.integers(1, 50), T=st.integers(1, 100))
def test_a_batch_always_fits_and_shrinks_no_more_than_it_must(n: int, B: int, T: int) -> None:
    b, t = fitting_shape(n, B, T)
    assert 1 <= b <= B
    assert 1 <= t <= T
    assert (n - 1) // b >= t  # each stream holds a batch
    if t < T:
        assert b == 1  # the batch shrinks first
    if b < B:
        assert (b + 1) * T > n - 1


@settings(deadline=None)
@given(n=st.integers(3, 400), B=st.integers(1, 8), T=st.integers(1, 30))
def test_batches_put_together_give_back_each_stream(n: int, B: int, T: int) -> None:
    B, T = fitting_shape(n, B, T)
    ids = np.arange(n)
    streams = BatchStreams(ids, B, T)
    steps = streams.length // T
    batches = [streams.next() for _ in range(steps)]
    x, targets = (np.concatenate([batch[k] for batch in batches]) for k in (0, 1))
    for b in range(B):
        begin = b * streams.length
        np.testing.assert_array_equal(x[:, b], ids[begin : begin + steps * T])
        np.testing.assert_array_equal(targets[:, b], ids[begin + 1 : begin + 1 + steps * T])
    assert [batch[2] for batch in batches] == [True] + [False] * (steps - 1)
    assert streams.epoch == 1
    again = streams.next()
    assert again[2]
    np.testing.assert_array_equal(again[0], batches[0][0])
    assert streams.epochs == 1


def plain_loss(model: LSTM, ids: np.ndarray, begin: int, end: int) -> float:
    """Nats of the characters begin..end-1, one after the other, from a state of zeros."""
    state, total = None, 0.0
    for i in range(begin, end):
        outputs, state = model.forward(ids[i - 1 : i, None], state)
        logits = outputs[0, 0].astype(np.float64)
        total += np.log(np.exp(logits - logits.max()).sum()) + logits.max() - logits[ids[i]]
    return float(total)


@pytest.mark.parametrize(("begin", "end"), [(900, 1300), (1, 130), (7, 8)])
def test_the_loss_over_one_stream_is_that_of_a_plain_loop(begin: int, end: int) -> None:
    ids = np.random.default_rng(0).integers(0, 7, 1300)
    model = LSTM(7, 6, 7, seed=3)
    loss = finish(text_loss(model, ids, range(begin, end)))
    assert loss == pytest.approx(plain_loss(model, ids, begin, end) / (end - begin), rel=1e-5)


def test_over_several_streams_each_character_counts_once() -> None:
    n, start = 3_005, 40  # three streams of 1,001 characters, and two characters more
    ids = np.random.default_rng(1).integers(0, 5, start + n)
    model = LSTM(5, 4, 5, seed=2)
    loss = finish(text_loss(model, ids, range(start, start + n)))
    cuts = [start, start + 1001, start + 2002, start + n]
    plain = sum(plain_loss(model, ids, a, b) for a, b in itertools.pairwise(cuts))
    assert loss == pytest.approx(plain / n, rel=1e-6)


def test_a_quick_look_reads_the_start_of_every_stream() -> None:
    ids = np.random.default_rng(1).integers(0, 5, 4_001)
    model = LSTM(5, 4, 5, seed=2)
    loss = finish(text_loss(model, ids, range(1, 4_001), most=800))
    plain = sum(plain_loss(model, ids, a, a + 200) for a in (1, 1001, 2001, 3001))
    assert loss == pytest.approx(plain / 800, rel=1e-5)


@pytest.mark.parametrize(("most", "streams"), [(None, (1001, 1001, 1003)), (800, (266, 266, 266))])
def test_characters_that_were_held_for_likeliest_are_counted_beside_the_loss(
    most: int | None, streams: tuple[int, ...]
) -> None:
    ids = np.random.default_rng(1).integers(0, 5, 3_006)
    ids[-2:] = 0  # what this model holds for likely, so that the two characters after the streams count
    model = LSTM(5, 4, 5, seed=2)
    right = 0
    for begin, length in zip((1, 1002, 2003), streams, strict=True):
        state = None
        for i in range(begin, begin + length):
            outputs, state = model.forward(ids[i - 1 : i, None], state)
            right += int(outputs[0, 0].argmax() == ids[i])
    score = finish(text_score(model, ids, range(1, 3_006), most))
    assert score.right == right / sum(streams)
    assert score.loss == finish(text_loss(model, ids, range(1, 3_006), most))


def test_a_measurement_says_how_far_it_is() -> None:
    ids = np.zeros(3_000, np.uint8)
    shares = list(text_loss(LSTM(2, 2, 2), ids, range(1, 3_000)))
    assert shares == sorted(shares)
    assert shares[-1] == 1


@pytest.mark.parametrize("piece", [1, 2, 3, 1 << 20])
@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("a\n\n\nb\n", "\n\n\n"),
        ("a\n\nb\nc", "\n\n"),
        ("a\nb", "\n"),
        ("a b", " "),
        ("bac", "b"),
        ("a\r\n\r\nb", "\n\n"),
    ],
)
def test_samples_start_from_the_widest_gap_the_text_has(
    text: str, prompt: str, piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "PIECE", piece)
    assert TextFile(written(tmp_path, text.encode())).prompt == prompt


def test_more_than_256_characters_take_two_bytes_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "PIECE", 64)
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 300))) * 2
    corpus = read_corpus(written(tmp_path, text.encode()))
    assert corpus.ids.dtype == np.uint16
    assert corpus.vocabulary.decode(corpus.ids) == text


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "base64"])
def test_what_is_no_encoding_of_text_is_refused(encoding: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"`encoding` '{encoding}' is unknown"):
        TextFile(written(tmp_path, b"abc"), encoding)


def test_a_quick_measurement_takes_a_small_share_of_what_is_trained_between_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "text.txt"
    path.write_text("to be or not to be\n" * 100_000, encoding="utf-8")

    def quick(**settings: Any) -> int:
        return TextTask(preset_config("text", data=str(path), **settings)).quick

    task = TextTask(preset_config("text", data=str(path), hidden_size=2))
    asked = []
    monkeypatch.setattr("lstm_model.tasks.text.task.text_loss", lambda model, ids, part, most: asked.append(most))
    task.validation_loss(task.build_model(), quick=True)
    task.validation_loss(task.build_model(), quick=False)
    assert asked == [task.quick, None]
    few = quick(validate_every=500, batch_size=16, seq_length=64)
    assert few == round(TextTask.QUICK_SHARE * 500 * 16 * 64)
    assert quick(validate_every=1, batch_size=1, seq_length=25) == TextTask.QUICK_LEAST
    assert quick(validate_every=10_000, batch_size=64, seq_length=100) == TextTask.QUICK
