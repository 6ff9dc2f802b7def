"""Mends of moto's Elastic Container Registry."""

from __future__ import annotations

import re
from typing import Any

from moto.ecr.exceptions import InvalidParameterException
from moto.ecr.models import ECRBackend

from .patching import around

NAME = re.compile(r"[a-z].{1,255}")


def repository_names() -> None:
    """moto takes names of any length, and those that start with a digit."""

    @around(ECRBackend, "create_repository")
    def create(original: Any, backend: ECRBackend, repository_name: str, **named: Any) -> Any:
        if not NAME.fullmatch(repository_name):
            raise InvalidParameterException(
                "Invalid parameter at 'repositoryName' failed to satisfy constraint: "
                "'must start with a letter and have 2 to 256 characters'"
            )
        return original(backend, repository_name=repository_name, **named)
