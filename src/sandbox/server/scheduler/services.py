"""Plays the service scheduler of ECS: has as many tasks run as services want, and rolls them."""

from __future__ import annotations

import math
import time
import uuid
from typing import Any

from moto.core.utils import utcnow
from settings import SETTINGS

from . import deployments
from .placement import place
from .tasks import ServiceTask, needs_of

MOST_EVENTS = 100
KEPT_SECONDS = 3600  # a stopped task is described for about an hour
UNPLACED = (
    "was unable to place a task because no container instance met all of its requirements."
)
UNABLE = "is unable to consistently start tasks successfully."
FEW = 3
SEE = "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide."


def look(ecs: Any) -> None:
    """Moves each service of a Region on, and forgets tasks that have long been stopped."""
    for service in list(ecs.services.values()):
        if _is_played(ecs, service):
            Scheduler(ecs, service).step()
    for name, cluster in list(ecs.clusters.items()):
        tasks = ecs.tasks.get(name, {})
        for arn, task in list(tasks.items()):
            if isinstance(task, ServiceTask) and task.phase == "stopped":
                if time.monotonic() - task.moved > KEPT_SECONDS:
                    del tasks[arn]
        states = [task.last_status for task in tasks.values()]
        cluster.running_tasks_count = states.count("RUNNING")
        cluster.pending_tasks_count = states.count("PENDING")
        active = [each for each in ecs.services.values() if each.status == "ACTIVE"]
        cluster.active_services_count = sum(each.cluster_name == name for each in active)


def _is_played(ecs: Any, service: Any) -> bool:
    return (
        service.status in ("ACTIVE", "DRAINING")
        and service.cluster_name in ecs.clusters
        and service.deployment_controller["type"] == "ECS"
        and service.launch_type == "EC2"
        and service.scheduling_strategy == "REPLICA"
        and service.task_definition is not None
    )


