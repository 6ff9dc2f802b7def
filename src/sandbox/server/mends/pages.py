"""Answers in pages, where moto tells everything at once."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult

from .patching import around


def paged(owner: type, name: str, key: str, most: int) -> None:
    """Of that list, AWS tells a hundred unless it is asked for another number, and never more than `most`."""

    @around(owner, name)
    def answer(original: Any, response: Any) -> ActionResult:
        result = original(response).result
        start = int(response._get_param("nextToken") or 0)
        end = start + min(int(response._get_param("maxResults") or 100), most)
        page = {**result, key: result[key][start:end]}
        if end < len(result[key]):
            page["nextToken"] = str(end)
        return ActionResult(page)
