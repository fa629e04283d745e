"""The workers' queue. A job is a hint that a source may be due: whoever gets it looks into the books before it acts."""

from collections.abc import Awaitable, Callable

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

_QUEUE = "pulls"
_TASK = "pull"
#: the schema that the migrations make for its tables
_SCHEMA = "jobs"
#: pulls that one worker has going at a time; they mostly wait for their sources
_CONCURRENCY = 4
#: how long pulls may go on when the worker is told to stop; what is on disk serves the next one
_PATIENCE_SECONDS = 5

log = structlog.get_logger(__name__)


def make_queue(url: str, pull: Callable[[str], Awaitable[None]]) -> App:
    """The queue in a database; open it. `pull` is handed the code of a source."""
    connector = PsycopgConnector(
        conninfo=url,
        kwargs={"options": f"-c search_path={_SCHEMA}"},
        min_size=1,
        max_size=_CONCURRENCY + 2,
    )
    queue = App(connector=connector)

    async def task(source: str) -> None:
        await pull(source)

    queue.task(name=_TASK, queue=_QUEUE)(task)
    return queue


async def run_jobs(queue: App, beat_seconds: float, *, wait: bool = True) -> None:
    """Do jobs until cancelled, or until there is none if told not to wait. A beat shows that this worker lives."""
    await queue.run_worker_async(
        queues=[_QUEUE],
        concurrency=_CONCURRENCY,
        wait=wait,
        delete_jobs="always",
        fetch_job_polling_interval=beat_seconds,
        update_heartbeat_interval=beat_seconds,
        stalled_worker_timeout=stalled_after(beat_seconds),
        shutdown_graceful_timeout=_PATIENCE_SECONDS,
        install_signal_handlers=False,
    )


def stalled_after(beat_seconds: float) -> float:
    """After how many seconds without a beat a worker counts as dead."""
    return 6 * beat_seconds


async def offer(queue: App, source: str) -> None:
    """Put a source's pull into the queue, unless it waits there already."""
    job = queue.configure_task(_TASK, queue=_QUEUE, lock=source, queueing_lock=source)
    try:
        await job.defer_async(source=source)
    except AlreadyEnqueued:
        return


async def drop_stalled(queue: App, beat_seconds: float) -> list[str]:
    """Drop the jobs of workers that died, so that their sources can be offered anew; says which sources."""
    jobs = queue.job_manager
    stalled = list(await jobs.get_stalled_jobs(seconds_since_heartbeat=stalled_after(beat_seconds)))
    for job in stalled:
        await jobs.finish_job(job, Status.FAILED, delete_job=True)
    return [str(job.task_kwargs["source"]) for job in stalled]
