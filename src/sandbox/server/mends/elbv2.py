"""Mends of moto's Elastic Load Balancing."""

from __future__ import annotations

import time
from typing import Any

from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer
from settings import SETTINGS

from .iam import ensure_service_linked_role
from .patching import around


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


def load_balancer_service_linked_role() -> None:
    """moto makes no service-linked role for the first load balancer."""

    @around(ELBv2Backend, "create_load_balancer")
    def create(original: Any, backend: ELBv2Backend, *rest: Any, **named: Any) -> Any:
        ensure_service_linked_role(backend.account_id, "elasticloadbalancing")
        return original(backend, *rest, **named)
