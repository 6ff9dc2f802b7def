"""Mends of moto's IAM."""

from __future__ import annotations

from typing import Any

import moto.iam.models
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.exceptions import IAMException
from moto.iam.models import SERVICE_NAME_CONVERSION, IAMBackend, iam_backends

from .patching import around


def account_of_access_key() -> None:
    """moto looks in every AWS partition, and fills each with 1,500 policies to do so.

    Not a difference, but a second saved at every start and every reset.
    """

    @around(moto.iam.models, "get_account_id_from")
    def account_of(_original: Any, access_key: str) -> str:
        for account, partitions in list(iam_backends.items()):
            if any(access_key in backend.access_keys for backend in list(partitions.values())):
                return account
        return DEFAULT_ACCOUNT_ID


def service_linked_role_names() -> None:
    """moto names them after the host (AWSServiceRoleForecs)."""
    SERVICE_NAME_CONVERSION.update({"ecs": "ECS", "elasticloadbalancing": "ElasticLoadBalancing"})


def service_linked_role_twice() -> None:
    """moto answers EntityAlreadyExists where IAM answers InvalidInput."""

    @around(IAMBackend, "create_service_linked_role")
    def create(
        original: Any, backend: IAMBackend, service_name: str, description: str, suffix: str
    ) -> Any:
        service = service_name.split(".")[0]
        name = f"AWSServiceRoleFor{SERVICE_NAME_CONVERSION.get(service, service)}"
        name += f"_{suffix}" if suffix else ""
        if _has_role(backend, name):
            raise IAMException(
                "InvalidInput",
                f"Service role name {name} has been taken in this account, "
                "please try a different suffix.",
            )
        return original(backend, service_name, description, suffix)


def _has_role(backend: IAMBackend, name: str) -> bool:
    return any(role.name == name for role in list(backend.roles.values()))


def ensure_service_linked_role(account: str, service: str) -> None:
    """What a service does by itself the first time it is used."""
    backend = iam_backends[account]["global"]
    name = f"AWSServiceRoleFor{SERVICE_NAME_CONVERSION[service]}"
    if not _has_role(backend, name):
        backend.create_service_linked_role(f"{service}.amazonaws.com", "", "")
