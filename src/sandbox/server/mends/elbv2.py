"""Mends of moto's Elastic Load Balancing."""

from __future__ import annotations

import re
import time
from typing import Any

from moto.acm.models import acm_backends
from moto.elbv2.exceptions import (
    DuplicateListenerError,
    DuplicateLoadBalancerName,
    ELBClientError,
    ValidationError,
)
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer
from settings import SETTINGS

from .iam import ensure_service_linked_role
from .patching import around

NAME = re.compile(r"(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)")


def load_balancer_provisioning() -> None:
    """moto's load balancer is active as soon as it is looked at."""

    @around(FakeLoadBalancer, "__init__")
    def start(original: Any, balancer: Any, *rest: Any, **named: Any) -> None:
        original(balancer, *rest, **named)
        balancer.started = time.monotonic()

    @around(FakeLoadBalancer, "activate")
    def activate(original: Any, balancer: Any) -> None:
        if time.monotonic() - balancer.started >= SETTINGS.load_balancer_delay:
            original(balancer)


def load_balancer_creation() -> None:
    """moto makes a second load balancer of the same name, whatever its settings.

    It also takes any name, one subnet, unknown security groups and a VPC without an Internet
    gateway, and makes no service-linked role.
    """

    @around(ELBv2Backend, "create_load_balancer")
    def create(original: Any, backend: ELBv2Backend, *, name: str, **named: Any) -> Any:
        wanted = _load_balancer_settings(named)
        for balancer in backend.load_balancers.values():
            if balancer.name == name:
                if wanted != _load_balancer_settings(_as_asked(balancer)):
                    raise DuplicateLoadBalancerName()
                return balancer
        _validate_load_balancer(backend, name, named)
        ensure_service_linked_role(backend.account_id, "elasticloadbalancing")
        return original(backend, name=name, **named)


def _load_balancer_settings(asked: dict[str, Any]) -> tuple[Any, ...]:
    mappings = [each["SubnetId"] for each in asked.get("subnet_mappings") or []]
    return (
        sorted([*(asked.get("subnet_ids") or []), *mappings]),
        sorted(asked.get("security_groups") or []),
        asked.get("scheme") or "internet-facing",
        asked.get("loadbalancer_type") or "application",
        asked.get("ip_address_type") or "ipv4",
    )


def _as_asked(balancer: FakeLoadBalancer) -> dict[str, Any]:
    return {
        "subnet_ids": [subnet.id for subnet in balancer.subnets],
        "security_groups": balancer.security_groups,
        "scheme": balancer.scheme,
        "loadbalancer_type": balancer.type,
        "ip_address_type": balancer.ip_address_type,
    }


def _validate_load_balancer(backend: ELBv2Backend, name: str, asked: dict[str, Any]) -> None:
    subnet_ids, groups, scheme, kind, _ = _load_balancer_settings(asked)
    ec2 = backend.ec2_backend
    if not NAME.fullmatch(name):
        raise ValidationError(f"The load balancer name '{name}' is not valid")
    subnets = [ec2.get_subnet(each) for each in subnet_ids]
    if kind == "application" and len({subnet.availability_zone for subnet in subnets}) < 2:
        raise ValidationError(
            "At least two subnets in two different Availability Zones must be specified"
        )
    for group in groups:
        if ec2.get_security_group_from_id(group) is None:
            raise ELBClientError("InvalidSecurityGroup", f"Security group '{group}' does not exist")
    vpc = subnets[0].vpc_id if subnets else None
    gateways = ec2.describe_internet_gateways(filters={"attachment.vpc-id": [vpc]})
    if scheme == "internet-facing" and not gateways:
        raise ELBClientError("InvalidSubnet", f"VPC {vpc} has no internet gateway")


def listener_creation() -> None:
    """moto lets two listeners share a port, and takes HTTPS without an issued certificate."""

    @around(ELBv2Backend, "create_listener")
    def create(original: Any, backend: ELBv2Backend, **named: Any) -> Any:
        asked = {key: value for key, value in named.items() if key != "tags"}
        balancer = backend.load_balancers.get(named["load_balancer_arn"])
        for listener in balancer.listeners.values() if balancer else []:
            if str(listener.port) == str(named["port"]):
                if listener.__dict__.get("asked") != asked:
                    raise DuplicateListenerError()
                return listener
        if named["protocol"] == "HTTPS":
            validate_certificate(backend, named.get("certificate"))
        listener = original(backend, **named)
        listener.asked = asked
        return listener


def validate_certificate(backend: ELBv2Backend, arn: str | None) -> None:
    """Raises what AWS answers when a listener cannot use this certificate."""
    if not arn:
        raise ELBClientError(
            "CertificateNotFound", "A certificate must be specified for HTTPS listeners"
        )
    if ":acm:" not in arn:
        return  # a server certificate of IAM's
    acm = acm_backends[backend.account_id][backend.region_name]
    certificate = acm._certificates.get(arn)
    if certificate is None:
        raise ELBClientError("CertificateNotFound", f"Certificate ARN '{arn}' is not valid")
    certificate.check()
    if certificate.status != "ISSUED":
        raise ELBClientError(
            "UnsupportedCertificate",
            f"The certificate '{arn}' must have a fully-qualified domain name, "
            "a supported signature, and a supported key size.",
        )
