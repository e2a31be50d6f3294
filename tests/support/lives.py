"""Children of one process that has everything imported: each is the real command line, and may be stopped anywhere."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.places import support_program


class Parent:
    """Starts the children: see dying.py, which it runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def live(self, out: Path, *arguments: str, **how: Any) -> dict[str, Any]:
        """One child's life, of which `out` gets all that it prints; its status, and before what it was killed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"arguments": arguments, "out": str(out), **how}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def parent_of_lives() -> Iterator[Parent]:
    """A parent for as long as it is needed."""
    program, environment = support_program("dying")
    with subprocess.Popen(
        program, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Parent(process)
        assert process.stdin is not None
        process.stdin.close()  # it ends when nobody can ask it for lives any more
