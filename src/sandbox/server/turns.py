"""moto keeps everything in plain dictionaries: one request, or one look at them, at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LOCK = threading.RLock()
LONGEST_SECONDS = 10.0


@contextmanager
def turn() -> Iterator[None]:
    """Waits for its turn; goes ahead after a while, as moto now and then calls itself over HTTP."""
    held = _LOCK.acquire(timeout=LONGEST_SECONDS)
    try:
        yield
    finally:
        if held:
            _LOCK.release()
