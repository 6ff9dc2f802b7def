"""Where a task of a service is placed."""

from __future__ import annotations

from typing import Any


def place(
    ecs: Any, service: Any, needs: dict[str, Any], tasks: list[Any]
) -> tuple[Any, str | None]:
    """Of the instances with room the one in the emptiest zone; or None, and why as ECS says it."""
    members = list(ecs.container_instances.get(service.cluster_name, {}).values())
    active = [member for member in members if member.status == "ACTIVE"]
    fitting = [member for member in active if _lack(member, needs) is None]

    def crowd(member: Any) -> tuple[int, int]:
        in_zone = sum(_zone(task.member) == _zone(member) for task in tasks)
        return in_zone, sum(task.member is member for task in tasks)

    if fitting:
        return min(fitting, key=crowd), None
    if not active:
        return None, "Reason: No Container Instances were found in your cluster."
    closest = max(active, key=lambda member: _resource(member, "MEMORY")["integerValue"])
    return None, (
        f"The closest matching (container-instance {closest.id}) {_lack(closest, needs)}."
    )


def _lack(member: Any, needs: dict[str, Any]) -> str | None:
    """What keeps the task from the instance."""
    if not member.agent_connected:
        return 'encountered error "AGENT"'
    if needs["MEMORY"] > _resource(member, "MEMORY")["integerValue"]:
        return "has insufficient memory available"
    if needs["CPU"] > _resource(member, "CPU")["integerValue"]:
        return "has insufficient CPU units available"
    if any(str(port) in _resource(member, "PORTS")["stringSetValue"] for port in needs["PORTS"]):
        return "is already using a port required by your task"
    return None


def _resource(member: Any, name: str) -> dict[str, Any]:
    return next(each for each in member.remaining_resources if each["name"] == name)


def _zone(member: Any) -> str:
    return member.attributes["ecs.availability-zone"]
