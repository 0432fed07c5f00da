"""Where the jobs of a sweep run: threads, processes, or a Dask scheduler. A job's result does not depend on it.

Each backend is a generator of (place of the item, result) in the order in which they are done. Closing it, an error or
Ctrl-C starts no further job; threads are waited for, processes are ended. A worker process that dies is replaced and
its job begun again elsewhere.
"""

from __future__ import annotations

import math
import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from importlib import import_module
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from vsim.errors import UsageError, VsimError
from vsim.spec.plain_yaml import one_line

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

DEATHS = 3                    # times in a row that the workers may die without one job done
RETRIES = 5                   # times that Dask begins a job again whose worker died
PER_WORKER = 4                # tasks at least for each worker of a scheduler, so that none waits for the last
HERE = 2                      # items that are done in this process first; the first loads or compiles the kernels
TASK = 0.05                   # seconds of work that make the cost of sending a task small
ALGEBRA = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")      # threads of linear algebra
PATIENCE = "20s"              # to find a scheduler
T = TypeVar("T")
R = TypeVar("R")
Work = Callable[[T], R]
Results = Generator[tuple[int, R], None, None]


def in_threads(work: Work[T, R], items: Sequence[T], jobs: int) -> Results[R]:
    """Yield results of threads in this process; the first item is done by the calling one, so Ctrl-C can stop it."""
    if items:
        yield 0, work(items[0])
    yield from _pooled(ThreadPoolExecutor(jobs), work, dict(list(enumerate(items))[1:]))


def in_processes(work: Work[T, R], items: Sequence[T], jobs: int) -> Results[R]:
    """Yield results of processes started anew ("spawn"), so the same on every platform.

    Raises
    ------
    VsimError
        When the processes die again and again without doing anything.
    """
    with _one_thread_each():
        yield from _in_processes(work, items, jobs)


def _in_processes(work: Work[T, R], items: Sequence[T], jobs: int) -> Results[R]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children, get_context

    left, deaths = dict(enumerate(items)), 0
    while left:
        try:
            pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_deaf)
            with closing(_pooled(pool, work, dict(left), active_children())) as results:
                for place, result in results:
                    del left[place]
                    deaths = 0
                    yield place, result
        except BrokenProcessPool:
            deaths += 1
            if deaths == DEATHS:
                raise VsimError(f"sweep: worker processes died {DEATHS} times in a row, with {len(left)} jobs left. "
                                "Is there memory enough? Use fewer jobs, or threads.") from None


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let linear algebra take one thread in processes that are started now: there is one process for each core."""
    before = {name: os.environ.get(name) for name in ALGEBRA}
    os.environ.update({name: value or "1" for name, value in before.items()})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)


def _deaf() -> None:
    """Let Ctrl-C stop the process that gives the work, and not the workers in the middle of a job."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_others(before: Sequence[BaseProcess]) -> None:
    """End the worker processes; nothing is lost, since a job writes nothing, and no second Ctrl-C is waited for."""
    from multiprocessing import active_children

    for child in active_children():
        if child not in before:
            child.terminate()


def _pooled(
    pool: Executor, work: Work[T, R], items: dict[int, T], before: Sequence[BaseProcess] | None = None
) -> Results[R]:
    """Yield results of a pool; with `before`, processes that are not among these are ended when it goes wrong."""
    try:
        waiting: dict[Future[R], int] = {pool.submit(work, item): place for place, item in items.items()}
        for future in as_completed(list(waiting)):
            yield waiting.pop(future), future.result()
    except BaseException:
        if before is not None:
            _end_others(before)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def on_scheduler(work: Work[T, R], items: Sequence[T], address: str) -> Results[R]:
    """Yield results of the workers of a Dask scheduler, each with the same version of vsim installed.

    The first items are done here: they tell how long one takes, hence how many make a task that is worth sending.

    Parameters
    ----------
    work, items :
        A function that the workers can import, and what it is called with.
    address : str
        Such as tcp://10.0.0.1:8786.

    Raises
    ------
    UsageError
        When distributed is not installed, or no scheduler answers.
    VsimError
        When workers die again and again on the same job.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise UsageError("sweep: --scheduler needs Dask, which is not installed. Install it: pip install "
                         "'vsim[research]'.") from None
    spent = math.inf
    for place, item in enumerate(items[:HERE]):
        begun = perf_counter()
        yield place, work(item)
        spent = min(spent, perf_counter() - begun)
    if len(items) <= HERE:
        return
    try:
        client = distributed.Client(address, set_as_default=False, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise UsageError(f"sweep: no scheduler answers at {one_line(address)} ({one_line(str(error))}). Start one with "
                         "`dask scheduler`, or leave out --scheduler.") from None
    with client:
        size = task_size(spent, len(items), max(len(client.nthreads()), 1))
        waiting = {
            client.submit(_several, work, items[first : first + size], pure=False, retries=RETRIES): first
            for first in range(HERE, len(items), size)
        }
        try:
            for future in distributed.as_completed(list(waiting), loop=client.loop):
                first = waiting.pop(future)
                yield from enumerate(future.result(), first)
                future.release()
        except distributed.KilledWorker as error:
            raise VsimError(f"sweep: workers of {address} died again and again ({one_line(str(error))}). Is there "
                            "memory enough?") from None
        finally:
            client.cancel(list(waiting))


def task_size(seconds: float, items: int, workers: int) -> int:
    """Return how many items make a task: a twentieth of a second of work, and some tasks for each worker.

    >>> task_size(0.01, 1000, 2), task_size(0.01, 16, 2), task_size(3.0, 1000, 2)
    (5, 2, 1)
    """
    return max(1, min(round(TASK / max(seconds, TASK / items)), items // (PER_WORKER * workers)))


def _several(work: Work[T, R], items: Sequence[T]) -> list[R]:
    return [work(item) for item in items]
