"""What CloudFront refuses of a distribution's settings."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Any

from moto.acm.models import acm_backends
from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import CloudFrontBackend, Distribution

from .cloudfront_policies import validate_policies

CERTIFICATE_REGION = "us-east-1"
LONGEST_COMMENT = 128
DENIED_HEADER = re.compile(
    r"cache-control|connection|content-length|cookie|host|if-match|if-modified-since|if-none-match"
    r"|if-range|if-unmodified-since|max-forwards|pragma|proxy-.+|range|request-range|te|trailer"
    r"|transfer-encoding|upgrade|via|x-amz-.+|x-edge-.+|x-real-ip"
)


def validate(
    backend: CloudFrontBackend, config: dict[str, Any], changed: Distribution | None = None
) -> None:
    """Raises what AWS answers; `changed` is the distribution that is to be so from now on."""
    _validate_quantities(config)
    if len(config["Comment"]) > LONGEST_COMMENT:
        raise _invalid("The parameter Comment is too long.")
    for origin in config["Origins"]["Items"]:
        for header in origin.get("CustomHeaders", {}).get("Items") or []:
            if DENIED_HEADER.fullmatch(header["HeaderName"].lower()):
                raise _invalid(f"The parameter HeaderName : {header['HeaderName']} is not allowed.")
    behaviors = config.get("CacheBehaviors", {}).get("Items") or []
    for behavior in (config["DefaultCacheBehavior"], *behaviors):
        validate_policies(backend, behavior)
    _validate_aliases(backend, config, changed)


def _invalid(message: str) -> CloudFrontException:
    return CloudFrontException("InvalidArgument", message)


def _validate_quantities(value: Any) -> None:
    if isinstance(value, dict):
        if "Quantity" in value and int(value["Quantity"]) != len(value.get("Items") or []):
            raise CloudFrontException(
                "InconsistentQuantities", "The value of Quantity and the size of Items don't match."
            )
        for each in value.values():
            _validate_quantities(each)
    elif isinstance(value, list):
        for each in value:
            _validate_quantities(each)


def _validate_aliases(
    backend: CloudFrontBackend, config: dict[str, Any], changed: Distribution | None
) -> None:
    aliases = config.get("Aliases", {}).get("Items") or []
    arn = config.get("ViewerCertificate", {}).get("ACMCertificateArn")
    covered = _covered_by(backend, arn) if arn else []
    for alias in aliases:
        if not arn:
            raise CloudFrontException(
                "InvalidViewerCertificate",
                "To add an alternate domain name (CNAME) to a CloudFront distribution, you must "
                "attach a trusted certificate that validates your authorization to use the domain "
                "name.",
            )
        if not any(_covers(name, alias) for name in covered):
            raise CloudFrontException(
                "InvalidViewerCertificate",
                "The certificate that is attached to your distribution doesn't cover the alternate "
                "domain name (CNAME) that you're trying to add.",
            )
    for other in backend.distributions.values():
        taken = other.distribution_config.Aliases.get("Items") or []
        if other is not changed and set(taken) & set(aliases):
            raise CloudFrontException(
                "CNAMEAlreadyExists",
                "One or more of the CNAMEs you provided are already associated with a different "
                "resource.",
            )


def _covered_by(backend: CloudFrontBackend, arn: str) -> list[str]:
    certificate = acm_backends[backend.account_id][CERTIFICATE_REGION]._certificates.get(arn)
    if certificate is not None:
        certificate.check()
    if certificate is None or certificate.status != "ISSUED":
        raise CloudFrontException(
            "InvalidViewerCertificate",
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, "
            "or doesn't include a valid certificate chain.",
        )
    return certificate.describe()["Certificate"]["SubjectAlternativeNames"]


def _covers(name: str, host: str) -> bool:
    """A wildcard stands for one label."""
    return name.count(".") == host.count(".") and fnmatchcase(host.lower(), name.lower())
