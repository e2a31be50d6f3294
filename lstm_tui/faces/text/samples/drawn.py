"""A sample as text on the screen: its heading, its prompt underlined, and what the model wrote."""

from rich.text import Text

from lstm_model.network.losses import bits
from lstm_model.tasks.text.writing.sample import Sample
from lstm_tui.visible import LINE_END, cells, shortened_line, visible
from lstm_tui.wording import figure

LONGEST_SHOWN = 10_000  # characters of a sample that are shown: laying out so many takes some 10 ms
PROMPT = 60  # cells of a prompt in a heading
HEADING_STYLE = "dim"


def sample_text(
    sample: Sample, most: int = LONGEST_SHOWN, *, width: int = 0, in_bits: bool = False, in_column: bool = False
) -> Text:
    """A sample under its heading, its prompt underlined; no empty lines around it, and `most` characters of either.

    width: cells that the heading fills with a rule, so that samples below each other are told apart.
    in_column: with the short heading of a narrow column, whose samples all start from what the frame says.
    """
    prompt = visible(sample.prompt[:most].lstrip("\n"))
    written = visible(sample.text[:most]).rstrip("\n")
    return Text.assemble(
        (
            ruled((column_heading if in_column else sample_heading)(sample, in_bits=in_bits), width) + "\n",
            HEADING_STYLE,
        ),
        with_line_ends(prompt, "underline"),
        with_line_ends(written if prompt else written.lstrip("\n")),
        (_left_out(sample, most), HEADING_STYLE),
    )


def with_line_ends(text: str, style: str = "") -> Text:
    """A text in which each line that ends shows it, dimmed: one that was folded is told from two."""
    first, *rest = text.split("\n")
    parts = [(first, style)]
    for line in rest:
        parts += [(LINE_END, "dim"), ("\n" + line, style)]
    return Text.assemble(*parts)


def ruled(heading: str, width: int) -> str:
    """A heading with a rule behind it up to a width, where there is room for one."""
    return f"{heading} {'─' * (width - cells(heading) - 1)}" if width > cells(heading) + 1 else heading


def sample_heading(sample: Sample, *, in_bits: bool = False) -> str:
    """Step, temperature, prompt, and how much its own text surprised the model; nothing in it can steer the terminal.

    That is no loss as training has one: it is of what the model wrote itself.
    """
    own = _own_surprise(sample, in_bits=in_bits)
    return f"step {sample.step:,}, temperature {sample.temperature:.1f}, prompt {quoted(sample.prompt)}{own}"


def column_heading(sample: Sample, *, in_bits: bool = False) -> str:
    """The same for a column of one temperature."""
    return f"temperature {sample.temperature:.1f}, step {sample.step:,}{_own_surprise(sample, in_bits=in_bits)}"


def _own_surprise(sample: Sample, *, in_bits: bool) -> str:
    own = None if sample.loss is None else bits(sample.loss) if in_bits else sample.loss
    return "" if own is None else f", own surprise {figure(own, 2)} {'bits' if in_bits else 'nats'}"


def quoted(prompt: str, most: int = PROMPT) -> str:
    """A prompt on one line, in quotes, with its line ends as they are shown in samples."""
    lines = (repr(line)[1:-1] for line in prompt[:LONGEST_SHOWN].split("\n"))
    return shortened_line(f"'{LINE_END.join(lines)}'", most)


def _left_out(sample: Sample, most: int) -> str:
    rest = sum(max(0, len(text) - most) for text in (sample.prompt, sample.text))
    return f"\n... and {rest:,} more characters" if rest else ""
