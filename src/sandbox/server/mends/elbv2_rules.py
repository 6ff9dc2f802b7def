"""Mends of moto's listener rules."""

from __future__ import annotations

import copy
import re
from typing import Any

from moto.elbv2.exceptions import ELBClientError, InvalidConditionValueError, ValidationError
from moto.elbv2.models import ELBv2Backend, FakeAction

from .patching import around

RULES_PER_LOAD_BALANCER = 100
VALUES_PER_RULE = 5
LAST_PRIORITY = 50_000
HOST = re.compile(r"[A-Za-z0-9.*?-]*\.[A-Za-z]+")
REDIRECT = {
    "Protocol": "#{protocol}",
    "Port": "#{port}",
    "Host": "#{host}",
    "Path": "/#{path}",
    "Query": "#{query}",
}


def action_description() -> None:
    """moto tells an action in the words it was given; AWS fills in what was left out."""

    @around(FakeAction, "__init__")
    def start(original: Any, action: FakeAction, data: dict[str, Any]) -> None:
        data = copy.deepcopy(data)
        if data.get("Type") == "redirect":
            data["RedirectConfig"] = {**REDIRECT, **data["RedirectConfig"]}
        if data.get("Type") == "forward":
            if "ForwardConfig" not in data:
                group = {"TargetGroupArn": data.get("TargetGroupArn")}
                data["ForwardConfig"] = {"TargetGroups": [group]}
            groups = data["ForwardConfig"]["TargetGroups"]
            if len(groups) == 1:
                data["TargetGroupArn"] = groups[0]["TargetGroupArn"]
        original(action, data)


def rule_conditions() -> None:
    """moto takes any number of values and any host, and tells a condition as it was given.

    AWS tells the values of a host or path twice: in `Values` and in the condition's own settings.
    """
    for operation in ("create_rule", "modify_rule"):

        @around(ELBv2Backend, operation)
        def change(original: Any, backend: ELBv2Backend, *rest: Any, **named: Any) -> Any:
            _validate_conditions(named["conditions"])
            rule = original(backend, *rest, **named)
            for condition in rule.conditions:
                for kind in ("HostHeaderConfig", "PathPatternConfig"):
                    if kind in condition:
                        condition["Values"] = condition[kind]["Values"]
            return rule


def _validate_conditions(conditions: list[dict[str, Any]]) -> None:
    values = [
        (condition["Field"], value)
        for condition in conditions
        for place in (condition, *condition.values())
        if isinstance(place, dict)
        for value in place.get("Values", [])
    ]
    if len(values) > VALUES_PER_RULE:
        raise InvalidConditionValueError(
            f"A rule can only have '{VALUES_PER_RULE}' condition values"
        )
    for field, value in values:
        if field == "host-header" and len(value) <= 128 and not HOST.fullmatch(value):
            raise InvalidConditionValueError(f"The 'host-header' value '{value}' is not valid")


def rule_limits() -> None:
    """moto takes any priority, any number of rules, and target groups of other load balancers."""

    @around(ELBv2Backend, "create_rule")
    def create(original: Any, backend: ELBv2Backend, **named: Any) -> Any:
        priority = int(named["priority"])
        if not 1 <= priority <= LAST_PRIORITY:
            raise ValidationError(
                f"1 validation error detected: Value '{priority}' at 'priority' failed to satisfy "
                f"constraint: Member must have value between 1 and {LAST_PRIORITY}"
            )
        listener = backend.describe_listeners(None, [named["listener_arn"]])[0]
        balancer = backend.load_balancers[listener.load_balancer_arn]
        rules = sum(len(each._non_default_rules) for each in balancer.listeners.values())
        if rules >= RULES_PER_LOAD_BALANCER:
            raise ELBClientError(
                "TooManyRules", "You've reached the limit on the number of rules per load balancer"
            )
        for action in named["actions"]:
            for arn in backend._get_target_group_arns_from(action_data=action):
                group = backend.target_groups.get(arn)
                if group and set(group.load_balancer_arns) - {balancer.arn}:
                    raise ELBClientError(
                        "TargetGroupAssociationLimit",
                        "The following target groups cannot be associated with more than one "
                        f"load balancer: {arn}",
                    )
        return original(backend, **named)
