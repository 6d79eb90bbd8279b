"""A small public web on loopback that shows what the script says has been published by now."""

from groundswell.demo.web.server import Server, serve

__all__ = ["Server", "serve"]
