"""Mends of moto's Elastic Container Registry."""

from __future__ import annotations

import re
from typing import Any

from moto.ecr.exceptions import InvalidParameterException
from moto.ecr.models import ECRBackend
from moto.servicequotas.models import ServiceQuotasBackend

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
