"""How a mend replaces a method of moto's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any


def around(owner: Any, name: str) -> Callable[[Callable[..., Any]], None]:
    """Replaces a method, or a module's function; the replacement is given the original one first.

    Fails at start, not at the first call, when a later moto has no such method.
    """
    original = getattr(owner, name)

    def replace(replacement: Callable[..., Any]) -> None:
        @wraps(original)
        def mended(*args: Any, **kwargs: Any) -> Any:
            return replacement(original, *args, **kwargs)

        setattr(owner, name, mended)

    return replace


def operation(owner: type, name: str) -> Callable[[Callable[..., Any]], None]:
    """Adds an operation that moto lacks; moto's own wins once it has it."""

    def add(handler: Callable[..., Any]) -> None:
        if not hasattr(owner, name):
            setattr(owner, name, handler)

    return add
