"""Mends of moto's ECS services, whose tasks the scheduler plays."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecs.exceptions import ECSException
from moto.ecs.models import EC2ContainerServiceBackend, Service, Task
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.elbv2.models import FakeHealthStatus, FakeTargetGroup
from moto.sts.models import sts_backends
from scheduler import deployments

from .patching import around

KEPT = {
    "deploymentConfiguration": "deployment_configuration",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "placementStrategy": "placement_strategy",
}


def service_creation() -> None:
    """moto replaces a service of the same name, and forgets half of what a service is made with."""

    @around(EC2ContainerServiceResponse, "create_service")
    def create(original: Any, response: EC2ContainerServiceResponse) -> ActionResult:
        cluster = response._get_param("cluster", "default").split("/")[-1]
        pair = f"{cluster}:{response._get_param('serviceName')}"
        asked = {key: value for key, value in response._get_params().items() if key != "tags"}
        asked.pop("clientToken", None)
        existing = response.ecs_backend.services.get(pair)
        if existing is not None and existing.status == "DRAINING":
            raise _invalid("Unable to Start a service that is still Draining.")
        if existing is not None and existing.status == "ACTIVE":
            if existing.asked != asked:
                raise _invalid("Creation of service was not idempotent.")
            return ActionResult({"service": existing})
        result = original(response)
        service = response.ecs_backend.services[pair]
        service.asked = asked
        service.created_at = utcnow()
        for param, attribute in KEPT.items():
            setattr(service, attribute, response._get_param(param))
        service.deployment_configuration = {
            "deploymentCircuitBreaker": {"enable": False, "rollback": False},
            **{"maximumPercent": 200, "minimumHealthyPercent": 100},
            **(service.deployment_configuration or {}),
        }
        return result


def service_update() -> None:
    """moto changes the task definition of a service without a deployment."""

    @around(EC2ContainerServiceBackend, "update_service")
    def update(
        original: Any, backend: EC2ContainerServiceBackend, service_properties: dict[str, Any]
    ) -> Service:
        cluster = service_properties.get("cluster", "default")
        service = backend._get_service(cluster, service_properties["service"].split("/")[-1])
        if service.status != "ACTIVE":
            raise ECSException(
                "ServiceNotActiveException", "Service was not ACTIVE. Service was not updated."
            )
        wanted = service_properties.pop("task_definition", None) or service.task_definition
        definition = backend.describe_task_definition(wanted).arn
        forced = service_properties.pop("force_new_deployment", False)
        balancers = service_properties.get("load_balancers", service.load_balancers)
        is_new = forced or [definition, balancers] != [
            service.task_definition,
            service.load_balancers,
        ]
        configuration = service_properties.pop("deployment_configuration", None) or {}
        counts = service.running_count, service.pending_count
        original(backend, service_properties)
        service.running_count, service.pending_count = counts
        service.deployment_configuration = {**service.deployment_configuration, **configuration}
        if is_new and service.deployments:
            deployments.begin(backend, service, definition)
        return service


def service_deletion() -> None:
    """moto has a deleted service gone at once, while its tasks run on."""

    @around(EC2ContainerServiceBackend, "delete_service")
    def delete(
        original: Any, backend: EC2ContainerServiceBackend, cluster: str, name: str, force: bool
    ) -> Service:
        service = original(backend, cluster, name, force)
        service.status = "DRAINING"
        service.desired_count = 0
        return service


def task_lists() -> None:
    """moto lists the tasks of all services whichever is asked for, and the stopped ones unasked."""

    @around(EC2ContainerServiceResponse, "list_tasks")
    def tasks(_original: Any, response: EC2ContainerServiceResponse) -> ActionResult:
        service = response._get_param("serviceName")
        found: list[Task] = response.ecs_backend.list_tasks(
            response._get_param("cluster", "default"),
            response._get_param("containerInstance"),
            response._get_param("family"),
            response._get_param("startedBy"),
            None,
            response._get_param("desiredStatus", "RUNNING"),
        )
        if service:
            group = f"service:{service.split('/')[-1]}"
            found = [task for task in found if task.group == group]
        return ActionResult({"taskArns": [task.task_arn for task in found]})


def task_definition_authors() -> None:
    """moto does not note who registered a task definition, and when."""

    @around(EC2ContainerServiceResponse, "register_task_definition")
    def register(original: Any, response: EC2ContainerServiceResponse) -> ActionResult:
        result = original(response)
        definition = result.result["taskDefinition"]
        sts = sts_backends[response.current_account]["global"]
        _id, arn, _account = sts.get_caller_identity(response.access_key, response.region)
        definition.registered_by, definition.registered_at = arn, utcnow()
        return result


def container_targets() -> None:
    """moto knows one target an instance, where each container has a port of its own."""

    @around(FakeTargetGroup, "health_for")
    def health_for(
        original: Any, group: FakeTargetGroup, target: dict[str, Any], ec2: Any
    ) -> FakeHealthStatus:
        identity, port = target["Id"], target.get("Port")
        known = group.targets.get(f"{identity}:{port}")
        if known is None:
            return original(group, target, ec2)
        state, reason, description = known["task"].health()
        return FakeHealthStatus(identity, port, str(port), state, reason, description)


def _invalid(message: str) -> ECSException:
    return ECSException("InvalidParameterException", message)
