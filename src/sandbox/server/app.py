"""The WSGI application: our control path, the load balancers, and moto for all the rest."""

from __future__ import annotations

import io
import json
import os
import socket
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, NoReturn

import load_balancer
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from settings import SETTINGS
from turns import turn

NAME = "digital-apps sandbox"
VERSION = 1

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class Application:
    """The settings given at start come back with every reset."""

    def __init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._initial = dict(vars(SETTINGS))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith("/digital-apps/"):
            return self._control(environ, path, start_response)
        if path == "/moto-api/reset" and environ["REQUEST_METHOD"] == "POST":
            SETTINGS.change(self._initial)
        if "HTTP_AUTHORIZATION" not in environ and not path.startswith("/moto-api"):
            host = environ.get("HTTP_HOST", "").rpartition(":")[0] or environ.get("HTTP_HOST", "")
            scheme = environ.get("HTTP_X_FORWARDED_PROTO", "http").lower()
            query = environ.get("QUERY_STRING", "")
            try:
                answer = load_balancer.answer(host.lower(), path, scheme, query)
            except load_balancer.Unreachable:
                hang_up(environ)
            if answer is not None:
                return respond(
                    start_response, answer.status, answer.body, answer.content_type, answer.headers
                )
        # Read before its turn comes, so that a slow client holds up nobody else.
        environ["wsgi.input"] = io.BytesIO(body_of(environ))
        with turn():
            return self._moto(environ, start_response)

    def _control(
        self, environ: Environ, path: str, start_response: StartResponse
    ) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if path == "/digital-apps/sandbox" and method == "GET":
            return json_answer(
                start_response, 200, {"name": NAME, "version": VERSION, "pid": os.getpid()}
            )
        if path == "/digital-apps/settings" and method == "GET":
            return json_answer(start_response, 200, vars(SETTINGS))
        if path == "/digital-apps/settings" and method == "POST":
            try:
                SETTINGS.change(json.loads(body_of(environ)))
            except (ValueError, AttributeError) as error:
                return json_answer(start_response, 400, {"message": str(error)})
            return json_answer(start_response, 200, vars(SETTINGS))
        return json_answer(start_response, 404, {"message": f"nothing at {method} {path}"})


def hang_up(environ: Environ) -> NoReturn:
    """No answer at all: AWS would leave the request waiting, here nobody has to."""
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError  # as if the client had gone, which the server takes without a word


def body_of(environ: Environ) -> bytes:
    if environ.get("wsgi.input_terminated"):
        return environ["wsgi.input"].read()
    return environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))


def json_answer(start_response: StartResponse, status: int, value: Any) -> Iterable[bytes]:
    return respond(start_response, status, json.dumps(value), "application/json", {})


def respond(
    start_response: StartResponse,
    status: int,
    body: str,
    content_type: str,
    headers: dict[str, str],
) -> Iterable[bytes]:
    content = body.encode()
    known = status in HTTPStatus._value2member_map_
    reason = HTTPStatus(status).phrase if known else "Unknown"
    lines = [
        ("Content-Type", content_type),
        ("Content-Length", str(len(content))),
        *headers.items(),
    ]
    start_response(f"{status} {reason}", lines)
    return [content]
