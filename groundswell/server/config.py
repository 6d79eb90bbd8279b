"""What the surroundings decide: home folder, database, clock, addresses. Read once, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec
import platformdirs


class Config(msgspec.Struct, frozen=True, kw_only=True):
    home: Path
    database_url: str  # "" means the embedded PostgreSQL below ``home``
    key_file: Path
    clock: str  # "" means the machine's clock; else "ISO start|speed|unix time of the start"
    allowed_hosts: tuple[str, ...]
    reachable: tuple[str, ...]  # hosts inside that the collector may read (GROUNDSWELL_REACHABLE)
    proxy: bool  # a reverse proxy of ours stands before it, speaks HTTPS, and names the visitor (GROUNDSWELL_PROXY)
    debug: bool
    demo: bool
    mail_url: str  # where mail goes, before what the settings say (GROUNDSWELL_MAIL_URL)
    metrics_token: str  # "" means that /health/metrics/ is not there
    process: str  # which process of a house this is (web, worker), "" for a command; it names the log file

    @property
    def postgres_folder(self) -> Path:
        return self.home / "postgres"

    @property
    def archive_folder(self) -> Path:
        return self.home / "archive"

    @property
    def log_folder(self) -> Path:
        return self.home / "logs"

    @property
    def audit_head_file(self) -> Path:
        return self.home / "audit-head.jsonl"

    @property
    def secret_file(self) -> Path:
        return self.home / "web-secret"


def read_config(environ: Mapping[str, str] = os.environ) -> Config:
    """Read the configuration from ENVIRON; every value has a default that works."""
    home = Path(environ.get("GROUNDSWELL_HOME") or platformdirs.user_data_path("groundswell", False)).expanduser().absolute()
    return Config(
        home=home,
        database_url=environ.get("GROUNDSWELL_DATABASE_URL", ""),
        key_file=Path(environ.get("GROUNDSWELL_KEY_FILE") or home / "groundswell.key"),
        clock=environ.get("GROUNDSWELL_CLOCK", ""),
        allowed_hosts=tuple(filter(None, environ.get("GROUNDSWELL_HOSTS", "127.0.0.1,localhost,[::1]").split(","))),
        reachable=tuple(filter(None, environ.get("GROUNDSWELL_REACHABLE", "").split(","))),
        proxy=environ.get("GROUNDSWELL_PROXY", "") == "1",
        debug=environ.get("GROUNDSWELL_DEBUG", "") == "1",
        demo=environ.get("GROUNDSWELL_DEMO", "") == "1",
        mail_url=environ.get("GROUNDSWELL_MAIL_URL", ""),
        metrics_token=environ.get("GROUNDSWELL_METRICS_TOKEN", ""),
        process=environ.get("GROUNDSWELL_PROCESS", ""),
    )


def clock_setting(start: datetime, speed: float, real_start: float) -> str:
    """Write a running clock as the one string that child processes read from GROUNDSWELL_CLOCK."""
    return f"{start.isoformat()}|{speed:g}|{real_start:.3f}"
