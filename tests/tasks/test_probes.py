"""What networks are probed with is held out, lines up with its source, and says what it cannot do."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.errors import InputError
from lstm_model.inside.naming import Naming
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.base import Task, finish
from lstm_model.tasks.registry import open_probes, open_task
from support.stepped import write_prices, write_text

TASKS = list(KINDS)


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Task]:
    folder = tmp_path_factory.mktemp("data")
    files = {"text": str(write_text(folder)), "stock": str(write_prices(folder, 2_000))}
    return {
        name: open_task(preset_config(name, data=files.get(name), hidden_size=6, seq_length=12, split=(50, 25, 25)))
        for name in TASKS
    }


@pytest.mark.parametrize("name", TASKS)
def test_what_is_probed_with_lines_up_and_its_features_are_known_at_each_step(
    name: str, tasks: dict[str, Task]
) -> None:
    probes = open_probes(tasks[name])
    many = probes.many()
    assert many.x.shape[:2] == many.targets.shape[:2] == many.places.shape
    for feature in probes.features:
        assert many.values(feature).shape == many.places.shape
        assert np.isfinite(many.values(feature)).all()
    assert probes.reading(2, 10).name == tasks[name].reading(2, 10).name


@pytest.mark.parametrize("name", TASKS)
def test_units_of_every_task_can_be_named(name: str, tasks: dict[str, Task]) -> None:
    task = tasks[name]
    probes = open_probes(task)
    names = finish(Naming(probes.many(), probes.features).name(task.build_model()))
    assert [(one.layer, one.unit) for one in names] == [(0, unit) for unit in range(6)]


def test_a_text_is_held_out_and_lines_up_with_what_is_read(tasks: dict[str, Task]) -> None:
    many, corpus = open_probes(tasks["text"]).many(), tasks["text"].corpus  # type: ignore[attr-defined]
    test = corpus.vocabulary.decode(corpus.ids[corpus.parts["test"].start :])
    for b in range(many.x.shape[1]):
        read = corpus.vocabulary.decode(many.x[:, b])
        assert read == "".join(many.source[place] for place in many.places[:, b])
        assert read[1:] == corpus.vocabulary.decode(many.targets[:-1, b])
        assert read in test


def test_prices_are_held_out_and_no_day_is_read_twice(tasks: dict[str, Task]) -> None:
    many, data = open_probes(tasks["stock"]).many(), tasks["stock"].data  # type: ignore[attr-defined]
    x, _, every = data.windows(many.places[-1] + 1)
    np.testing.assert_array_equal(many.x, x)
    np.testing.assert_array_equal(many.targets, every)
    assert many.places.min() >= data.parts["val"].start
    assert len(np.unique(many.places)) == many.places.size


def test_a_text_of_ones_own_is_read_in_place_of_the_held_out_part(tasks: dict[str, Task]) -> None:
    reading = open_probes(tasks["text"], "NAME\n    ls").reading(0, 5)
    vocabulary = tasks["text"].corpus.vocabulary  # type: ignore[attr-defined]
    assert "".join(reading.labels) == vocabulary.decode(reading.x[:, 0]) == "NAME\n    l"
    assert reading.targets is not None
    assert vocabulary.decode(reading.targets[:, 0]) == "AME\n    ls"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("text", "Q", r"never seen 'Q' \(U\+0051\)"),
        ("text", "N", "too short"),
        ("text", "", "too short"),
        ("stock", "NAME", "reads no text"),
        ("copy", "NAME", "reads no text"),
    ],
)
def test_a_text_that_cannot_be_read_is_one_line(name: str, text: str, said: str, tasks: dict[str, Task]) -> None:
    with pytest.raises(InputError, match=said):
        open_probes(tasks[name], text).reading(0, 10)


def test_a_task_without_probes_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(KINDS, "sine", "support.sine")
    with pytest.raises(InputError, match="nothing to look inside of a sine model with"):
        open_probes(open_task(preset_config("sine")))
