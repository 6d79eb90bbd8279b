"""The worker process: runs the jobs of the database's queue until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import sys


def main(concurrency: int | None = None) -> None:
    """Run until told to stop; CONCURRENCY defaults to GROUNDSWELL_WORKER_THREADS or 6."""
    from groundswell.server.home import set_up_django

    set_up_django()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector
    from procrastinate.exceptions import ConnectorException
    from psycopg_pool import PoolTimeout

    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    worker_app = app.with_connector(connector.get_worker_connector())
    try:
        asyncio.run(_run(worker_app, concurrency or int(os.environ.get("GROUNDSWELL_WORKER_THREADS", "6"))))
    except (PoolTimeout, ConnectorException) as error:
        logging.getLogger("groundswell.worker").error("the database does not answer", extra={"kind": type(error).__name__})
        sys.exit(1)


async def _run(worker_app: object, concurrency: int) -> None:
    async with worker_app.open_async():  # type: ignore[attr-defined]
        await worker_app.run_worker_async(  # type: ignore[attr-defined]
            concurrency=concurrency,
            listen_notify=True,
            fetch_job_polling_interval=1.0,
            shutdown_graceful_timeout=8,
            delete_jobs="successful",
        )


if __name__ == "__main__":
    main()
