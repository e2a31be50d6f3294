"""A sample as text on the screen: its heading, its prompt underlined, and what the model wrote."""

from rich.text import Text

from lstm_model.network.losses import bits
from lstm_model.tasks.text.writing.sample import Sample
from lstm_tui.visible import shortened_line, visible
from lstm_tui.wording import figure

LONGEST_SHOWN = 10_000  # characters of a sample that are shown: laying out so many takes some 10 ms
PROMPT = 60  # cells of a prompt in a heading


def sample_text(sample: Sample, most: int = LONGEST_SHOWN, *, in_bits: bool = False) -> Text:
    """A sample under its heading, its prompt underlined; no empty lines around it, and `most` characters of either."""
    prompt = visible(sample.prompt[:most].lstrip("\n"))
    written = visible(sample.text[:most]).rstrip("\n") + _left_out(sample, most)
    return Text.assemble(
        (sample_heading(sample, in_bits=in_bits) + "\n", "bold"),
        (prompt, "underline"),
        written if prompt else written.lstrip("\n"),
    )


def sample_heading(sample: Sample, *, in_bits: bool = False) -> str:
    """Step, temperature, prompt and a sample's own loss; nothing in it can steer the terminal.

    That loss is of what the model wrote itself: training's is of what people wrote.
    """
    own = None if sample.loss is None else bits(sample.loss) if in_bits else sample.loss
    loss = "" if own is None else f", own loss {figure(own, 3)}"
    prompt = shortened_line(repr(sample.prompt[:LONGEST_SHOWN]), PROMPT)
    return f"step {sample.step:,}, temperature {sample.temperature:.1f}, prompt {prompt}{loss}"


def _left_out(sample: Sample, most: int) -> str:
    rest = sum(max(0, len(text) - most) for text in (sample.prompt, sample.text))
    return f"\n... and {rest:,} more characters" if rest else ""
