"""The local AWS for tests: whoever asks for it gets a copy of the whole of it, in no time.

A copy is a fork of the process. It ends with the process that asked for it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import warnings
from typing import Any, NoReturn

SERVER = sys.argv[1]
# Where this process, or a copy of it, tells its address.
ANNOUNCE = 3
PARENT_SECONDS = 0.2
SERVICES = [
    *("acm", "autoscaling", "cloudfront", "cloudwatch", "ec2", "ecr", "ecs", "elbv2", "iam"),
    *("logs", "route53", "s3", "service-quotas", "ssm", "sts"),
]

sys.dont_write_bytecode = True
warnings.simplefilter("ignore")  # moto has some about its own ways
sys.path.insert(0, SERVER)
# Read by moto when it is imported: without it AWS's managed policies do not exist.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

import mends  # noqa: E402
from agents import Agents  # noqa: E402
from app import Application, Environ, StartResponse, body_of, json_answer  # noqa: E402
from moto.backends import get_backend  # noqa: E402
from moto.core import DEFAULT_ACCOUNT_ID  # noqa: E402
from past import past  # noqa: E402
from serving import HOST, serve  # noqa: E402
from settings import SETTINGS  # noqa: E402
from turns import turn  # noqa: E402


class Copyable(Application):
    def __init__(self, agents: Agents) -> None:
        super().__init__()
        self._agents = agents

    def __call__(self, environ: Environ, start_response: StartResponse) -> Any:
        if environ.get("PATH_INFO") == "/past":
            with turn():
                past(json.loads(body_of(environ)))
            return json_answer(start_response, 200, {})
        if environ.get("PATH_INFO") != "/copies":
            return super().__call__(environ, start_response)
        given = json.loads(body_of(environ))
        answer, tell = os.pipe()
        # No request and no agent is in the middle of anything.
        with turn():
            child = os.fork()
        if child == 0:
            self._begin(given, tell)
        os.close(tell)
        with os.fdopen(answer) as pipe:
            return json_answer(start_response, 200, json.loads(pipe.read()))

    def _begin(self, given: dict[str, Any], tell: int) -> NoReturn:
        """What the copy does: of all threads it has this one alone."""
        os.dup2(tell, ANNOUNCE)
        os.closerange(ANNOUNCE + 1, os.sysconf("SC_OPEN_MAX"))
        SETTINGS.change(given["settings"])
        self._initial = dict(vars(SETTINGS))
        end_with(given["parent"])
        serve(self, self._agents, 0, lambda port: announce(ANNOUNCE, port))
        os._exit(0)


def announce(descriptor: int, port: int) -> None:
    with os.fdopen(descriptor, "w") as pipe:
        json.dump({"pid": os.getpid(), "endpoint": f"http://{HOST}:{port}"}, pipe)


def end_with(parent: int) -> None:
    def watch() -> None:
        while True:
            time.sleep(PARENT_SECONDS)
            try:
                os.kill(parent, 0)
            except ProcessLookupError:
                os._exit(0)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def warm_up() -> None:
    """Loads, once for all copies, what moto loads when it is first asked for."""
    for service in SERVICES:
        backends = get_backend(service)
        for region in {"us-east-2", "aws"} & set(backends[DEFAULT_ACCOUNT_ID].regions):
            backends[DEFAULT_ACCOUNT_ID][region]


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))  # nothing here is to be kept
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests, which it ends with
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # copies that end are forgotten
    mends.apply()
    warm_up()
    end_with(os.getppid())
    agents = Agents()
    serve(Copyable(agents), agents, 0, lambda port: announce(ANNOUNCE, port))


if __name__ == "__main__":
    main()
