"""What the documents say is so: links lead somewhere, quoted code stands where it is said to, numbers are right."""

import csv
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.network.cells.lstm.buffers import Buffers
from lstm_model.network.cells.lstm.equations import Cell
from lstm_model.network.cells.sigmoid import sigmoid
from lstm_model.network.gradient_check import relative_error
from lstm_model.network.losses import bits, softmax_cross_entropy
from lstm_model.network.sampling import Choice, probabilities
from lstm_model.tasks.stock.judging.metrics import stock_metrics, wilson_interval
from lstm_model.tasks.text.task import TextTask
from lstm_tui.keys.table import key_table
from lstm_tui.options.parser import COMMANDS, option_table, parser_for
from support.places import ROOT

DOCUMENTS = [
    path
    for path in (
        *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "benchmarks/README.md")),
        *sorted(ROOT.glob("docs/*.md")),
    )
    if path.exists()
]
CHAPTER = (ROOT / "docs/lstm.md").read_text(encoding="utf-8")
DIAGRAM = ROOT / "docs/lstm_cell.svg"

FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"\]\(([^()\s]+)\)")
LINES = re.compile(r"#L(\d+)(?:-L(\d+))?$")
CODE_LINK = re.compile(r"\[`([^`]+)`\]\(([^()\s]+#L\d+(?:-L\d+)?)\)")  # its text must stand in those lines

every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


def prose(path: Path) -> str:
    """A document without its fenced blocks, in which a bracket is no link."""
    return FENCED.sub("", path.read_text(encoding="utf-8"))


def one_line(text: str) -> str:
    return " ".join(text.split())


def slug(heading: str) -> str:
    """The anchor that code hosts give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def found_at(source: list[str], code: str) -> str:
    """The anchor of the fewest lines that hold some code, for whoever must mend a link."""
    for height in range(1, 12):
        for first in range(len(source) - height + 1):
            if code in one_line(" ".join(source[first : first + height])):
                return f"#L{first + 1}" + (f"-L{first + height}" if height > 1 else "")
    return "nowhere"


def rounded(shown: str, value: float) -> bool:
    """Whether a number written as `shown` is `value`, to the digits it has."""
    decimals = len(shown.partition(".")[2])
    return bool(abs(float(shown) - value) <= 0.5000001 * 10**-decimals)


def table_under(header: str) -> list[dict[str, str]]:
    """Rows of the chapter's table whose first cell is `header`, as dictionaries by column."""
    lines = CHAPTER.splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith(f"| {header} |"))
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[start : lines.index("", start)]]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


# Links


@every_document
def test_relative_links_lead_to_files_and_headings(path: Path) -> None:
    for target in TARGET.findall(prose(path)):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        linked = (path.parent / name).resolve() if name else path
        assert linked.exists(), f"{path.name}: no {target}"
        assert linked == ROOT or ROOT in linked.parents, f"{path.name}: {target} leaves the project"
        if anchor and linked.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", prose(linked), re.MULTILINE)
            assert anchor in map(slug, headings), f"{path.name}: no heading #{anchor} in {linked.name}"


@every_document
def test_code_that_is_linked_stands_in_the_linked_lines(path: Path) -> None:
    text = prose(path)
    proved = CODE_LINK.findall(text)
    unproved = {target for target in TARGET.findall(text) if LINES.search(target)} - {target for _, target in proved}
    assert not unproved, f"{path.name}: links to lines must have code as their text: {unproved}"
    for code, target in proved:
        source = (path.parent / target.partition("#")[0]).read_text(encoding="utf-8").splitlines()
        lines = LINES.search(target)
        assert lines is not None
        first, last = int(lines[1]), int(lines[2] or lines[1])
        assert first <= last <= len(source), f"{path.name}: {target} has no such lines"
        linked = one_line(" ".join(source[first - 1 : last]))
        code = one_line(code)
        assert code in linked, f"{path.name}: {code!r} is not at {target}, but {found_at(source, code)}"


def test_the_chapter_links_code() -> None:
    assert len(CODE_LINK.findall(CHAPTER)) > 20  # else the pattern above finds nothing and proves nothing


# Commands and examples


