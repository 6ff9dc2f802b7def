"""A certificate to try HTTPS with."""

from __future__ import annotations

from functools import cache
from typing import Any

from moto.acm.models import AWSCertificateManagerBackend, CertBundle

from .patching import around

DOMAIN = "*.example.gov"


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
        backend._certificates[bundle.arn] = bundle
