"""The tasks of services: what the agent, its Docker and the load balancer make of one."""

from __future__ import annotations

import time
import uuid
from typing import Any

from moto.core.utils import utcnow
from moto.ecs.models import Task
from moto.elbv2.models import elbv2_backends
from settings import SETTINGS

from .containers import Play, digest_of, play, trouble_logging, trouble_pulling

FIRST_DYNAMIC_PORT = 32768
LAST_DYNAMIC_PORT = 60999
NEEDS = ("cpu", "memory", "memoryReservation")


class ServiceTask(Task):
    """Starts, is checked by the load balancer, runs, and leaves, with a delay between each."""

    def __init__(
        self, ecs: Any, service: Any, deployment: dict[str, Any], definition: Any, member: Any
    ) -> None:
        super().__init__(
            ecs.clusters[service.cluster_name],
            definition,
            member.container_instance_arn,
            needs_of(definition),
            backend=ecs,
            group=f"service:{service.name}",
            launch_type="EC2",
            started_by=deployment["id"],
            tags=_tags(service, definition),
        )
        self.id = uuid.uuid4().hex
        self.service = service
        self.definition = definition
        self.member = member
        self.phase = "starting"
        self.failed = False
        self.moved = time.monotonic()
        self.last_status = "PENDING"
        self.created_at = utcnow()
        self.targets: list[tuple[Any, str]] = []
        self.containers = [self._container(each) for each in definition.container_definitions]
        ecs.update_container_instance_resources(member, self.resource_requirements)
        ecs.tasks.setdefault(service.cluster_name, {})[self.task_arn] = self

    def advance(self) -> None:
        """moto moves a task on whenever it is described; this one moves by itself."""

    @property
    def is_active(self) -> bool:
        return self.phase in ("starting", "checked", "running")

    @property
    def is_well(self) -> bool:
        return self.phase == "running"

    def step(self) -> None:
        if self.last_status == "STOPPED" and self.phase != "stopped":
            self.stop_code = "UserInitiated"
            self._forget()  # StopTask has freed its share of the instance
        elif self.is_active and not self._has_host():
            self.stop(None, f"Host EC2 (instance {self.member.ec2_instance_id}) terminated.")
        elif time.monotonic() - self.moved < SETTINGS.task_delay:
            return
        elif self.phase == "starting":
            self._start()
        elif self.phase == "checked":
            self._end_or_go_on()
        elif self.phase == "leaving":
            self.stop(self.stop_code, self.stopped_reason)

    def leave(self, reason: str) -> None:
        """As the scheduler stops a task: the load balancer has it drained first."""
        self.stop_code, self.stopped_reason = "ServiceSchedulerInitiated", reason
        self.desired_status = "STOPPED"
        self.stopping_at = utcnow()
        self._move("leaving", "DEACTIVATING" if self.phase != "starting" else "PENDING")

    def stop(self, code: str | None, reason: str, failed: bool = False) -> None:
        if self._has_host():
            self._backend.update_container_instance_resources(
                self.member, self.resource_requirements, removing=True
            )
        self.stop_code, self.stopped_reason, self.failed = code, reason, failed
        self._forget()

    def health(self) -> tuple[str, str | None, str | None]:
        """State, reason and description, as DescribeTargetHealth has them."""
        if self.phase == "checked":
            return (
                "initial",
                "Elb.InitialHealthChecking",
                "Initial health checks in progress",
            )
        if self.phase == "leaving":
            return (
                "draining",
                "Target.DeregistrationInProgress",
                "Target deregistration is in progress",
            )
        return "healthy", None, None

    def _start(self) -> None:
        trouble = self._trouble_starting()
        if trouble:
            for container in self.containers:
                container["reason"] = trouble
            self.stop("TaskFailedToStart", trouble, failed=True)
            return
        self.started_at = utcnow()
        for container, definition in zip(
            self.containers, self.definition.container_definitions, strict=True
        ):
            container["lastStatus"] = "RUNNING"
            container["imageDigest"] = self._digest(definition["image"])
            container["networkBindings"] = self._bindings(definition)
        self._register()
        self._move("checked", "RUNNING")

    def _digest(self, image: str) -> str | None:
        """ECS stays with what a tag meant when the deployment began."""
        found: dict[Any, str | None] = self.service.__dict__.setdefault("digests", {})
        key = self.started_by, image
        return found.setdefault(key, digest_of(image, self._account_id))

    def _trouble_starting(self) -> str | None:
        account, region = self._account_id, self.region_name
        for definition in self.definition.container_definitions:
            trouble = trouble_pulling(definition["image"], account)
            played = self._play(definition)
            trouble = trouble or trouble_logging(definition, played, self.id, account, region)
            if trouble:
                return trouble
        return None

    def _end_or_go_on(self) -> None:
        for container, definition in zip(
            self.containers, self.definition.container_definitions, strict=True
        ):
            code = self._play(definition).exit_code
            if code is not None and definition.get("essential", True):
                container["exitCode"] = code
                reason = "Essential container in task exited"
                self.stop("EssentialContainerExited", reason, failed=True)
                return
        self._move("running", "RUNNING")

    def _play(self, definition: dict[str, Any]) -> Play:
        role = self.definition.__dict__.get("task_role_arn")
        return play(definition, role, self._account_id)

    def _register(self) -> None:
        elb = elbv2_backends[self._account_id][self.region_name]
        for balancer in self.service.load_balancers:
            group = elb.target_groups.get(balancer.get("targetGroupArn"))
            port = self._host_port(balancer.get("containerName"), balancer.get("containerPort"))
            if group is not None and port is not None:
                instance = self.member.ec2_instance_id
                key = f"{instance}:{port}"
                group.targets[key] = {"Id": instance, "Port": port, "task": self}
                self.targets.append((group, key))

    def _host_port(self, name: str | None, port: int | None) -> int | None:
        for container in self.containers:
            for binding in container["networkBindings"] if container["name"] == name else []:
                if binding["containerPort"] == port:
                    return binding["hostPort"]
        return None

    def _bindings(self, definition: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "bindIP": "0.0.0.0",
                "containerPort": each["containerPort"],
                "hostPort": each.get("hostPort") or self._free_port(),
                "protocol": each.get("protocol", "tcp"),
            }
            for each in definition.get("portMappings", [])
        ]

    def _free_port(self) -> int:
        """The next one each time, as Docker gives them."""
        port = self.member.__dict__.get("next_port", FIRST_DYNAMIC_PORT)
        self.member.next_port = port + 1 if port < LAST_DYNAMIC_PORT else FIRST_DYNAMIC_PORT
        return port

    def _has_host(self) -> bool:
        members = self._backend.container_instances.get(self.cluster_name, {})
        return self.member in members.values()

    def _forget(self) -> None:
        for group, key in self.targets:
            group.targets.pop(key, None)
        self.targets = []
        self.desired_status = "STOPPED"
        self.stopped_at = utcnow()
        for container in self.containers:
            container["lastStatus"] = "STOPPED"
        self._move("stopped", "STOPPED")

    def _move(self, phase: str, status: str) -> None:
        self.phase, self.last_status, self.moved = phase, status, time.monotonic()

    def _container(self, definition: dict[str, Any]) -> dict[str, Any]:
        return {
            "containerArn": f"{self.task_arn.replace(':task/', ':container/')}/{uuid.uuid4()}",
            "taskArn": self.task_arn,
            "name": definition["name"],
            "image": definition["image"],
            # ECS writes these as text.
            **{name: str(definition[name]) for name in NEEDS if definition.get(name)},
            "lastStatus": "PENDING",
            "healthStatus": "UNKNOWN",
            "networkBindings": [],
        }


def needs_of(definition: Any) -> dict[str, Any]:
    """What a task takes of its instance. Port 0 is any port, which moto takes for a port."""
    containers = definition.container_definitions
    memory = sum(each.get("memoryReservation") or each.get("memory") or 0 for each in containers)
    mappings = [mapping for each in containers for mapping in each.get("portMappings", [])]
    return {
        "CPU": int(definition.cpu or sum(each.get("cpu") or 0 for each in containers)),
        "MEMORY": int(definition.memory or memory),
        "PORTS": [mapping["hostPort"] for mapping in mappings if mapping.get("hostPort")],
    }


def _tags(service: Any, definition: Any) -> list[dict[str, str]]:
    propagated = {"SERVICE": service.tags, "TASK_DEFINITION": definition.tags}
    return list(propagated.get(service.propagate_tags) or [])
