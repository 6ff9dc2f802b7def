"""Instance refreshes, which moto lacks: the instances are really replaced, one after another."""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from settings import SETTINGS
from turns import turn

from .patching import operation

ACTIVE = ("Pending", "InProgress", "Cancelling")


@dataclass
class Refresh:
    group: FakeAutoScalingGroup
    preferences: dict[str, Any]
    desired: dict[str, Any]
    identity: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "Pending"
    done: int = 0
    total: int = 0
    started: Any = field(default_factory=utcnow)
    ended: Any = None

    def describe(self) -> dict[str, Any]:
        return {
            "InstanceRefreshId": self.identity,
            "AutoScalingGroupName": self.group.name,
            "Status": self.status,
            "StartTime": self.started,
            "EndTime": self.ended,
            "PercentageComplete": 100 * self.done // self.total if self.total else 0,
            "InstancesToUpdate": self.total - self.done,
            "Preferences": self.preferences,
            "DesiredConfiguration": self.desired or None,
        }

    def run(self) -> None:
        """In a thread of its own; a group that is deleted or reset meanwhile ends it."""
        template = self.desired.get("LaunchTemplate")
        with turn():
            if template:
                self.group._set_launch_configuration("", template, None)
            old = [state for state in self.group.active_instances() if not self._is_kept(state)]
        self.total = len(old)
        self.status = "InProgress"
        for state in old:
            if not self._wait_for(state):
                break
            with turn():
                self._replace(state)
            self.done += 1
        self.status = "Cancelled" if self.status == "Cancelling" else "Successful"
        self.ended = utcnow()

    def _is_kept(self, state: Any) -> bool:
        if state.protected_from_scale_in and self._protected() == "Ignore":
            return True
        group = self.group
        if not self.preferences.get("SkipMatching") or group.ec2_launch_template is None:
            return False
        version = group.ec2_launch_template.get_version(group.launch_template_version)
        return (state.launch_template or {}).get("Version") == str(version.number)

    def _protected(self) -> str:
        return self.preferences.get("ScaleInProtectedInstances", "Wait")

    def _wait_for(self, state: Any) -> bool:
        """False when it was cancelled, or the group is gone."""
        time.sleep(SETTINGS.instance_refresh_delay)
        while state.protected_from_scale_in and self._protected() == "Wait":
            if self.status == "Cancelling" or not self._is_there():
                return False
            time.sleep(0.1)
        return self.status != "Cancelling" and self._is_there()

    def _is_there(self) -> bool:
        groups = self.group.autoscaling_backend.autoscaling_groups
        return groups.get(self.group.name) is self.group

    def _replace(self, state: Any) -> None:
        group = self.group
        group.instance_states.remove(state)
        group.replace_autoscaling_group_instances(1, group.get_propagated_tags())
        group.ec2_backend.terminate_instances([state.instance.id])
        group.autoscaling_backend.update_attached_target_groups(group.name)


def _of(group: FakeAutoScalingGroup) -> list[Refresh]:
    """Newest first. They live with the group, so that a reset forgets them too."""
    return group.__dict__.setdefault("refreshes", [])


def _group(response: AutoScalingResponse) -> FakeAutoScalingGroup:
    name = response._get_param("AutoScalingGroupName")
    group = response.autoscaling_backend.autoscaling_groups.get(name)
    if group is None:
        raise ValidationError(f"AutoScalingGroup name not found - {name}")
    return group


def instance_refreshes() -> None:
    """moto lacks Start-, Describe- and CancelInstanceRefresh."""

    @operation(AutoScalingResponse, "start_instance_refresh")
    def start(response: AutoScalingResponse) -> ActionResult:
        group = _group(response)
        if any(each.status in ACTIVE for each in _of(group)):
            raise AutoscalingClientError(
                "InstanceRefreshInProgress",
                "An Instance Refresh is already in progress and blocks the execution of "
                "this Instance Refresh.",
            )
        refresh = Refresh(
            group,
            response._get_param("Preferences", {}),
            response._get_param("DesiredConfiguration", {}),
        )
        _of(group).insert(0, refresh)
        threading.Thread(target=refresh.run, name="instance-refresh", daemon=True).start()
        return ActionResult({"InstanceRefreshId": refresh.identity})

    @operation(AutoScalingResponse, "describe_instance_refreshes")
    def describe(response: AutoScalingResponse) -> ActionResult:
        wanted = response._get_param("InstanceRefreshIds", [])
        found = [each for each in _of(_group(response)) if not wanted or each.identity in wanted]
        return ActionResult({"InstanceRefreshes": [each.describe() for each in found]})

    @operation(AutoScalingResponse, "cancel_instance_refresh")
    def cancel(response: AutoScalingResponse) -> ActionResult:
        group = _group(response)
        for refresh in _of(group):
            if refresh.status in ACTIVE:
                refresh.status = "Cancelling"
                return ActionResult({"InstanceRefreshId": refresh.identity})
        raise AutoscalingClientError(
            "ActiveInstanceRefreshNotFound",
            f"No in progress or pending Instance Refresh found for Auto Scaling group {group.name}",
        )
