"""Work on many things in several processes, in order, so that it can be stopped."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from enum import Enum
from itertools import islice
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from typing import Any, TypeVar

from lowalt.cli.options import fail

Task = TypeVar("Task")
Result = TypeVar("Result")
Worker = Callable[[Task], Result]

_WAITING = 2  # tasks for each process: enough that none is idle, few enough to stop soon


def jobs_for(count: int, *, given: int | None, worth_a_process: int) -> int:
    """Say how many processes to use: as many as were asked for, else as are worth their start.

    Examples
    --------
    >>> jobs_for(10, given=None, worth_a_process=100), jobs_for(10, given=3, worth_a_process=100)
    (1, 3)
    """
    if given is not None:
        return given
    return max(1, min(os.cpu_count() or 1, count // worth_a_process))


def in_processes(
    make: Callable[[Any], Worker[Task, Result]],
    asked: Any,
    tasks: Sequence[Task],
    *,
    jobs: int,
) -> Iterator[Result]:
    """Yield the result of each task, in their order.

    Parameters
    ----------
    make
        Makes what does a task; called once a process, so a function of a module.
    asked
        What it is made of; goes to the other processes.
    tasks
        What is to be done; each goes to another process.
    jobs
        Number of processes.

    Raises
    ------
    KeyboardInterrupt
        After Ctrl-C, once the results of what was under way have been yielded.
    """
    # A fork would copy the threads of whatever runs here in an unknown state.
    context = get_context("spawn")
    stop = context.Event()
    pool = ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_begin, initargs=(make, asked, stop)
    )
    try:
        yield from _results(pool, tasks, jobs, stop)
    except BrokenProcessPool:
        fail(
            "a process that judged plans was ended from outside, perhaps for want of memory; use"
            " fewer at a time with --jobs, and --out FILE with --resume to keep what is done"
        )
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _results(
    pool: ProcessPoolExecutor, tasks: Sequence[Task], jobs: int, stop: Event
) -> Iterator[Any]:
    waiting: deque[Future[Any]] = deque()
    more = iter(tasks)
    try:
        with _deaf_to_ctrl_c():
            waiting.extend(pool.submit(_run, task) for task in islice(more, _WAITING * jobs))
        while waiting:
            result = waiting[0].result()
            waiting.popleft()  # before it is given away: never twice
            yield result
            waiting.extend(pool.submit(_run, task) for task in islice(more, 1))
    except KeyboardInterrupt:
        stop.set()
        under_way = [future for future in waiting if not future.cancel()]
        results = (future.result() for future in under_way)
        yield from (result for result in results if result is not _NOT_DONE)
        raise


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach: it is for this one to stop them in order."""
    try:
        heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # no main thread, so that no Ctrl-C comes here
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heard)


class _Stopped(Enum):
    """What becomes of tasks that a process had been given but not begun when all was stopped."""

    NOT_DONE = "not done"


_NOT_DONE = _Stopped.NOT_DONE

# What a process is begun with has no other place.
_worker: Callable[[Any], Any]
_stop: Event


def _begin(make: Callable[[Any], Worker[Any, Any]], asked: Any, stop: Event) -> None:
    global _worker, _stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker, _stop = make(asked), stop


def _run(task: Any) -> Any:
    return _NOT_DONE if _stop.is_set() else _worker(task)
