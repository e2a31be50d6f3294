"""What all dialogs have in common: each ends once, by itself, whatever is pressed and however often."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.widgets import OptionList

# Textual takes style and keys from the first base that is a screen, so at run time this must be none.
if TYPE_CHECKING:
    from textual.screen import Screen as _Base
else:
    _Base = Generic


class EndsOnce(_Base[ScreenResultType]):
    """Makes `dismiss` happen once, and only while the dialog lies on top. To be put before a kind of screen.

    Two keys of a burst reach a dialog before the first has closed it, and Textual's `dismiss` closes whatever lies on
    top by then. A dialog under another one, which a thread has an answer for, keeps the answer until it is on top; one
    that is answered before it is there keeps it until it is.
    """

    ANSWERS: ClassVar[frozenset[str]] = frozenset({"dismiss"})  # actions that need nothing of what it shows

    _given_answer: "tuple[ScreenResultType | None] | None" = None  # once there is one
    _has_closed = False

    @property
    def has_ended(self) -> bool:
        """True once there is an answer; what is pressed or read after that is not for this dialog."""
        return self._given_answer is not None

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close with an answer, the first time."""
        if self._given_answer is None:
            self._given_answer = (result,)
        if self._has_closed or not self.is_mounted or not self.is_active:
            return AwaitComplete()
        self._has_closed = True
        self.workers.cancel_node(self)
        return super().dismiss(self._given_answer[0])

    def abandon(self) -> None:
        """Take no answer any more: the app ends."""
        self._given_answer, self._has_closed = (None,), True
        self.workers.cancel_node(self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let no key act on what is not there yet, or not any more."""
        is_there = self.is_mounted and not self._has_closed
        return super().check_action(action, parameters) if is_there or action in self.ANSWERS else False

    def on_screen_resume(self) -> None:
        """Close with an answer that came too early."""
        if self._given_answer is not None:
            self.dismiss()


class Dialog(EndsOnce[ScreenResultType], ModalScreen[ScreenResultType]):
    """The base of all dialogs of ours."""


class Choices(OptionList):
    """A list to choose from; a page key in the moment after a resize, before its lines are counted, does nothing."""

    def action_page_up(self) -> None:
        """Move up a page."""
        with suppress(LookupError):
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """Move down a page."""
        with suppress(LookupError):
            super().action_page_down()  # type: ignore[no-untyped-call]


def open_dialog(
    over: Screen[Any],
    dialog: Dialog[ScreenResultType],
    answered: Callable[[ScreenResultType | None], None] | None = None,
) -> None:
    """Open a dialog over a screen, unless another one lies there already: a key that is held down opens one."""
    if over.is_active:
        over.app.push_screen(dialog, answered)
    elif not isinstance(over.app.screen, type(dialog)):
        over.notify("close this dialog first", markup=False)
