"""What years of deploys leave, at once: over HTTP it takes most of a minute."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from moto.ecr.models import Image, ecr_backends
from moto.ecs.models import ecs_backends

ACCOUNT = "123456789012"
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
START = 1_700_000_000
HOUR = 3600


def past(given: dict[str, Any]) -> None:
    """Each deploy makes a revision and pushes an image: an index of one, and what tells of its build."""
    region, family, repository = given["region"], given["family"], given["repository"]
    ecs = ecs_backends[ACCOUNT][region]
    place = f"{ACCOUNT}.dkr.ecr.{region}.amazonaws.com/{repository}"
    for number in range(1, given["revisions"] + 1):
        container = {"name": "app", "image": f"{place}:{number}-abc", "memory": 512}
        ecs.register_task_definition(family, [container])
    images = ecr_backends[ACCOUNT][region].repositories[repository].images
    for number in range(given["revisions"] - given["images"] + 1, given["revisions"] + 1):
        images.extend(pushed(repository, number))


def pushed(repository: str, number: int) -> list[Image]:
    parts = [
        image(repository, None, {"config": {"size": size}, "layers": [], "of": number}, number)
        for size in (50_000_000, 10_000)
    ]
    manifests = [{"digest": part.image_digest, "mediaType": MANIFEST} for part in parts]
    return [*parts, image(repository, f"{number}-abc", {"manifests": manifests}, number)]


def image(repository: str, tag: str | None, manifest: dict[str, Any], number: int) -> Image:
    kind = INDEX if "manifests" in manifest else MANIFEST
    text = json.dumps({"schemaVersion": 2, "mediaType": kind, **manifest})
    digest = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    made = Image(ACCOUNT, tag, text, repository, kind, digest)
    made.image_pushed_at = START + number * HOUR
    return made