def shown_commands(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return re.findall(r"`(lstm-tui[^`]*)`", text) + re.findall(r"^ {4}(lstm-tui.*)$", text, re.MULTILINE)


@every_document
def test_commands_have_the_options_that_are_shown(path: Path) -> None:
    for line in shown_commands(path):
        words = line.split()[1:]
        parser = parser_for(words[0] if words and words[0] in COMMANDS else "")
        shown = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        known = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", parser.format_help()))
        assert shown <= known, f"{path.name}: {line}"


def test_the_chapters_example_runs_and_gives_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    examples = [code for language, code in FENCED.findall(CHAPTER) if language == "py"]
    assert examples
    for code in examples:
        exec(compile(code, "docs/lstm.md", "exec"), {})
    assert float(capsys.readouterr().out) < 1e-7


# Equations


def a_step() -> tuple[Cell, tuple[Any, Any], np.ndarray]:
    """A cell, one step of it (B = 1) and gradients that come back."""
    rng = np.random.default_rng(4)
    B, D, H = 1, 3, 2
    cell = Cell(rng.normal(size=(4 * H, D)), rng.normal(size=(4 * H, H)), rng.normal(size=4 * H))
    x, h, c = rng.normal(size=(B, D)), rng.normal(size=(B, H)), rng.normal(size=(B, H))
    return cell, cell.step(x, (h, c)), rng.normal(size=(2, B, H))


def test_the_chapters_equations_of_the_cell_are_those_of_the_code() -> None:
    cell, ((h_new, c_new), kept), _ = a_step()
    rows = [row["equation"].strip("`").split(" = ") for row in table_under("equation")]
    assert [name for name, _ in rows] == ["z", "i", "f", "g", "o", "c'", "h'"]
    assert rows[0][1] == "W_ih x + W_hh h + b"
    z = kept.x @ cell.weight_ih.T + kept.h @ cell.weight_hh.T + cell.bias
    known = {"sigmoid": sigmoid, "tanh": np.tanh, "c": kept.c}
    known |= dict(zip(("z_i", "z_f", "z_g", "z_o"), np.split(z, 4, axis=1), strict=True))
    for name, expression in rows[1:]:
        known[name.replace("'", "_new")] = eval(expression.replace("'", "_new"), {}, known)
    for name, value in {**kept._asdict(), "c_new": c_new, "h_new": h_new}.items():
        if name in known:
            np.testing.assert_allclose(known[name], value, rtol=1e-12, err_msg=name)


def test_the_chapters_gradients_of_the_gates_are_those_of_the_code() -> None:
    cell, (_, kept), (dh, dc) = a_step()
    block = next(code for language, code in FENCED.findall(CHAPTER) if language == "text" and "dz_f" in code)
    known = {**kept._asdict(), "dh": dh, "dc": dc}
    for line in block.splitlines():
        name, expression = line.split(" = ")
        known[name] = eval(expression.replace("^", "**"), {}, known)
    dz = np.concatenate([known[f"dz_{gate}"] for gate in "ifgo"], axis=1)
    of_bias = cell.step_back((dh, dc), kept).parameters["bias"]  # B = 1: the bias sees dz itself
    np.testing.assert_allclose(dz[0], of_bias, rtol=1e-12)


@pytest.mark.parametrize("path", [*DOCUMENTS, DIAGRAM], ids=lambda path: path.name)
def test_the_states_are_written_alike_everywhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for written in re.findall(r"c' = ([^`\n<|]+)", text):
        assert written.strip().rstrip(".") == "f * c + i * g"
    for written in re.findall(r"h' = (o [^`\n<|]+)", text):
        assert written.strip().rstrip(".") == "o * tanh(c')"


def test_the_diagram_is_small_stands_alone_and_names_everything() -> None:
    text = DIAGRAM.read_text(encoding="utf-8")
    assert len(text.encode()) < 12_000
    written = [one_line("".join(element.itertext())) for element in ET.fromstring(text).iter() if "text" in element.tag]
    for name in ("x", "h", "c", "h'", "c'", "tanh", "z_i", "z_f", "z_g", "z_o"):
        assert name in written
    for gate in ("input gate i", "forget gate f", "candidate g", "output gate o"):
        assert gate in written
    assert set(re.findall(r"https?://[^\"\s]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(image|script|style)|@font-face", text)


def test_the_readme_has_the_keys_as_they_are() -> None:
    readme = ROOT / "README.md"
    if readme.exists():
        assert key_table() in readme.read_text(encoding="utf-8")


def test_the_readme_has_the_options_as_they_are() -> None:
    assert option_table() in (ROOT / "README.md").read_text(encoding="utf-8")


# Numbers


def sigmoid_of(z: float) -> float:
    return float(sigmoid(np.array([z], float))[0])


def test_powers_logarithms_and_sigmoids_are_right() -> None:
    powers = re.findall(r"`(\d+\.\d+)\^(\d+) = (\d+\.?\d*)`", CHAPTER)
    assert len(powers) == 5
    for base, exponent, shown in powers:
        value = sigmoid_of(1) if base == "0.731" else float(base)
        assert rounded(shown, value ** int(exponent)), (base, exponent)
    for number, shown in re.findall(r"ln (\d+) = (\d+\.\d+)", CHAPTER):
        assert rounded(shown, math.log(int(number)))
    for number, shown in re.findall(r"sigmoid\((\d)\) = (\d+\.\d+)", CHAPTER):
        assert rounded(shown, sigmoid_of(float(number)))
    assert round(sigmoid_of(1) ** 10 / 0.5**10) == 45  # "some 45 times larger"


def test_the_sampling_example_is_what_the_code_gives() -> None:
    rows = table_under("character")
    logits = np.array([float(row["logit"]) for row in rows])
    for column in list(rows[0])[2:]:
        option, value = column.rsplit(" ", 1)
        given: dict[str, Any] = {option.replace("-", "_"): int(value) if option == "top-k" else float(value)}
        choice = replace(Choice(1.0), **given)
        for row, p in zip(rows, probabilities(logits, choice), strict=True):
            assert rounded(row[column], p), (row["character"], column)
            assert (row[column] == "0") == (p == 0)
    assert rounded("0.810", probabilities(logits, Choice(1.0))[:2].sum())
    assert rounded("0.923", probabilities(logits, Choice(1.0))[:3].sum())


def test_bits_and_perplexities_belong_to_their_nats() -> None:
    rows = table_under("what is known")
    assert rounded(rows[0]["nats"], math.log(96))
    for row in rows:
        nats = float(row["nats"])
        assert abs(float(row["bits"]) - bits(nats)) < 0.0012  # of nats with three digits
        assert abs(float(row["perplexity"]) - math.exp(nats)) < 0.05 + 0.0005 * math.exp(nats)


def test_figures_of_the_code_are_quoted_right() -> None:
    assert f"a fixed sample, {TextTask.QUICK:,} characters at most" in CHAPTER
    work = Buffers.of(64, 32, 256, np.dtype(np.float32))
    assert work.dz.nbytes == work.gates.nbytes  # it is made for the first way back, and counts from then on
    megabytes = sum(part.nbytes for part in vars(work).values()) / 1e6
    assert f"that is {megabytes:.0f} MB" in CHAPTER
    assert relative_error(np.array(1.0), np.array(-1.0)) == 1  # a wrong sign
    assert relative_error(np.array(2.0), np.array(1.0)) == pytest.approx(1 / 3)  # a missing factor 2
    found = softmax_cross_entropy(np.log([[0.7, 0.2, 0.1]]), np.array([1])).gradient
    np.testing.assert_allclose(found, [[0.7, -0.8, 0.1]])


def test_the_figures_of_doing_nothing_on_the_prices_are_right() -> None:
    with (ROOT / "data/MSFT_1d_data.csv").open(encoding="utf-8") as file:
        close = np.array([float(row["Close"]) for row in csv.DictReader(file)])
    days = len(close)
    train_stop, test_start = round(days * 0.7), round(days * 0.85)

    def doing_nothing(start: int) -> dict[str, Any]:
        return stock_metrics(close[start:], close[start - 1 : -1], close[start - 1 : -1], close[:train_stop])

    fifth, test = doing_nothing(days - days // 5), doing_nothing(test_start)
    assert (fifth["days"], test["days"]) == (654, 490)
    for shown, value in (("0.3679", fifth["rmse"]), ("0.974", fifth["r2"]), ("1.01", fifth["mape"]),
                         ("0.3857", test["rmse"]), ("0.973", test["r2"]), ("0.681", test["mase"])):  # fmt: skip
        assert shown in CHAPTER
        assert rounded(shown, value)
    assert (test["skill"], test["theil_u"], test["dm_p_value"], test["directional_accuracy"]) == (0, 1, 1, None)
    for right, total, low, high in ((245, 490, "45.6", "54.4"), (327, 654, "46", "54")):
        interval = wilson_interval(right, total)
        assert interval is not None
        assert f"{low} to {high} %" in CHAPTER
        assert rounded(low, 100 * interval[0])
        assert rounded(high, 100 * interval[1])

    returns = np.diff(np.log(close))  # returns[d - 1] is day d's
    known = returns[: train_stop - 1]
    scaled = (returns - known.mean()) / known.std()
    parts = (31, train_stop), (train_stop, test_start), (test_start, days)  # 31: a window of 30 days with a return each
    for shown, (start, stop) in zip(("0.96", "0.44", "0.37"), parts, strict=True):
        assert f"{shown} on the" in CHAPTER
        assert rounded(shown, np.square(scaled[start - 1 : stop - 1]).mean())


# Completeness


def test_every_paper_that_is_cited_is_in_the_reading_list() -> None:
    body, reading = CHAPTER.split("## Further reading")
    name = r"[A-Z][A-Za-z]+"
    cited = re.findall(rf"({name})(?:, {name})*(?:,? and (?:{name}|others))? \(?(\d{{4}})", one_line(body))
    assert len(cited) > 15
    for author, year in cited:
        assert re.search(rf"^- .*\b{author}, .*{year}\.$", one_line_items(reading), re.MULTILINE), (author, year)


def one_line_items(text: str) -> str:
    """List items that are wrapped, each on one line."""
    return re.sub(r"\n  +", " ", text)


def test_tests_that_are_named_exist() -> None:
    named = {name for path in DOCUMENTS for name in re.findall(r"`(test_\w+)`", path.read_text(encoding="utf-8"))}
    assert len(named) > 5
    written = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py"))
    assert {name for name in named if f"def {name}(" not in written} == set()


def test_architecture_names_every_package_and_no_other() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    for package in ("lstm_model", "lstm_tui"):
        _, _, room = text.partition(f"### {package}")
        named = set(re.findall(r"`([\w/]+)/`", room.split("\n### ")[0].split("\n## ")[0]))
        doors = {path.parent.relative_to(ROOT / package).as_posix() for path in (ROOT / package).rglob("__init__.py")}
        assert named == doors - {"."}, f"{package}: say in docs/architecture.md what lives there"
