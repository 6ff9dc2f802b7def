"""Mends of moto's IAM."""

from __future__ import annotations

from typing import Any

import moto.iam.models
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionResult
from moto.iam.exceptions import DeleteConflictException, IAMException, NotFoundException
from moto.iam.models import SERVICE_NAME_CONVERSION, IAMBackend, iam_backends
from moto.iam.responses import IamResponse

from .patching import around

MOST_TAGS = 50


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


def user_tags() -> None:
    """moto takes any tags for a user, and any number of them."""

    @around(IAMBackend, "tag_user")
    def tag(original: Any, backend: IAMBackend, name: str, tags: list[dict[str, str]]) -> None:
        user = backend.get_user(name)
        backend._tag_verification(tags)
        if any(each["Key"].startswith("aws:") for each in tags):
            raise IAMException("InvalidInput", "System tags cannot be added, modified, or removed")
        keys = {each["Key"] for each in tags}
        if len(keys | set(backend.tagger.get_tag_dict_for_resource(user.arn))) > MOST_TAGS:
            raise IAMException("LimitExceeded", "The number of tags has reached the maximum limit.")
        original(backend, name, tags)


def policy_entities() -> None:
    """moto lists the entities of a policy that is not there."""

    @around(IamResponse, "list_entities_for_policy")
    def entities(original: Any, response: IamResponse) -> ActionResult:
        arn = response._get_param("PolicyArn")
        if arn not in response.backend.managed_policies:
            raise NotFoundException(f"Policy {arn} was not found.")
        return original(response)


def entities_in_use() -> None:
    """moto deletes users that still have access keys, and policies that are still attached."""

    @around(IAMBackend, "delete_user")
    def delete_user(original: Any, backend: IAMBackend, user_name: str) -> None:
        if backend.get_user(user_name).access_keys:
            raise DeleteConflictException("Cannot delete entity, must delete access keys first.")
        original(backend, user_name)

    @around(IAMBackend, "delete_policy")
    def delete_policy(original: Any, backend: IAMBackend, policy_arn: str) -> None:
        if backend.get_policy(policy_arn).attachment_count:
            raise DeleteConflictException("Cannot delete a policy attached to entities.")
        original(backend, policy_arn)


def _has_role(backend: IAMBackend, name: str) -> bool:
    return any(role.name == name for role in list(backend.roles.values()))


def ensure_service_linked_role(account: str, service: str) -> None:
    """What a service does by itself the first time it is used."""
    backend = iam_backends[account]["global"]
    name = f"AWSServiceRoleFor{SERVICE_NAME_CONVERSION[service]}"
    if not _has_role(backend, name):
        backend.create_service_linked_role(f"{service}.amazonaws.com", "", "")
