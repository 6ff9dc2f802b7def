"""Runs the local AWS: moto's server, mended, on loopback alone."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import signal
import sys
import tempfile
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True  # this folder may be in somebody's node_modules
# Read by moto when it is imported: without it AWS's managed policies do not exist.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

ANOTHER_ONE = 3


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox-server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--state", type=Path, help="file to write {pid, port, endpoint, version} to"
    )
    parser.add_argument("--agents-delay", type=float, default=2.0, metavar="SECONDS")
    parser.add_argument("--lb-delay", type=float, default=1.0, metavar="SECONDS")
    parser.add_argument("--refresh-delay", type=float, default=1.0, metavar="SECONDS")
    parser.add_argument("--parent-stdin", action="store_true", help="end when stdin is closed")
    return parser.parse_args()


def hold(path: Path) -> Any:
    """Takes the state file's lock, which the kernel frees even when we are killed.

    Ends with code 3 when another server has it: two starts at once give one.
    """
    lock = open(f"{path}.lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(ANOTHER_ONE)
    return lock


def write_state(path: Path, port: int, endpoint: str, version: int) -> None:
    """Atomically, and for this user alone."""
    state = {"pid": os.getpid(), "port": port, "endpoint": endpoint, "version": version}
    # mkstemp makes the file with mode 0600
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(descriptor, "w") as file:
        json.dump(state, file)
    os.replace(name, path)


def end_with_parent() -> None:
    def wait() -> None:
        while os.read(0, 1024):
            pass
        os._exit(0)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def main() -> None:
    given = arguments()
    lock = hold(given.state) if given.state is not None else None
    if given.parent_stdin:
        end_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))  # nothing here is to be kept
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))

    import mends
    from agents import Agents
    from app import VERSION, Application
    from serving import HOST, serve
    from settings import SETTINGS

    SETTINGS.agents_delay = given.agents_delay
    SETTINGS.load_balancer_delay = given.lb_delay
    SETTINGS.instance_refresh_delay = given.refresh_delay
    mends.apply()

    def announce(port: int) -> None:
        if given.state is not None:
            write_state(given.state, port, f"http://{HOST}:{port}", VERSION)

    with lock or nullcontext():
        serve(Application(), Agents(), given.port, announce)


if __name__ == "__main__":
    main()
