"""Mends of what moto's Certificate Manager tells about certificates."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from typing import Any

from moto.acm.models import AWSCertificateManagerBackend, CertBundle
from moto.acm.responses import AWSCertificateManagerResponse
from moto.cloudfront.models import cloudfront_backends
from moto.core.exceptions import AWSError
from moto.core.utils import unix_time
from moto.elbv2.models import elbv2_backends
from settings import SETTINGS

from .acm import account_of, is_validated, validation_record
from .elbv2_certificates import further
from .patching import around


class ResourceInUse(AWSError):
    TYPE = "ResourceInUseException"


def certificate_description() -> None:
    """moto mixes up the order of the domains, and shows one validation record for all.

    It has the record at once, and a serial number and validity before there is a certificate. It
    does not tell what uses a certificate, and deletes one in use.
    """

    @around(CertBundle, "describe")
    def describe(original: Any, bundle: CertBundle) -> dict[str, Any]:
        certificate = original(bundle)["Certificate"]
        certificate["InUseBy"] = list(_users(bundle))
        if bundle.type == "AMAZON_ISSUED":
            certificate["SubjectAlternativeNames"] = bundle.domains
            options = [_option(bundle, domain) for domain in bundle.domains]
            certificate["DomainValidationOptions"] = options
            if bundle.status != "ISSUED":
                for early in ("IssuedAt", "NotBefore", "NotAfter", "Serial", "Issuer"):
                    certificate.pop(early, None)
            elif "issued_at" in bundle.__dict__:
                certificate["IssuedAt"] = unix_time(bundle.issued_at)
        return {"Certificate": certificate}

    @around(AWSCertificateManagerBackend, "delete_certificate")
    def delete(original: Any, backend: AWSCertificateManagerBackend, arn: str) -> None:
        if any(_users(backend.get_certificate(arn))):
            raise ResourceInUse(f"Certificate with arn {arn} is in use.")
        original(backend, arn)


def _option(certificate: CertBundle, domain: str) -> dict[str, Any]:
    option: dict[str, Any] = {
        "DomainName": domain,
        "ValidationDomain": domain,
        "ValidationMethod": "DNS",
        "ValidationStatus": "SUCCESS",
    }
    since = time.monotonic() - certificate.__dict__.get("requested", -math.inf)
    if since >= SETTINGS.certificate_record_delay:
        option["ResourceRecord"] = validation_record(certificate, domain)
    if certificate.status != "ISSUED" and not is_validated(certificate, domain):
        option["ValidationStatus"] = certificate.status
    return option


def _users(certificate: CertBundle) -> Iterator[str]:
    account, region = account_of(certificate), certificate.arn.split(":")[3]
    for balancer in elbv2_backends[account][region].load_balancers.values():
        for listener in balancer.listeners.values():
            if certificate.arn in (listener.certificate, *further(listener)):
                yield balancer.arn
                break
    for distribution in cloudfront_backends[account]["aws"].distributions.values():
        viewers = distribution.distribution_config.ViewerCertificate
        if viewers.get("ACMCertificateArn") == certificate.arn:
            yield distribution.arn


def certificate_list() -> None:
    """moto lists certificates of every key type, and their further domains under a wrong name."""

    @around(AWSCertificateManagerBackend, "list_certificates")
    def certificates(
        original: Any,
        backend: AWSCertificateManagerBackend,
        statuses: list[str],
        includes: dict[str, Any] | None,
    ) -> Any:
        includes = {"keyTypes": ["RSA_1024", "RSA_2048"], **(includes or {})}
        return original(backend, statuses, includes)

    @around(AWSCertificateManagerResponse, "list_certificates")
    def summaries(original: Any, response: AWSCertificateManagerResponse) -> str:
        answer = json.loads(original(response))
        for summary in answer["CertificateSummaryList"]:
            names = summary.pop("SubjectAlternativeNames")
            summary["SubjectAlternativeNameSummaries"] = names
            summary["HasAdditionalSubjectAlternativeNames"] = False
        return json.dumps(answer)
