"""Trials on many machines: a Dask scheduler knows the workers, and each has a trial's process of its own.

Dask carries orders, news and files; which trial goes where is decided here, one for each thread of a worker. A worker
that cannot help (another version, other data) is told of once and left out; one that dies has its trials begun again
elsewhere, from the last checkpoint where all see the sweep's folder, from nothing where not. Files of workers that do
not see the folder come home with the outcome.
"""

import contextlib
import hashlib
import logging
import queue
import secrets
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

from distributed import Client, Future, LocalCluster

from lstm_model.errors import InputError, WorkError
from lstm_model.storage.files import write_whole
from lstm_model.sweeps.roads import there
from lstm_model.sweeps.roads.road import Happened
from lstm_model.sweeps.trial import RESULT, Order, Outcome, Reached

CONNECT = 10.0  # seconds until a scheduler that does not answer is not there
LOOK, ALIVE = 2.0, 10.0  # seconds between looks who is there, and between signs of life
GONE = "the Dask scheduler has gone away; all that came home is saved: the same command goes on"
LEAVE_MOST = 60.0  # seconds that trials have for saving, once they are told to leave


@dataclass
class _Out:
    number: int
    order: Order
    worker: str
    future: Future


class Cluster:
    """The workers of a scheduler. `jobs`: so many trials at most, None: as many as the workers have threads.

    sample: an order of the sweep, which workers check what they have against. tell: hears of workers that cannot help.
    """

    train: ClassVar[Callable[..., dict[str, Any]]] = staticmethod(there.train)  # what a worker does with an order

    def __init__(
        self, client: Client, sample: Order, folder: Path, jobs: int | None, tell: Callable[[str], None],
        also: contextlib.ExitStack | None = None,
    ) -> None:  # fmt: skip
        self._client, self._sample, self._folder, self._jobs, self._tell = client, sample, folder, jobs, tell
        self._also = also or contextlib.ExitStack()
        where = hashlib.sha256(f"{socket.gethostname()}\n{folder}".encode()).hexdigest()
        self._name = f"{folder.name}-{where[:8]}"  # others may have a sweep of this name elsewhere
        self._session = f"{self._name}-{secrets.token_hex(4)}"
        self._slots: dict[str, int] = {}  # by the address of a worker that can help
        self._shares: dict[str, bool] = {}  # whether it sees the sweep's folder
        self._refused: set[str] = set()
        self._out: dict[str, _Out] = {}  # by the key of its task
        self._news: queue.SimpleQueue[tuple[str, Reached | None]] = queue.SimpleQueue()  # by task; None: it has ended
        self._looked = self._lived = 0.0
        self._sender = ThreadPoolExecutor(1, "to-workers")
        client.subscribe_topic(self._session, self._hear)
        self._on_all(there.leave, self._name)  # what a sweep before this one left behind, when it was killed
        self._look()
        if not self._slots:
            address = client.scheduler.address
            self._shut()
            raise InputError(f"no worker of {address} can help: {'see above' if self._refused else 'start some'}")

    @classmethod
    def at(cls, address: str, sample: Order, folder: Path, jobs: int | None, tell: Callable[[str], None]) -> "Cluster":
        """The workers of the scheduler at an address; `local`: some on this machine, begun for it."""
        for name in ("distributed", "distributed.client"):  # what goes wrong is said here, in one line
            logging.getLogger(name).setLevel(logging.CRITICAL)
        also = contextlib.ExitStack()
        if address == "local":
            local = LocalCluster(n_workers=jobs or 1, threads_per_worker=1, dashboard_address=None, silence_logs=50)
            address = also.enter_context(local).scheduler_address
        try:
            client = Client(address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            also.close()
            raise InputError(f"there is no Dask scheduler at {address} ({error}): start one, or correct it") from None
        return cls(client, sample, folder, jobs, tell, also)

    @property
    def free(self) -> int:
        """How many more trials can be started now."""
        most = sum(self._slots.values())
        return min(most, self._jobs or most) - len(self._out)

    @property
    def able(self) -> bool:
        """Whether there is a worker that can help."""
        return bool(self._slots)

    def start(self, number: int, order: Order) -> None:
        """Send a trial to the worker with the most room."""
        worker = max(self._slots, key=self._room)
        key = f"{self._session}-{number}-{secrets.token_hex(4)}"
        future = self._client.submit(
            self.train, asdict(order), key, self._session, not self._shares[worker], key=key, workers=[worker],
            pure=False, retries=0,
        )  # fmt: skip
        self._out[key] = _Out(number, order, worker, future)
        future.add_done_callback(lambda _: self._news.put((key, None)))

    def give_up(self, number: int) -> None:
        """Ask for the end of a trial, which then has an outcome."""
        for key, out in self._out.items():
            if out.number == number and out.worker in self._slots:
                self._send(there.give_up, key, workers=[out.worker])

    def pause(self, waits: bool) -> None:
        """Let all trials save and wait where they are, or go on."""
        self._send(there.pause, self._session, waits)

    def wait(self, seconds: float) -> list[Happened]:
        """What has happened, after so many seconds at most. WorkError if the scheduler has gone away."""
        if self._client.status != "running":
            raise WorkError(GONE)
        happened = self._look() if time.monotonic() - self._looked > LOOK else []
        for key, reached in self._new(0.0 if happened else seconds):
            if reached is None:
                happened += self._ended(key)
            elif key in self._out:
                happened.append(Happened(self._out[key].number, reached=reached))
        return happened

    def close(self) -> list[Happened]:
        """Let all trials be left, and wait until they are; the outcomes of those that ended meanwhile."""
        happened: list[Happened] = []
        until = time.monotonic() + LEAVE_MOST
        if self._client.status == "running" and self._out:
            self._on_all(there.leave, self._name)
        while self._out and time.monotonic() < until and self._client.status == "running":
            happened += self.wait(there.TURN)
        self._shut()
        return [each for each in happened if each.outcome is not None]

    # Inside

    def _new(self, seconds: float) -> list[tuple[str, Reached | None]]:
        news: list[tuple[str, Reached | None]] = []
        with contextlib.suppress(queue.Empty):
            news.append(self._news.get(timeout=seconds) if seconds else self._news.get_nowait())
            while True:
                news.append(self._news.get_nowait())
        return news

    def _shut(self) -> None:
        self._sender.shutdown(wait=False, cancel_futures=True)
        with contextlib.suppress(Exception):  # what ends a connection that is broken is no news
            self._client.close(timeout=CONNECT)
        with contextlib.suppress(Exception):
            self._also.close()

    def _send(self, function: Callable[..., None], *arguments: Any, workers: list[str] | None = None) -> None:
        """Have workers do something, one after another, without waiting for it here.

        A thread waits for it: with `wait=False` Dask closes the connection before the worker has read what is asked.
        """
        self._sender.submit(self._run, function, arguments, workers)

    def _run(self, function: Callable[..., None], arguments: tuple[Any, ...], workers: list[str] | None) -> None:
        with contextlib.suppress(Exception):  # a worker that is gone, or the scheduler: `wait` says so
            self._client.run(function, *arguments, workers=workers, on_error="ignore")

    def _on_all(self, function: Callable[..., None], *arguments: str) -> None:
        self._client.run(function, *arguments, on_error="ignore")

    def _room(self, worker: str) -> int:
        return self._slots[worker] - sum(out.worker == worker for out in self._out.values())

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        self._news.put((event[1]["key"], Reached(**event[1]["reached"])))

    def _look(self) -> list[Happened]:
        """See who is there: greet workers that are new, and begin again elsewhere what was at one that is gone."""
        self._looked = time.monotonic()
        if self._looked - self._lived > ALIVE:
            self._lived = self._looked
            self._send(there.alive, self._session)
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        self._slots = {address: slots for address, slots in self._slots.items() if address in workers}
        self._refused &= set(workers)
        new = [address for address in workers if address not in self._slots and address not in self._refused]
        if new:
            self._greet(new, workers)
        happened = []
        for key, out in list(self._out.items()):
            if out.worker not in workers:
                del self._out[key]
                out.future.cancel(force=True)
                happened.append(Happened(out.number, died=f"lost its worker {out.worker}"))
        return happened

    def _greet(self, new: list[str], workers: dict[str, Any]) -> None:
        token = self._folder / f".shared-{self._session}"
        token.touch()
        try:
            answers = self._client.run(
                there.greet, self._session, asdict(self._sample), str(token.absolute()), workers=new, on_error="return"
            )
        finally:
            token.unlink(missing_ok=True)
        for address, answer in answers.items():
            wrong = f"{answer}" if isinstance(answer, BaseException) else answer["wrong"]
            if wrong:
                self._leave_out(address, wrong)
                continue
            self._slots[address] = workers[address]["nthreads"]
            self._shares[address] = answer["shared"]

    def _leave_out(self, address: str, why: str) -> None:
        if address not in self._refused:
            self._tell(f"the worker {address} is left out: {why}")
        self._refused.add(address)
        self._slots.pop(address, None)

    def _ended(self, key: str) -> list[Happened]:
        """What came of a task that Dask says has ended."""
        out = self._out.pop(key, None)
        if out is None:
            return []
        try:
            came: dict[str, Any] = out.future.result(timeout=LEAVE_MOST)
        except Exception as error:  # noqa: BLE001 - whatever a worker or the way to it can raise
            if out.future.cancelled():  # Dask does that to all there are when it loses the scheduler
                raise WorkError(GONE) from None
            return [Happened(out.number, died=f"could not begin on {out.worker}: {error}")]
        if came["stuck"] and came["outcome"] is None:
            self._leave_out(out.worker, came["stuck"])
            return [Happened(out.number, stuck=f"the worker {out.worker}: {came['stuck']}")]
        if came["outcome"] is None:
            return [Happened(out.number, died=came["died"])]
        if came["files"]:
            folder = Path(out.order.folder)
            self._bring_home(folder, came["files"])
            self._send(there.forget, self._name, folder.name, workers=[out.worker])
        return [Happened(out.number, outcome=Outcome(**came["outcome"]))]

    @staticmethod
    def _bring_home(folder: Path, files: dict[str, bytes]) -> None:
        """Write a trial's files; last of all how it ended, so that half of a trial is none."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in sorted(files, key=lambda name: name == RESULT):
            write_whole(folder / name, files[name])
