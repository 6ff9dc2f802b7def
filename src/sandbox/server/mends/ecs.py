"""Mends of moto's ECS."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import ECSException
from moto.ecs.models import Cluster, EC2ContainerServiceBackend, Service, TaskDefinition
from moto.ecs.responses import EC2ContainerServiceResponse

from .iam import ensure_service_linked_role
from .pages import paged
from .patching import around, operation


def cluster_creation() -> None:
    """moto replaces a cluster of the same name, and makes no service-linked role."""

    @around(EC2ContainerServiceBackend, "create_cluster")
    def create(
        original: Any,
        backend: EC2ContainerServiceBackend,
        cluster_name: str,
        *rest: Any,
        **named: Any,
    ) -> Any:
        ensure_service_linked_role(backend.account_id, "ecs")
        existing = backend.clusters.get(cluster_name)
        if existing is None or existing.status != "ACTIVE":
            return original(backend, cluster_name, *rest, **named)
        settings = rest[1] if len(rest) > 1 else named.get("cluster_settings")
        if settings and settings != existing.settings:
            raise ECSException(
                "InvalidParameterException",
                "Arguments on this idempotent request are inconsistent with arguments "
                "used in previous request(s).",
            )
        return existing


def update_cluster_settings() -> None:
    """moto lacks UpdateClusterSettings, but has UpdateCluster."""

    @operation(EC2ContainerServiceResponse, "update_cluster_settings")
    def update(response: EC2ContainerServiceResponse) -> ActionResult:
        cluster = response.ecs_backend.update_cluster(
            response._get_param("cluster"), response._get_param("settings"), None, None
        )
        return ActionResult({"cluster": cluster})


def untagged_resources() -> None:
    """moto's resourcegroupstaggingapi fails (500) as soon as some ECS resource has no tags."""
    for owner in (Cluster, Service, TaskDefinition):

        @around(owner, "__init__")
        def start(original: Any, resource: Any, *rest: Any, **named: Any) -> None:
            original(resource, *rest, **named)
            resource.tags = resource.tags or []


def task_definition_memory() -> None:
    """moto wants a limit of memory for EC2, where AWS is content with a reservation."""

    @around(EC2ContainerServiceBackend, "_validate_container_defs")
    def validate(
        original: Any,
        _backend: EC2ContainerServiceBackend,
        memory: str | None,
        containers: list[dict[str, Any]],
        _compatibilities: list[str] | None,
    ) -> None:
        original(memory, containers, None)


def task_definition_pages() -> None:
    """moto lists all task definitions at once."""
    paged(EC2ContainerServiceResponse, "list_task_definitions", "taskDefinitionArns", most=100)


def container_instance_pages() -> None:
    """moto lists all container instances at once."""
    paged(
        EC2ContainerServiceResponse, "list_container_instances", "containerInstanceArns", most=100
    )
