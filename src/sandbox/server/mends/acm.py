"""Mends of moto's Certificate Manager."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from typing import Any

import moto.settings
from moto.acm.exceptions import AWSValidationException
from moto.acm.models import AWSCertificateManagerBackend, CertBundle
from moto.core.utils import utcnow
from moto.route53.models import RecordSet, route53_backends
from settings import SETTINGS

from .patching import around

DOMAIN = "*.example.gov"
NAME = re.compile(
    r"(\*\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])"
)
LONGEST_FIRST_NAME = 64
TOKEN = re.compile(r"\w{1,32}", re.ASCII)


@cache
def _pair() -> tuple[bytes, bytes]:
    """Making a key is slow, so it is made once and used in every Region."""
    made = CertBundle.generate_cert(
        DOMAIN, account_id="123456789012", region="us-east-1", sans=["example.gov"]
    )
    return made.cert, made.key


def issued_certificate() -> None:
    """A moto account starts without certificates; ours has an issued one in every Region."""

    @around(AWSCertificateManagerBackend, "__init__")
    def start(original: Any, backend: Any, region_name: str, account_id: str) -> None:
        original(backend, region_name, account_id)
        certificate, key = _pair()
        bundle = CertBundle(
            account_id,
            certificate,
            key,
            region=region_name,
            cert_type="AMAZON_ISSUED",
            cert_status="ISSUED",
        )
        bundle.domains = [DOMAIN, "example.gov"]
        backend._certificates[bundle.arn] = bundle


def certificate_requests() -> None:
    """moto takes any domain name and token, and fails for a deleted certificate's token (500)."""

    @around(AWSCertificateManagerBackend, "request_certificate")
    def request(
        original: Any,
        backend: AWSCertificateManagerBackend,
        domain_name: str,
        token: str | None,
        others: list[str] | None,
        *rest: Any,
    ) -> str:
        domains = list(dict.fromkeys([domain_name, *(others or [])]))
        _validate(domains, token)
        known = backend._idempotency_tokens.get(token)
        if known and known["arn"] not in backend._certificates:
            del backend._idempotency_tokens[token]
        arn = original(backend, domain_name, token, others, *rest)
        certificate = backend._certificates[arn]
        certificate.__dict__.setdefault("domains", domains)
        certificate.__dict__.setdefault("requested", time.monotonic())
        return arn


def _validate(domains: list[str], token: str | None) -> None:
    for domain in domains:
        if len(domain) > 253 or not NAME.fullmatch(domain):
            raise AWSValidationException(
                f"1 validation error detected: Value '{domain}' at 'domainName' failed to satisfy "
                f"constraint: Member must satisfy regular expression pattern: {NAME.pattern}"
            )
    if len(domains[0]) > LONGEST_FIRST_NAME:
        raise AWSValidationException(
            f"The first domain name can have at most {LONGEST_FIRST_NAME} characters"
        )
    if token is not None and not TOKEN.fullmatch(token):
        raise AWSValidationException(
            f"1 validation error detected: Value '{token}' at 'idempotencyToken' failed to satisfy "
            r"constraint: Member must satisfy regular expression pattern: \w+, with at most 32"
        )


def certificate_validation() -> None:
    """moto issues every certificate by itself after a minute.

    AWS issues it when it finds the records of all its domains, which is here a while after they
    were put into a public zone of the account. `issue_certificates` issues without them, as if
    somebody had put them into a zone elsewhere.
    """
    moto.settings.ACM_VALIDATION_WAIT = math.inf

    @around(CertBundle, "check")
    def check(original: Any, certificate: CertBundle) -> None:
        original(certificate)
        if certificate.status == "PENDING_VALIDATION" and all(
            is_validated(certificate, domain) for domain in certificate.domains
        ):
            certificate.status = "ISSUED"
            certificate.issued_at = utcnow()


def is_validated(certificate: CertBundle, domain: str) -> bool:
    if SETTINGS.issue_certificates:
        return True
    wanted = validation_record(certificate, domain)
    now = time.monotonic()
    return any(
        record.name == wanted["Name"]
        and record.type == "CNAME"
        and [value.lower().rstrip(".") for value in record.records] == [wanted["Value"].rstrip(".")]
        and now - max(record.made, certificate.requested) >= SETTINGS.certificate_delay
        for record in _public_records(account_of(certificate))
        if "made" in record.__dict__  # those that Route 53 made itself were not
    )


def _public_records(account: str) -> Iterator[RecordSet]:
    for zone in list(route53_backends[account]["aws"].zones.values()):
        if not zone.private_zone:
            yield from zone.rrsets


def account_of(certificate: CertBundle) -> str:
    return certificate.arn.split(":")[4]


def validation_record(certificate: CertBundle, domain: str) -> dict[str, str]:
    """The same for each certificate of a domain in an account, and for its wildcard."""
    base = domain.lower().removeprefix("*.")
    token = sha256(f"{account_of(certificate)} {base}".encode()).hexdigest()
    return {
        "Name": f"_{token[:32]}.{base}.",
        "Type": "CNAME",
        "Value": f"_{token[32:]}.{token[10:20]}.acm-validations.aws.",
    }
