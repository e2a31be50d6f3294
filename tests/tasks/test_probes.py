"""What networks are probed with is held out, lines up with its source, and says what it cannot do."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.errors import InputError
from lstm_model.inside.naming import Naming
from lstm_model.inside.trace import trace
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
def test_a_page_of_every_task_is_read_and_every_feature_is_known_at_each_step(
    name: str, tasks: dict[str, Task]
) -> None:
    task = tasks[name]
    probes, network = open_probes(task), task.build_model()
    page = probes.page()
    T = len(trace(network, page.x[:, 0]).outputs)
    assert page.x.shape[:2] == page.targets.shape[:2] == page.places.shape == (T, 1)
    assert len(page.labels_of()) == T
    for feature in probes.features:
        assert page.values(feature).shape == (T, 1)
        assert np.isfinite(page.values(feature)).all()


@pytest.mark.parametrize("name", TASKS)
def test_units_of_every_task_can_be_named(name: str, tasks: dict[str, Task]) -> None:
    task = tasks[name]
    probes = open_probes(task)
    names = finish(Naming(probes.many(), probes.features).name(task.build_model()))
    assert [(one.layer, one.unit) for one in names] == [(0, unit) for unit in range(6)]


def test_a_text_is_held_out_and_lines_up_with_what_is_read(tasks: dict[str, Task]) -> None:
    probes, corpus = open_probes(tasks["text"]), tasks["text"].corpus  # type: ignore[attr-defined]
    test = corpus.vocabulary.decode(corpus.ids[corpus.parts["test"].start :])
    second = probes.page(1, 50)
    assert "".join(second.labels_of()) == test[50:100] == corpus.vocabulary.decode(second.x[:, 0])
    assert corpus.vocabulary.decode(second.targets[:, 0]) == test[51:101]
    assert probes.page(10_000, 50).labels_of() == probes.page(len(test) // 50 - 1, 50).labels_of()
    many = probes.many()
    for b in range(many.x.shape[1]):
        assert "".join(many.labels_of(b)) == corpus.vocabulary.decode(many.x[:, b])
        assert "".join(many.labels_of(b)) in test


def test_prices_are_held_out_and_end_the_day_before_their_target(tasks: dict[str, Task]) -> None:
    probes, data = open_probes(tasks["stock"]), tasks["stock"].data  # type: ignore[attr-defined]
    page = probes.page(3)
    day = data.parts["test"].start + 3
    x, y, _ = data.windows(np.array([day]))
    np.testing.assert_array_equal(page.x, x)
    np.testing.assert_array_equal(page.targets[-1], y)
    assert page.labels_of()[-1] == str(data.prices.dates[day - 1].astype("datetime64[D]"))
    many = probes.many()
    assert many.places.min() >= data.parts["val"].start
    assert len(np.unique(many.places)) == many.places.size


def test_a_text_of_ones_own_is_read_in_place_of_the_held_out_part(tasks: dict[str, Task]) -> None:
    assert "".join(open_probes(tasks["text"], "NAME\n    ls").page().labels_of()) == "NAME\n    l"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("text", "Q", r"never seen 'Q' \(U\+0051\)"),
        ("text", "N", "too short"),
        ("text", "", "too short"),
        ("stock", "NAME", "reads no text"),
        ("copy", "NAME", "makes its sequences itself"),
    ],
)
def test_a_text_that_cannot_be_read_is_one_line(name: str, text: str, said: str, tasks: dict[str, Task]) -> None:
    with pytest.raises(InputError, match=said):
        open_probes(tasks[name], text).page()


def test_a_task_without_probes_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(KINDS, "sine", "support.sine")
    with pytest.raises(InputError, match="nothing to look inside of a sine model with"):
        open_probes(open_task(preset_config("sine")))
