"""The deployments of a service, as ECS notes them; the primary one is the first."""

from __future__ import annotations

import uuid
from typing import Any

from moto.core.utils import utcnow


def begin(ecs: Any, service: Any, task_definition: str) -> None:
    """A new deployment, in place of the one before."""
    former = service.deployments[0]
    former["status"] = "ACTIVE"
    identity = f"ecs-svc/{uuid.uuid4().int % 10**19:019}"
    service.task_definition = ecs.describe_task_definition(task_definition).arn
    service.deployments.insert(
        0,
        {
            **former,
            "id": identity,
            "status": "PRIMARY",
            "taskDefinition": service.task_definition,
            **{"desiredCount": service.desired_count, "runningCount": 0, "pendingCount": 0},
            **{"failedTasks": 0, "createdAt": utcnow(), "updatedAt": utcnow()},
            "rolloutState": "IN_PROGRESS",
            "rolloutStateReason": f"ECS deployment {identity} in progress.",
        },
    )


def complete(deployment: dict[str, Any]) -> str:
    """Returns what ECS says of it."""
    deployment["rolloutState"] = "COMPLETED"
    deployment["rolloutStateReason"] = f"ECS deployment {deployment['id']} completed."
    return f"(deployment {deployment['id']}) deployment completed."


def fail(service: Any, former: dict[str, Any] | None) -> list[str]:
    """As the circuit breaker does, back to the former one if there is one; what ECS says of it."""
    failed = service.deployments[0]
    failed["rolloutState"] = "FAILED"
    failed["rolloutStateReason"] = "ECS deployment circuit breaker: tasks failed to start."
    said = [f"(deployment {failed['id']}) deployment failed: tasks failed to start."]
    if former is None:
        return said
    failed["status"] = "ACTIVE"
    former["status"] = "PRIMARY"
    former["rolloutState"] = "IN_PROGRESS"
    former["rolloutStateReason"] = (
        f"ECS deployment circuit breaker: rolling back to deploymentId {former['id']}."
    )
    others = [each for each in service.deployments if each is not former]
    service.deployments = [former, *others]
    service.task_definition = former["taskDefinition"]
    return [*said, f"rolling back to deployment {former['id']}."]
