"""What becomes of a container here, where none is run: whether its image is there, and what its
command says, as far as a few words of shell go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from moto.core.utils import unix_time_millis
from moto.ecr.models import ecr_backends
from moto.logs.models import logs_backends

from .configuring import trouble_configuring

REGISTRY = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?"
    r"/(?P<repository>[^:@]+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>.+))?"
)
PULL = "CannotPullContainerError: Error response from daemon: "


def digest_of(image: str, account: str) -> str | None:
    """What the image's name stands for now; None for one in any other registry."""
    place = REGISTRY.fullmatch(image)
    if place is None or place["account"] != account:
        return None
    name, tag, digest = place["repository"], place["tag"] or "latest", place["digest"]
    repository = ecr_backends[account][place["region"]].repositories.get(name)
    for each in repository.images if repository else []:
        if (each.get_image_digest() == digest) if digest else (tag in each.image_tags):
            return each.get_image_digest()
    return None


def trouble_pulling(image: str, account: str) -> str | None:
    """Why the image does not arrive, in Docker's words; one in any other registry is taken to."""
    place = REGISTRY.fullmatch(image)
    if place is None or place["account"] != account or digest_of(image, account):
        return None
    name = place["repository"]
    if name not in ecr_backends[account][place["region"]].repositories:
        return (
            f"{PULL}repository {image.split(':')[0]} not found: name unknown: The repository with "
            f"name '{name}' does not exist in the registry with id '{account}'"
        )
    return f"{PULL}manifest for {image} not found: manifest unknown: Requested image not found"


def trouble_logging(
    definition: dict[str, Any], played: Play, task: str, account: str, region: str
) -> str | None:
    """Writes what the container prints, as the awslogs driver would; or says why it cannot."""
    logging = definition.get("logConfiguration") or {}
    options = logging.get("options") or {}
    if logging.get("logDriver") != "awslogs" or "awslogs-stream-prefix" not in options:
        return None
    logs = logs_backends[account][options.get("awslogs-region", region)]
    group = logs.groups.get(options.get("awslogs-group"))
    if group is None:
        return (
            "CannotStartContainerError: Error response from daemon: failed to initialize logging "
            "driver: failed to create Cloudwatch log stream: ResourceNotFoundException: "
            "The specified log group does not exist."
        )
    stream = f"{options['awslogs-stream-prefix']}/{definition['name']}/{task}"
    group.create_log_stream(stream)
    now = int(unix_time_millis())
    lines = [{"timestamp": now, "message": line} for line in played.lines]
    if lines:
        group.put_log_events(stream, lines)
    return None


@dataclass
class Play:
    """What a container prints, and the code it ends with; None for one that goes on."""

    lines: list[str] = field(default_factory=list)
    exit_code: int | None = None


def play(definition: dict[str, Any], role_arn: str | None, account: str) -> Play:
    """Understands `false`, and of `sh -c` a list of `echo`, `exit`, `true` and `false`.

    Whatever else a container starts is taken to be a server that is well, if it gets its .env.
    """
    trouble = trouble_configuring(definition, role_arn, account)
    if trouble:
        return Play([trouble], 1)
    words = [*(definition.get("entryPoint") or []), *(definition.get("command") or [])]
    if words == ["false"]:
        return Play(exit_code=1)
    if len(words) != 3 or words[0] not in ("sh", "/bin/sh") or words[1] != "-c":
        return Play()
    played = Play()
    for command in re.split(r"\s*(?:;|&&|\n)\s*", words[2].strip()):
        name, _, rest = command.partition(" ")
        if name == "echo":
            played.lines.append(rest.strip().strip("'\""))
        elif name == "exit":
            played.exit_code = int(rest or 0)
            return played
        elif name in ("true", "false"):
            played.exit_code = int(name == "false")
        else:
            return Play(played.lines)
    played.exit_code = played.exit_code or 0
    return played
