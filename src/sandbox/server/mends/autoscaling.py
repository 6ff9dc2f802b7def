"""Mends of moto's Auto Scaling."""

from __future__ import annotations

from collections import Counter
from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import (
    ASG_NAME_TAG,
    AutoScalingBackend,
    FakeAutoScalingGroup,
    InstanceState,
)
from moto.core.exceptions import ServiceException
from moto.iam.models import iam_backends

from .iam import ensure_service_linked_role
from .patching import around


def group_creation() -> None:
    """moto stores 300 for a grace period of 0 and replaces a group of the same name.

    It also takes a launch template that names what does not exist, and makes no service-linked
    role.
    """

    @around(AutoScalingBackend, "create_auto_scaling_group")
    def create(original: Any, backend: AutoScalingBackend, *, name: str, **named: Any) -> Any:
        if name in backend.autoscaling_groups:
            raise AutoscalingClientError(
                "AlreadyExists",
                "AutoScalingGroup by this name already exists - "
                f"A group with the name {name} already exists",
            )
        ensure_service_linked_role(backend.account_id, "autoscaling")
        _validate_template(backend, named.get("launch_template"))
        group = original(backend, name=name, **named)
        grace = named.get("health_check_period")
        group.health_check_grace_period = 0 if grace is None else int(grace)
        return group

    @around(AutoScalingBackend, "update_auto_scaling_group")
    def update(original: Any, backend: AutoScalingBackend, **named: Any) -> Any:
        _validate_template(backend, named.get("launch_template"))
        return original(backend, **named)


def instances_from_launch_template() -> None:
    """moto starts a group's instances all in its first subnet, from the template's default version.

    It leaves out the template's instance profile, security groups, monitoring and metadata
    options, and remembers no launch template version for an instance.
    """

    @around(FakeAutoScalingGroup, "replace_autoscaling_group_instances")
    def start(
        original: Any,
        group: FakeAutoScalingGroup,
        count_needed: int,
        propagated_tags: dict[str, str],
    ) -> None:
        if group.ec2_launch_template is None:
            original(group, count_needed, propagated_tags)
            return
        version = group.ec2_launch_template.get_version(group.launch_template_version)
        profile = _profile_name(version.data)
        tags = {**version.instance_tags, **propagated_tags, ASG_NAME_TAG: group.name}
        for subnet, count in _spread(group, count_needed).items():
            instances = _run(group, version, subnet, count, tags)
            for instance in instances:
                if profile is not None:
                    group.ec2_backend.associate_iam_instance_profile(
                        instance_id=instance.id, iam_instance_profile_name=profile
                    )
                instance.autoscaling_group = group
                protected = group.new_instances_protected_from_scale_in
                group.instance_states.append(
                    InstanceState(instance, protected_from_scale_in=protected)
                )


def instance_versions() -> None:
    """moto reports the template's default version, whatever an instance was started from."""

    def launch_template(state: InstanceState) -> dict[str, Any] | None:
        tags = {tag["key"]: tag["value"] for tag in state.instance.get_tags()}
        identity = tags.get("aws:ec2launchtemplate:id")
        if identity is None:
            return None
        templates = state.auto_scaling_group.ec2_backend.launch_templates
        template = templates.get(identity)
        return {
            "LaunchTemplateId": identity,
            "LaunchTemplateName": template.name if template else None,
            "Version": tags["aws:ec2launchtemplate:version"],
        }

    InstanceState.launch_template = property(launch_template)  # type: ignore[method-assign]


def _validate_template(backend: AutoScalingBackend, asked: dict[str, Any] | None) -> None:
    if not asked:
        return
    ec2 = backend.ec2_backend
    try:
        if asked.get("LaunchTemplateId"):
            template = ec2.get_launch_template(asked["LaunchTemplateId"])
        else:
            template = ec2.get_launch_template_by_name(asked.get("LaunchTemplateName"))
        validate_data(backend, template.get_version(asked.get("Version") or "$Default").data)
    except ServiceException as error:
        raise ValidationError(
            f"You must use a valid fully-formed launch template. {error.message}"
        ) from None


def validate_data(backend: AutoScalingBackend, data: dict[str, Any]) -> None:
    """Raises ValidationError when a launch template names what does not exist."""
    ec2 = backend.ec2_backend
    for group in _security_groups(data):
        if ec2.get_security_group_from_id(group) is None:
            raise ValidationError(f"The security group '{group}' does not exist")
    if data.get("KeyName") and data["KeyName"] not in ec2.key_pairs:
        raise ValidationError(f"The key pair '{data['KeyName']}' does not exist")
    _validate_profile(backend.account_id, data)


def _security_groups(data: dict[str, Any]) -> list[str]:
    interface = next(iter(data.get("NetworkInterfaces") or []), {})
    return list(data.get("SecurityGroupIds") or interface.get("Groups") or [])


def _profile_name(data: dict[str, Any]) -> str | None:
    wanted = data.get("IamInstanceProfile") or {}
    return wanted.get("Name") or wanted.get("Arn", "").rpartition("/")[2] or None


def _validate_profile(account: str, data: dict[str, Any]) -> None:
    name = _profile_name(data)
    if name is None:
        return
    profiles = iam_backends[account]["global"].instance_profiles.values()
    if any(each.name == name and each.roles for each in list(profiles)):
        return
    field, value = next(iter(data["IamInstanceProfile"].items()))
    raise ValidationError(
        f"Value ({value}) for parameter iamInstanceProfile.{field.lower()} is invalid. "
        f"Invalid IAM Instance Profile {field.lower()}"
    )


def _spread(group: FakeAutoScalingGroup, count: int) -> Counter[str]:
    subnets = [each for each in (group.vpc_zone_identifier or "").split(",") if each]
    if not subnets:
        subnets = [subnet.id for subnet in group.ec2_backend.get_default_subnets().values()]
    held = Counter(state.instance.subnet_id for state in group.active_instances())
    added: Counter[str] = Counter()
    for _ in range(count):
        added[min(subnets, key=lambda subnet: held[subnet] + added[subnet])] += 1
    return added


def _run(
    group: FakeAutoScalingGroup, version: Any, subnet: str, count: int, tags: dict[str, str]
) -> Any:
    data = version.data
    interface = next(iter(data.get("NetworkInterfaces") or []), {})
    return group.ec2_backend.run_instances(
        version.image_id,
        count,
        version.user_data,
        [],
        security_group_ids=_security_groups(data),
        instance_type=version.instance_type,
        is_instance_type_default=False,
        tags={"instance": tags},
        launch_template={"LaunchTemplateId": version.template.id, "Version": str(version.number)},
        subnet_id=subnet,
        associate_public_ip=interface.get("AssociatePublicIpAddress"),
        monitoring_state="enabled" if (data.get("Monitoring") or {}).get("Enabled") else "disabled",
        metadata_options=data.get("MetadataOptions") or {},
        key_name=data.get("KeyName"),
    ).instances
