"""Shards give what the whole batch gives, and no bit depends on who computes them: a helper, or the owner alone."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.costs.shards import LEAST_ROWS, shard_count
from lstm_model.network.model import LSTM
from lstm_model.parallel.board import Board
from lstm_model.parallel.crew import Crew
from lstm_model.settings.presets import preset_config

Batch = tuple[np.ndarray, np.ndarray]


def text_model(dtype: Any = np.float32, **settings: Any) -> LSTM:
    return LSTM(7, 6, 7, dtype=dtype, seed=3, **settings)


def text_batch(T: int = 5, B: int = 6) -> Batch:
    ids = np.random.default_rng(1).integers(0, 7, (T + 1, B)).astype(np.uint8)
    return ids[:-1], ids[1:]


def price_batch(T: int = 5, B: int = 6) -> Batch:
    rng = np.random.default_rng(2)
    return rng.normal(size=(T, B, 2)), rng.normal(size=(1, B, 1))


def steps(crew: Crew, batch: Batch, count: int = 3, key: tuple[int, ...] | None = None) -> list[Any]:
    """Losses, gradients and states of some steps down the gradient."""
    found: list[Any] = []
    state = None
    for k in range(count):
        loss, state = crew.loss_and_gradients(*batch, state, key and (*key, k))
        found += [loss, crew.model.gradients.flat.copy(), *state]
        crew.model.parameters.flat[...] -= 0.5 * crew.model.gradients.flat
    return found


def assert_same(found: list[Any], expected: list[Any]) -> None:
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("shards", [2, 3, 4, 6])  # 4 does not divide 6: shards of one and of two sequences
@pytest.mark.parametrize("task", ["text", "prices"])
def test_shards_add_up_to_the_whole_batch(task: str, shards: int) -> None:
    def model() -> LSTM:
        if task == "text":
            return text_model(np.float64, num_layers=2)
        return LSTM(2, 6, 1, task_type="regression", dtype=np.float64, seed=3)

    batch = text_batch() if task == "text" else price_batch()
    whole, cut = Crew(model(), *batch, 1), Crew(model(), *batch, shards)
    assert cut.wait_ready()
    for ours, theirs in zip(steps(cut, batch), steps(whole, batch), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-13)
    cut.close()


@pytest.mark.parametrize("key", [None, (9, 1)], ids=["no dropout", "dropout"])
def test_helpers_give_bit_for_bit_what_the_owner_gives_alone(key: tuple[int, ...] | None) -> None:
    batch = text_batch()
    settings = {"num_layers": 3, "dropout": 0.5} if key else {}
    crew, alone = (Crew(text_model(**settings), *batch, 2) for _ in range(2))
    assert crew.wait_ready()
    alone.close()
    assert_same(steps(crew, batch, key=key), steps(alone, batch, key=key))
    crew.close()


def test_dropout_differs_from_shard_to_shard_and_from_step_to_step() -> None:
    ids = np.zeros((5, 2), np.uint8)  # two equal sequences, one for each shard
    crew = Crew(text_model(num_layers=2, dropout=0.5), ids, ids, 2)
    crew.close()
    h = [crew.loss_and_gradients(ids, ids, None, (9, 1, k))[1][0] for k in range(2)]
    assert not np.array_equal(h[0][1, 0], h[0][1, 1])
    assert not np.array_equal(h[0], h[1])
    assert np.array_equal(h[0], crew.loss_and_gradients(ids, ids, None, (9, 1, 0))[1][0])


def test_the_work_of_a_killed_helper_is_done_all_the_same() -> None:
    batch = text_batch()
    crew, alone = (Crew(text_model(), *batch, 3) for _ in range(2))
    alone.close()
    expected = steps(alone, batch, 6)
    assert crew.wait_ready()
    found = []
    state = None
    for k in range(6):
        if k == 2:
            os.kill(crew.helper_pids[0], signal.SIGKILL)
        loss, state = crew.loss_and_gradients(*batch, state, None)
        found += [loss, crew.model.gradients.flat.copy(), *state]
        crew.model.parameters.flat[...] -= 0.5 * crew.model.gradients.flat
    assert_same(found, expected)
    crew.close()


def test_a_helper_that_never_answers_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = text_batch()
    crew, alone = (Crew(text_model(), *batch, 2) for _ in range(2))
    alone.close()
    assert crew.wait_ready()
    (pid,) = crew.helper_pids
    os.kill(pid, signal.SIGSTOP)
    monkeypatch.setattr("lstm_model.parallel.crew.ANSWER_WITHIN", 0.05)
    assert_same(steps(crew, batch), steps(alone, batch))
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    crew.close()


def test_a_step_that_was_cut_short_is_not_answered_later(monkeypatch: pytest.MonkeyPatch) -> None:
    batch, other = text_batch(), text_batch(B=6)[::-1]
    crew, alone = (Crew(text_model(), *batch, 2) for _ in range(2))
    alone.close()
    assert crew.wait_ready()

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(crew.model, "loss_and_gradients", interrupted)
        with pytest.raises(KeyboardInterrupt):
            crew.loss_and_gradients(*other, None, None)
    before = crew.helper_pids
    assert_same(steps(crew, batch), steps(alone, batch))
    assert crew.helper_pids != before  # another one, which knows nothing of that step
    assert crew.wait_ready()
    assert_same(steps(crew, batch), steps(alone, batch))
    crew.close()


def test_where_no_process_can_be_had_the_owner_does_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    batch = text_batch()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "missing"))
    crew = Crew(text_model(), *batch, 2)
    assert not crew.wait_ready()
    monkeypatch.undo()
    other = Crew(text_model(), *batch, 2)
    assert other.wait_ready()
    assert_same(steps(crew, batch), steps(other, batch))
    for each in (crew, other):
        each.close()


def test_closing_ends_the_helpers_and_so_does_losing_the_crew() -> None:
    for close in (True, False):
        crew = Crew(text_model(), *text_batch(), 3)
        pids = crew.helper_pids
        assert len(pids) == 2
        if close:
            crew.close()
        del crew
        for pid in pids:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waiting for a process that is no child needs Linux")
def test_helpers_end_when_their_owner_is_killed() -> None:
    program = (
        "import sys, numpy as np\n"
        "from lstm_model.parallel.crew import Crew\n"
        "from lstm_model.network.model import LSTM\n"
        "ids = np.zeros((5, 4), np.uint8)\n"
        "crew = Crew(LSTM(7, 6, 7), ids, ids, 2)\n"
        "assert crew.wait_ready()\n"
        "print(crew.helper_pids[0], flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        helper = os.pidfd_open(int(owner.stdout.readline()))
        owner.kill()
    ended = select.select([helper], [], [], 10)[0]
    os.close(helper)
    assert ended


def test_an_interrupt_from_the_keyboard_is_the_owners_affair() -> None:
    crew = Crew(text_model(), *text_batch(), 2)
    assert crew.wait_ready()
    for signum in (signal.SIGINT, signal.SIGHUP):
        os.kill(crew.helper_pids[0], signum)
    steps(crew, text_batch())
    os.kill(crew.helper_pids[0], 0)
    assert crew.wait_ready()
    crew.close()


@pytest.mark.parametrize("anonymous", [True, False], ids=["memory", "file without a path"])
def test_a_board_shows_the_same_bytes_to_all_who_map_it(anonymous: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not anonymous:
        monkeypatch.delattr(os, "memfd_create", raising=False)
    fields = {"a": ((3,), "<f4"), "b": ((2, 2), "<i8")}
    one = Board(fields)
    other = Board(fields, os.dup(one.descriptor))
    one.close_descriptor()
    other.close_descriptor()
    one["b"][1, 0] = 7
    one["a"][:] = [1, 2, 3]
    np.testing.assert_array_equal(other["b"], [[0, 0], [7, 0]])
    np.testing.assert_array_equal(other["a"], [1, 2, 3])


def test_cores_are_used_where_a_shard_has_work_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lstm_model.costs.shards.cores", lambda: 2)
    assert shard_count(preset_config("text")) == 2
    assert shard_count(preset_config("stock")) == 2
    assert shard_count(preset_config("text", "classic")) == 1  # one sequence cannot be cut
    assert shard_count(preset_config("text", hidden_size=16)) == 1
    assert shard_count(preset_config("text", hidden_size=16, threads=2)) == 2
    monkeypatch.setattr("lstm_model.costs.shards.cores", lambda: 64)
    assert shard_count(preset_config("text", batch_size=32)) == 32 // LEAST_ROWS


def test_what_lies_in_the_working_directory_is_not_taken_for_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("lstm_model", "numpy"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit(1)\n")
    monkeypatch.chdir(tmp_path)
    crew = Crew(text_model(), *text_batch(), 2)
    assert crew.wait_ready()
    crew.close()
