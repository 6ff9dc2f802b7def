"""Serves the local AWS on loopback alone."""

from __future__ import annotations

import os
from collections.abc import Callable

from agents import Agents
from app import Application
from werkzeug.serving import WSGIRequestHandler, make_server

HOST = "127.0.0.1"


class Handler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The log holds what went wrong, not every call."""


def serve(
    application: Application, agents: Agents, port: int, announce: Callable[[int], None]
) -> None:
    """Tells its port, where 0 takes a free one, and serves until the process ends."""
    server = make_server(HOST, port, application, threaded=True, request_handler=Handler)
    # Some of moto's calls go to itself.
    os.environ["MOTO_PORT"] = str(server.server_port)
    agents.start()
    announce(server.server_port)
    server.serve_forever()
