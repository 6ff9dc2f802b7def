"""Mends of moto's target groups."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import DuplicateTargetGroupName, ValidationError
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup, elbv2_backends
from moto.elbv2.responses import ELBV2Response

from .patching import around

MOST_RESOURCES = 20


def target_group_creation() -> None:
    """moto refuses a target group of the same name even when nothing else differs.

    It takes a health check path without a slash.
    """

    @around(ELBv2Backend, "create_target_group")
    def create(original: Any, backend: ELBv2Backend, name: str, **named: Any) -> Any:
        asked = {key: value for key, value in named.items() if key != "tags"}
        for group in backend.target_groups.values():
            if group.name == name:
                if group.__dict__.get("asked") != asked:
                    raise DuplicateTargetGroupName()
                return group
        path = named.get("healthcheck_path")
        if path and not path.startswith("/"):
            raise ValidationError(f"Health check path '{path}' must begin with a '/' character")
        group = original(backend, name, **named)
        group.asked = asked
        return group


def target_group_attributes() -> None:
    """moto takes attributes that do not exist."""

    @around(ELBv2Backend, "modify_target_group_attributes")
    def modify(
        original: Any, backend: ELBv2Backend, target_group_arn: str, attributes: dict[str, Any]
    ) -> None:
        group = backend.target_groups.get(target_group_arn)
        for key in attributes:
            if group and key not in group.attributes and not key.startswith("stickiness."):
                raise ValidationError(f"Target group attribute key '{key}' is not recognized")
        original(backend, target_group_arn, attributes)


def target_group_users() -> None:
    """moto counts a load balancer once a rule, and goes on when the rules are gone."""

    def load_balancer_arns(group: FakeTargetGroup) -> list[str]:
        backend = elbv2_backends[group.account_id][group.region_name]
        return [
            balancer.arn
            for balancer in backend.load_balancers.values()
            if any(
                group.arn in backend._get_target_group_arns_from(action_data=action.data)
                for listener in balancer.listeners.values()
                for rule in listener.rules.values()
                for action in rule.actions
            )
        ]

    FakeTargetGroup.load_balancer_arns = property(  # type: ignore[assignment]
        load_balancer_arns, lambda _group, _arns: None
    )


def tag_descriptions() -> None:
    """moto describes the tags of any number of resources in one call."""

    @around(ELBV2Response, "describe_tags")
    def describe(original: Any, response: ELBV2Response) -> ActionResult:
        if len(response._get_param("ResourceArns", [])) > MOST_RESOURCES:
            raise ValidationError(f"Cannot have more than {MOST_RESOURCES} resources described")
        return original(response)
