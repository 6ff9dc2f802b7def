"""Mends of moto's listener certificates."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import TooManyCertificatesError
from moto.elbv2.models import ELBv2Backend, FakeListener
from moto.elbv2.responses import ELBV2Response

from .elbv2 import validate_certificate
from .patching import around

MOST_CERTIFICATES = 25


def further(listener: FakeListener) -> list[str]:
    """The certificates that a listener has beside its default one."""
    return listener.__dict__.setdefault("further_certificates", [])


def listener_certificates() -> None:
    """moto adds any certificate, the same one twice, and shows them all as a listener's default."""

    @around(ELBV2Response, "add_listener_certificates")
    def add(_original: Any, response: ELBV2Response) -> ActionResult:
        backend = response.elbv2_backend
        listener = backend.describe_listeners(None, [response._get_param("ListenerArn")])[0]
        arns = [each["CertificateArn"] for each in response._get_param("Certificates", [])]
        for arn in arns:
            validate_certificate(backend, arn)
        added = [arn for arn in arns if arn not in [listener.certificate, *further(listener)]]
        if len(further(listener)) + len(added) > MOST_CERTIFICATES:
            raise TooManyCertificatesError()
        further(listener).extend(added)
        told = [{"CertificateArn": arn, "IsDefault": False} for arn in arns]
        return ActionResult({"Certificates": told})

    @around(ELBv2Backend, "describe_listener_certificates")
    def describe(original: Any, backend: ELBv2Backend, arn: str) -> list[str]:
        listener = backend.describe_listeners(None, [arn])[0]
        return [*original(backend, arn), *further(listener)]

    @around(ELBv2Backend, "remove_listener_certificates")
    def remove(
        _original: Any, backend: ELBv2Backend, arn: str, certificates: list[dict[str, Any]]
    ) -> None:
        listener = backend.describe_listeners(None, [arn])[0]
        gone = [each["CertificateArn"] for each in certificates]
        listener.further_certificates = [each for each in further(listener) if each not in gone]
