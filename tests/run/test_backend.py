"""Backends: every item done once, whoever dies; and the same bytes from threads and from Dask with a worker killed."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.cli.small import bytes_of
from tests.run.sweeping import STUDY, study
from vsim.errors import UsageError, VsimError
from vsim.run import backend
from vsim.run.backend import DEATHS, in_processes, in_threads, on_scheduler, task_size
from vsim.run.sweep import sweep
from vsim.run.sweep_plan import runs_of

TWO_HUNDRED = STUDY.replace("points: 4", "points: 22")      # 22 points, 3 arms, 3 lucks, and 44 places where arms part


def double(item: int) -> int:
    return 2 * item


def die_once(item: tuple[int, str]) -> int:
    """Kill this process the first time that the fifth item is met."""
    number, flag = item
    if number == 5 and not Path(flag).exists():
        Path(flag).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die(_item: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def test_threads_do_every_item_once_and_the_first_in_the_calling_thread() -> None:
    where: dict[int, int] = {}

    def note(item: int) -> int:
        where[item] = threading.get_ident()
        return double(item)

    assert dict(in_threads(note, range(20), 3)) == {i: 2 * i for i in range(20)}
    assert where[0] == threading.get_ident()
    assert list(in_threads(note, [], 3)) == []


def test_an_error_in_a_thread_travels_and_starts_nothing_more() -> None:
    begun: list[int] = []

    def fail(item: int) -> int:
        begun.append(item)
        if item == 2:
            raise VsimError("two")
        time.sleep(0.002)
        return item

    with pytest.raises(VsimError, match="two"):
        list(in_threads(fail, range(1000), 1))
    assert len(begun) < 1000


@pytest.mark.slow
def test_a_killed_process_is_replaced(tmp_path: Path) -> None:
    items = [(number, str(tmp_path / "flag")) for number in range(12)]
    assert dict(in_processes(die_once, items, 2)) == {i: i for i in range(12)}
    assert (tmp_path / "flag").exists()


def threads_of_algebra(_: int) -> list[str | None]:
    """Return what a process is told about the threads of its linear algebra."""
    return [os.environ.get(name) for name in backend.ALGEBRA]


@pytest.mark.slow
def test_processes_take_one_thread_for_algebra_unless_the_user_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    for name in backend.ALGEBRA[1:]:
        monkeypatch.delenv(name, raising=False)
    assert dict(in_processes(threads_of_algebra, [0], 1)) == {0: ["3", "1", "1"]}
    assert threads_of_algebra(0) == ["3", None, None]


@pytest.mark.slow
def test_processes_that_always_die_are_given_up() -> None:
    with pytest.raises(VsimError, match=f"{DEATHS} times in a row"):
        list(in_processes(die, [1, 2], 1))


def test_a_task_is_worth_sending_and_no_worker_waits_for_the_last() -> None:
    assert task_size(0.001, 10_000, 2) == 50
    assert task_size(10.0, 10_000, 2) == 1
    assert task_size(1e-9, 40, 2) == 5


@pytest.mark.slow
def test_no_scheduler_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "PATIENCE", "1s")
    with pytest.raises(UsageError, match="no scheduler answers"):
        list(on_scheduler(double, range(9), "tcp://127.0.0.1:1"))


@pytest.mark.slow
def test_two_hundred_runs_on_dask_with_a_worker_killed_are_those_of_threads(tmp_path: Path) -> None:
    from distributed import LocalCluster

    loaded = study(tmp_path, TWO_HUNDRED)
    assert len(runs_of(loaded).table()) == 198
    killed: list[int] = []
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        pids = [worker.pid for worker in cluster.workers.values()]

        def move(done: int, total: int) -> None:
            if done >= total // 2 and not killed:
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)

        sweep(loaded, tmp_path / "dask", scheduler=cluster.scheduler_address, progress=move)
    assert killed
    sweep(loaded, tmp_path / "threads", jobs=2)
    assert bytes_of(tmp_path / "dask" / "runs") == bytes_of(tmp_path / "threads" / "runs")
    for name in ("table.csv", "table.parquet", "runs.csv", "design.csv"):
        assert (tmp_path / "dask" / name).read_bytes() == (tmp_path / "threads" / name).read_bytes()
