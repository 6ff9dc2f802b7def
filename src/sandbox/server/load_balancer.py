"""Answers requests as a load balancer would: by its listener's rules, by host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends
from reaching import is_open, way_out

DNS_SUFFIX = ".elb.amazonaws.com"


@dataclass
class Answer:
    status: int
    body: str = ""
    content_type: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)


class Unreachable(Exception):
    """Its network or its security group keeps the request from the load balancer."""


def answer(host: str, path: str, scheme: str, query: str = "") -> Answer | None:
    """What the load balancer of that host name says; None when there is none. Raises Unreachable.

    A host name in a listener rule counts too, as if its DNS record led to the load balancer.
    """
    found = _by_name(host) or _by_rule(host)
    if found is None:
        return Answer(502, "no such load balancer") if host.endswith(DNS_SUFFIX) else None
    backend, balancer = found
    balancer.activate()
    if balancer.state != "active":
        return Answer(502, "the load balancer is still being provisioned")
    listener = _listener(balancer, scheme)
    if listener is None:
        return Answer(502, f"the load balancer does not listen for {scheme}")
    if not _is_reachable(backend, balancer, listener.port):
        raise Unreachable
    actions = next(_matching(listener, host, path), listener.default_actions)
    if actions[-1].type == "redirect":
        place = {
            "protocol": scheme,
            "port": listener.port,
            "host": host,
            "path": path.lstrip("/"),
            "query": query,
        }
        return _redirect(actions[-1].data["RedirectConfig"], place)
    return _act(backend, actions[-1])


def _balancers() -> Iterator[tuple[Any, Any]]:
    for _account, _region, backend in list(elbv2_backends.iter_backends()):
        for balancer in list(backend.load_balancers.values()):
            yield backend, balancer


def _by_name(host: str) -> tuple[Any, Any] | None:
    return next((pair for pair in _balancers() if pair[1].dns_name.lower() == host), None)


def _by_rule(host: str) -> tuple[Any, Any] | None:
    for backend, balancer in _balancers():
        for listener in list(balancer.listeners.values()):
            for rule in list(listener.rules.values()):
                for condition in rule.conditions:
                    if condition.get("Field") == "host-header" and _meets(condition, host, ""):
                        return backend, balancer
    return None


def _is_reachable(backend: Any, balancer: Any, port: int) -> bool:
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    groups = [ec2.get_security_group_from_id(each) for each in balancer.security_groups]
    known = [group.ingress_rules for group in groups if group is not None]
    return is_open(known, port) and all(
        way_out(ec2, balancer.vpc_id, subnet.id) is not None for subnet in balancer.subnets
    )


def _listener(balancer: Any, scheme: str) -> Any:
    listeners = list(balancer.listeners.values())
    return next((each for each in listeners if each.protocol.lower() == scheme), None)


def _matching(listener: Any, host: str, path: str) -> Iterator[list[Any]]:
    rules = [rule for rule in listener.rules.values() if str(rule.priority) != "default"]
    for rule in sorted(rules, key=lambda each: int(each.priority)):
        if all(_meets(condition, host, path) for condition in rule.conditions):
            yield rule.actions


def _meets(condition: dict[str, Any], host: str, path: str) -> bool:
    kind = condition.get("Field")
    if kind == "host-header":
        values = condition.get("HostHeaderConfig", {}).get("Values") or condition.get("Values", [])
        return any(fnmatchcase(host, value.lower()) for value in values)
    if kind == "path-pattern":
        values = condition.get("PathPatternConfig", {}).get("Values") or condition.get("Values", [])
        return any(fnmatchcase(path, value) for value in values)
    return False  # no other kind of condition is on our path


def _act(backend: Any, action: Any) -> Answer:
    data = action.data
    if action.type == "fixed-response":
        fixed = data["FixedResponseConfig"]
        content_type = fixed.get("ContentType") or "text/plain"
        return Answer(int(fixed["StatusCode"]), fixed.get("MessageBody") or "", content_type)
    if action.type == "forward":
        arns = backend._get_target_group_arns_from(action_data=data)
        groups = [backend.target_groups[arn] for arn in arns if arn in backend.target_groups]
        if any(group.targets for group in groups):
            return Answer(502, "the sandbox runs no containers")
    return Answer(503, "<h1>503 Service Temporarily Unavailable</h1>")


def _redirect(config: dict[str, Any], place: dict[str, Any]) -> Answer:
    """To the place that the request came to, but for what the action changes."""

    def part(name: str) -> str:
        return re.sub(r"#\{(\w+)\}", lambda found: str(place[found.group(1)]), config[name])

    location = f"{part('Protocol').lower()}://{part('Host')}:{part('Port')}{part('Path')}"
    if part("Query"):
        location += f"?{part('Query')}"
    return Answer(int(config["StatusCode"].rpartition("_")[2]), headers={"Location": location})
