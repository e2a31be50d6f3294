"""What is known of one key."""

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True)
class Key:
    """A key and what it does. `label` stands in the line of keys, `meaning` everywhere else."""

    action: str
    keys: str  # Textual's names, separated by commas
    shown: str  # as a person reads them
    label: str
    meaning: str
    group: str  # the heading it has in the help
    where: str = ""  # what must have the focus, where not the whole screen knows it
    same_as: str = ""  # the id of a key that this one takes turns with

    @property
    def id(self) -> str:
        """What it is called where other keys are given to it: its label, or the pane's name and the usual key."""
        if self.where:
            return f"{self.where.split()[-1]}.{self.keys.split(',')[0]}"
        return self.same_as or self.label.lower().replace(" ", "_")

    @property
    def bindings(self) -> list[Binding]:
        """The bindings Textual needs; they are shown by the line of keys, the help and the palette."""
        return [Binding(key, self.action, self.label, show=False, id=self.id) for key in self.keys.split(",")]


def of_task(action: str, *arguments: int) -> str:
    """The action of a key that one task alone knows: the pane of its face that has `action_ACTION` does it."""
    return f"of_task({', '.join(map(repr, (action, *arguments)))})"
