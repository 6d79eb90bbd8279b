"""Plugs the surroundings into the desk when the process starts."""

from django.apps import AppConfig


class ServerConfig(AppConfig):
    name = "groundswell.server"
    label = "server"

    def ready(self) -> None:
        from django.conf import settings

        from groundswell.desk.spine.ports import ports
        from groundswell.server import clock, keys

        config = settings.CONFIG
        ports.clock = clock.make_clock(config.clock)
        ports.home = config.home
        ports.archive_folder = config.archive_folder
        ports.audit_head_file = config.audit_head_file
        ports.reachable = config.reachable
        ports.mail_url = config.mail_url
        ports.demo = config.demo
        ports.master_key = lambda: keys.read_or_make_key(config.key_file, may_make=False)
