"""The tick of the worker: every second it asks the clock and lets the apps start what is due; and the worker's own housekeeping."""

from __future__ import annotations

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from groundswell.desk.spine import ports
from groundswell.desk.spine.preferences import preference
from groundswell.desk.spine.ticks import run_ticks
from groundswell.desk.spine.work import gives_back_connections
from groundswell.server import logs


@app.periodic(cron="* * * * * *")
@app.task(queue="tick", queueing_lock="tick", lock="tick", name="server.tick")
@gives_back_connections
def tick(timestamp: int) -> None:
    """Start whatever is due by the desk's clock."""
    run_ticks(ports.now())


@app.periodic(cron="17 * * * *")
@app.task(queue="tick", name="server.sweep_jobs", pass_context=True)
async def sweep_jobs(context: JobContext, timestamp: int) -> None:
    """Remove finished jobs older than a day."""
    await app.job_manager.delete_old_jobs(nb_hours=24, include_failed=False)


@app.periodic(cron="41 3 * * *")
@app.task(queue="tick", queueing_lock="server.remove_old_logs", name="server.remove_old_logs")
@gives_back_connections
def remove_old_logs(timestamp: int) -> None:
    """Remove the log files that are older than the settings keep them."""
    logs.remove_old(settings.CONFIG.log_folder, ports.now().date(), int(preference("retention.log_days")))


STALLED_SECONDS = 30  # a worker says that it lives every ten


@app.periodic(cron="* * * * * */10")
@app.task(queue="tick", queueing_lock="server.retry_stalled", name="server.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Put back the jobs whose worker was killed half-way; every job of ours can be done again without a double."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        if job.id != context.job.id:
            await app.job_manager.retry_job(job)
