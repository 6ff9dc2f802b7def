"""Starts of a group's instances that fail, and what Auto Scaling notes of all starts."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models.instance_types import INSTANCE_TYPES
from settings import SETTINGS

from .autoscaling import validate_data
from .patching import around

MOST = 100
RETRY_SECONDS = 1.0
QUOTA = (
    "You have requested more vCPU capacity than your current vCPU limit of {} allows for the "
    "instance bucket that the specified instance type belongs to. Please visit "
    "http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit."
)
FAILED = "Launching EC2 instance failed."


def scaling_activities() -> None:
    """moto starts instances from a template whose key pair, group or profile has been deleted.

    It knows no quota of vCPUs, and notes no activities.
    """

    @around(FakeAutoScalingGroup, "replace_autoscaling_group_instances")
    def start(
        original: Any, group: FakeAutoScalingGroup, count_needed: int, tags: dict[str, str]
    ) -> None:
        trouble = _trouble(group, count_needed)
        if trouble is not None:
            group.failed_at = time.monotonic()
            _note(group, trouble)
            return
        before = {state.instance.id for state in group.instance_states}
        original(group, count_needed, tags)
        for state in group.instance_states:
            if state.instance.id not in before:
                _note(group, None, state.instance)

    @around(AutoScalingResponse, "describe_scaling_activities")
    def describe(_original: Any, response: AutoScalingResponse) -> ActionResult:
        name = response._get_param("AutoScalingGroupName")
        groups = response.autoscaling_backend.autoscaling_groups
        if name is not None and name not in groups:
            raise ValidationError(f"AutoScalingGroup name not found - {name}")
        asked = [groups[name]] if name is not None else list(groups.values())
        return ActionResult({"Activities": [note for group in asked for note in _notes(group)]})


def try_again(backend: AutoScalingBackend) -> None:
    """What Auto Scaling does by itself for groups that have fewer instances than they should."""
    for group in list(backend.autoscaling_groups.values()):
        failed_at = group.__dict__.get("failed_at")
        if failed_at is None or time.monotonic() - failed_at < RETRY_SECONDS:
            continue
        group.failed_at = None
        group.set_desired_capacity(group.desired_capacity)


def _trouble(group: FakeAutoScalingGroup, count: int) -> str | None:
    if group.ec2_launch_template is None:
        return None
    version = group.ec2_launch_template.get_version(group.launch_template_version)
    backend = group.autoscaling_backend
    try:
        validate_data(backend, version.data)
    except ValidationError as error:
        return f"{error.message.rstrip('.')}. {FAILED}"
    kinds = [each.instance_type for each in backend.ec2_backend.all_running_instances()]
    if sum(map(_vcpus, [*kinds, *[version.instance_type] * count])) > SETTINGS.vcpus:
        return f"{QUOTA.format(SETTINGS.vcpus)} {FAILED}"
    return None


def _vcpus(kind: str) -> int:
    return INSTANCE_TYPES.get(kind, {}).get("VCpuInfo", {}).get("DefaultVCpus", 2)


def _notes(group: FakeAutoScalingGroup) -> list[dict[str, Any]]:
    """Newest first. They live with the group, so that a reset forgets them too."""
    return group.__dict__.setdefault("activities", [])


def _note(group: FakeAutoScalingGroup, trouble: str | None, instance: Any = None) -> None:
    what = f": {instance.id}" if instance else f".  Status Reason: {trouble}"
    now = utcnow()
    notes = _notes(group)
    notes.insert(
        0,
        {
            "ActivityId": str(uuid.uuid4()),
            "AutoScalingGroupName": group.name,
            "Description": f"Launching a new EC2 instance{what}",
            "Cause": f"At {now:%Y-%m-%dT%H:%M:%SZ} an instance was started in response to a "
            "difference between desired and actual capacity.",
            **{"StartTime": now, "EndTime": now, "Progress": 100},
            "StatusCode": "Successful" if instance else "Failed",
            "StatusMessage": trouble,
            "Details": json.dumps({"Subnet ID": instance.subnet_id} if instance else {}),
        },
    )
    del notes[MOST:]
