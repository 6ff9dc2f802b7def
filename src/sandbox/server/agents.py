"""Plays the ECS agents: registers instances in the cluster that their user data names."""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

from mends import launches
from moto.autoscaling.models import autoscaling_backends
from moto.ec2.models import ec2_backends
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ecs.models import ecs_backends
from reaching import instance_may, reaches_aws
from scheduler import services
from settings import SETTINGS
from turns import turn

TICK_SECONDS = 0.2
CLUSTER = re.compile(r"^\s*(?:echo\s+['\"]?)?ECS_CLUSTER=['\"]?([A-Za-z0-9_-]+)", re.MULTILINE)


class Agents:
    """One look at all instances every tick: simpler than a hook in each way to start one."""

    def __init__(self) -> None:
        self._first_seen: dict[str, float] = {}
        self._registered: set[str] = set()

    def start(self) -> None:
        threading.Thread(target=self._run, name="agents", daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(TICK_SECONDS)
            try:
                with turn():
                    self.look()
            except Exception as error:  # one that cannot be played must not end all the others
                print(f"agents: {error!r}", flush=True)

    def look(self) -> None:
        """Registers what is due, deregisters what is gone, and has services run on what is there.

        Groups start again what they could not start.
        """
        for account, region, ecs in list(ecs_backends.iter_backends()):
            ec2 = ec2_backends[account][region]
            if SETTINGS.agents:
                for instance in _running(ec2):
                    self._register_if_due(ec2, ecs, instance)
            self._follow(ec2, ecs)
            if SETTINGS.services:
                services.look(ecs)
        for _account, _region, backend in list(autoscaling_backends.iter_backends()):
            launches.try_again(backend)

    def _register_if_due(self, ec2: Any, ecs: Any, instance: Any) -> None:
        now = time.monotonic()
        since = self._first_seen.setdefault(instance.id, now)
        if instance.id in self._registered or now - since < SETTINGS.agents_delay:
            return
        cluster = ecs.clusters.get(cluster_of(instance))
        if cluster is None or cluster.status != "ACTIVE":
            return
        if not _speaks(ec2, instance, "ecs:RegisterContainerInstance"):
            return
        self._registered.add(instance.id)
        _describe(ecs.register_container_instance(cluster.name, instance.id), instance)

    def _follow(self, ec2: Any, ecs: Any) -> None:
        """ECS deregisters a terminated instance by itself; a stopped one loses its agent."""
        # moto looks for each one among all of them.
        instances = {
            instance.id: instance
            for reservation in list(ec2.reservations.values())
            for instance in reservation.instances
        }
        for cluster_name, members in list(ecs.container_instances.items()):
            for identity, member in list(members.items()):
                instance = instances.get(member.ec2_instance_id)
                if instance is None or instance.state == "terminated":
                    members.pop(identity, None)
                else:
                    member.agent_connected = self._is_connected(ec2, instance)
            cluster = ecs.clusters.get(cluster_name)
            if cluster is not None:
                cluster.registered_container_instances_count = len(members)

    def _is_connected(self, ec2: Any, instance: Any) -> bool:
        if not SETTINGS.agents_connected or instance.state != "running":
            return False
        # What somebody has registered by hand has no agent that could get lost.
        return instance.id not in self._registered or _speaks(ec2, instance, "ecs:Poll")


def _speaks(ec2: Any, instance: Any, action: str) -> bool:
    return reaches_aws(ec2, instance) and instance_may(ec2, instance, action)


def cluster_of(instance: Any) -> str | None:
    """The cluster that the instance's user data names."""
    if not instance.user_data:
        return None
    text = base64.b64decode(str(instance.user_data)).decode("utf-8", "replace")
    found = CLUSTER.search(text)
    return found.group(1) if found and "/etc/ecs/ecs.config" in text else None


def _running(ec2: Any) -> Iterator[Any]:
    for reservation in list(ec2.reservations.values()):
        for instance in reservation.instances:
            if instance.state == "running":
                yield instance


def _describe(container_instance: Any, instance: Any) -> None:
    kind = INSTANCE_TYPES.get(instance.instance_type, {})
    cpu = kind.get("VCpuInfo", {}).get("DefaultVCpus", 2) * 1024
    # The agent offers what the kernel leaves: about 5 % and 32 MiB less than the type's memory.
    memory = int(kind.get("MemoryInfo", {}).get("SizeInMiB", 4096) * 0.95) - 32
    for resources in (
        container_instance.registered_resources,
        container_instance.remaining_resources,
    ):
        for resource in resources:
            if resource["name"] in ("CPU", "MEMORY"):
                resource["integerValue"] = cpu if resource["name"] == "CPU" else memory
    container_instance.version_info = {
        "agentVersion": "1.100.0",
        "agentHash": "f00dfeed",
        "dockerVersion": "DockerVersion: 25.0.8",
    }
