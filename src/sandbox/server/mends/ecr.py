"""Mends of moto's Elastic Container Registry."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any

from moto.ecr.exceptions import InvalidParameterException
from moto.ecr.models import ECRBackend, Image
from moto.ecr.responses import ECRResponse
from moto.servicequotas.models import ServiceQuotasBackend

from .pages import paged
from .patching import around

NAME = re.compile(r"[a-z].{1,255}")

QUOTAS = {
    "L-CFEB8E8D": "Registered repositories",
    "L-03A36CE1": "Images per repository",
}


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


def quotas() -> None:
    """moto knows the quotas of VPC alone."""

    @around(ServiceQuotasBackend, "get_service_quota")
    def get(original: Any, backend: Any, service_code: str, quota_code: str) -> dict[str, Any]:
        if service_code != "ecr" or quota_code not in QUOTAS:
            return original(backend, service_code, quota_code)
        return {
            "ServiceCode": service_code,
            "QuotaCode": quota_code,
            "QuotaName": QUOTAS[quota_code],
            "Value": 100000.0,
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
        }


def image_pages() -> None:
    """moto tells all images at once."""
    paged(ECRResponse, "list_images", "imageIds", most=1000)
    paged(ECRResponse, "describe_images", "imageDetails", most=1000)


def digests() -> None:
    """moto takes a digest of an image's layers, so that two images of the same ones are one."""

    @around(Image, "_create_digest")
    def create(_: Any, image: Image) -> None:
        image._image_digest = f"sha256:{sha256(image.image_manifest.encode()).hexdigest()}"


def parts_of_indexes() -> None:
    """moto deletes an image that an index still consists of."""

    @around(ECRBackend, "batch_delete_image")
    def delete(
        original: Any,
        backend: ECRBackend,
        repository_name: str,
        registry_id: str | None = None,
        image_ids: list[dict[str, str]] | None = None,
    ) -> Any:
        images = backend.describe_images(repository_name, registry_id)
        parts = {
            part["digest"]
            for image in images
            for part in json.loads(image.image_manifest).get("manifests", [])
        }
        held = [each for each in image_ids or [] if each.get("imageDigest") in parts]
        free = [each for each in image_ids or [] if each not in held]
        answer: dict[str, Any] = {"imageIds": [], "failures": []}
        if free or not held:
            answer = original(backend, repository_name, registry_id, free)
        answer["failures"] += [
            {
                "imageId": each,
                "failureCode": "ImageReferencedByManifestList",
                "failureReason": "Requested image referenced by manifest list",
            }
            for each in held
        ]
        return answer