class Scheduler:
    """One look at one service. What must be known at the next lives with the service."""

    def __init__(self, ecs: Any, service: Any) -> None:
        self.ecs = ecs
        self.service = service
        self.state = service.__dict__.setdefault("scheduling", {})

    def step(self) -> None:
        if self._definition().network_mode == "awsvpc":
            return  # it would need network interfaces
        self._follow_tasks()
        if self.service.status == "DRAINING":
            self._end()
        else:
            if self._primary()["rolloutState"] != "FAILED":
                self._start_missing()
                self._stop_others()
            self._conclude()
        self._count()

    def _primary(self) -> dict[str, Any]:
        return self.service.deployments[0]

    def _definition(self) -> Any:
        """What the primary runs, which may have been deleted since it began."""
        known = self.state.setdefault("definitions", {})
        arn = self._primary()["taskDefinition"]
        if arn not in known:
            known[arn] = self.ecs.describe_task_definition(arn)
        return known[arn]

    def _tasks(self) -> list[ServiceTask]:
        """Those that are not over."""
        tasks = self.ecs.tasks.get(self.service.cluster_name, {}).values()
        return [
            task
            for task in list(tasks)
            if isinstance(task, ServiceTask)
            and task.service is self.service
            and task.phase != "stopped"
        ]

    def _follow_tasks(self) -> None:
        for task in self._tasks():
            before = task.phase
            task.step()
            if before == "starting" and task.phase == "checked" and task.targets:
                for group, _key in task.targets:
                    self._say(f"registered 1 targets in (target-group {group.arn})")
            if before == "leaving" and task.phase == "stopped":
                self._say(f"has stopped 1 running tasks: (task {task.id}).")
            if task.failed:
                self._note_failure(task)

    def _note_failure(self, task: ServiceTask) -> None:
        primary = self._primary()
        # ECS tries more and more seldom.
        pause = (primary["failedTasks"] + 1) * SETTINGS.task_delay
        self.state["not_before"] = time.monotonic() + pause
        in_a_row = self.state["failures"] = self.state.get("failures", 0) + 1
        if primary["id"] != task.started_by or primary["rolloutState"] != "IN_PROGRESS":
            if in_a_row == FEW:
                self._say(f"{UNABLE} {SEE}")
            return
        primary["failedTasks"] += 1
        breaker = self._configured("deploymentCircuitBreaker", {})
        # Half of them, but 3 at least: docs.aws.amazon.com, "deployment-circuit-breaker".
        if primary["failedTasks"] < min(max(FEW, math.ceil(self.service.desired_count / 2)), 200):
            return
        if breaker.get("enable"):
            former = self.state.get("completed") if breaker.get("rollback") else None
            for text in deployments.fail(self.service, former):
                self._say(text)
        else:
            self._say(f"{UNABLE} {SEE}")

    def _start_missing(self) -> None:
        active, mine = self._active(), self._mine()
        desired = self.service.desired_count
        room = desired * self._configured("maximumPercent", 200) // 100 - len(active)
        started: list[ServiceTask] = []
        while len(mine) + len(started) < desired and len(started) < room:
            if time.monotonic() < self.state.get("not_before", 0):
                break
            definition = self._definition()
            member, why = place(self.ecs, self.service, needs_of(definition), self._active())
            if member is None:
                self._say(f"{UNPLACED} {why} {SEE}", once=True)
                break
            primary = self._primary()
            started.append(ServiceTask(self.ecs, self.service, primary, definition, member))
        if started:
            names = " ".join(f"(task {task.id})" for task in started)
            self._say(f"has started {len(started)} tasks: {names}.")

    def _stop_others(self) -> None:
        """Those of former deployments as soon as enough are well, and what is too many."""
        mine, desired = self._mine(), self.service.desired_count
        others = [task for task in self._active() if task not in mine]
        least = math.ceil(desired * self._configured("minimumHealthyPercent", 100) / 100)
        spare = sum(task.is_well for task in self._active()) - least
        leaving = mine[desired:]
        for task in others:
            if not task.is_well or spare > 0:
                leaving.append(task)
                spare -= task.is_well
        for task in leaving:
            task.leave(f"Scaling activity initiated by (deployment {self._primary()['id']})")
        drained = [task for task in leaving if task.targets]
        if drained:
            self._say(f"has begun draining connections on {len(drained)} tasks.")
        for group in {group.arn for task in drained for group, _key in task.targets}:
            self._say(f"deregistered {len(drained)} targets in (target-group {group})")

    def _conclude(self) -> None:
        mine, primary = self._mine(), self._primary()
        is_steady = (
            all(task.is_well for task in mine)
            and len(mine) == len(self._tasks()) == self.service.desired_count
        )
        if not is_steady:
            self.state["steady_since"] = None
            return
        since = self.state["steady_since"] = self.state.get("steady_since") or time.monotonic()
        if self.state.get("told") == since or time.monotonic() - since < SETTINGS.task_delay:
            return
        self.state["told"], self.state["failures"] = since, 0
        if primary["rolloutState"] == "IN_PROGRESS":
            self._say(deployments.complete(primary))
        self.service.deployments = [primary]
        self.state["completed"] = primary
        self._say("has reached a steady state.")

    def _end(self) -> None:
        for task in self._active():
            task.leave("Task stopped because its service is being deleted.")
        if not self._tasks():
            self.service.status = "INACTIVE"

    def _active(self) -> list[ServiceTask]:
        return [task for task in self._tasks() if task.is_active]

    def _mine(self) -> list[ServiceTask]:
        return [task for task in self._active() if task.started_by == self._primary()["id"]]

    def _configured(self, name: str, default: Any) -> Any:
        return (self.service.deployment_configuration or {}).get(name, default)

    def _count(self) -> None:
        tasks = self._tasks()
        for deployment in self.service.deployments:
            of = [task for task in tasks if task.started_by == deployment["id"]]
            deployment["runningCount"] = sum(task.last_status == "RUNNING" for task in of)
            deployment["pendingCount"] = sum(task.phase == "starting" for task in of)
            is_primary = deployment["status"] == "PRIMARY"
            remaining = sum(task.is_active for task in of)
            deployment["desiredCount"] = self.service.desired_count if is_primary else remaining
        self.service.running_count = sum(task.last_status == "RUNNING" for task in tasks)
        self.service.pending_count = sum(task.phase == "starting" for task in tasks)

    def _say(self, text: str, once: bool = False) -> None:
        message = f"(service {self.service.name}) {text}"
        events = self.service.events
        if once and events and events[0]["message"] == message:
            return
        events.insert(0, {"id": str(uuid.uuid4()), "createdAt": utcnow(), "message": message})
        del events[MOST_EVENTS:]
