"""What CloudFront adds to a distribution's settings, and how it tells them."""

from __future__ import annotations

import copy
from typing import Any

# CloudFront tells methods in this order, whatever they were given in.
METHODS = ("HEAD", "DELETE", "POST", "GET", "OPTIONS", "PUT", "PATCH")

NONE = {"Quantity": 0}
CONFIG: dict[str, Any] = {
    "Aliases": NONE,
    "DefaultRootObject": "",
    "OriginGroups": NONE,
    "CacheBehaviors": NONE,
    "CustomErrorResponses": NONE,
    "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
    "PriceClass": "PriceClass_All",
    "ViewerCertificate": {
        "CloudFrontDefaultCertificate": True,
        "SSLSupportMethod": "vip",
        "MinimumProtocolVersion": "TLSv1",
        "CertificateSource": "cloudfront",
    },
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
    "WebACLId": "",
    "HttpVersion": "http2",
    "IsIPV6Enabled": False,
    "ContinuousDeploymentPolicyId": "",
    "Staging": False,
}
BEHAVIOR: dict[str, Any] = {
    "TrustedSigners": {"Enabled": False, "Quantity": 0},
    "TrustedKeyGroups": {"Enabled": False, "Quantity": 0},
    "AllowedMethods": {"Quantity": 2, "Items": ["HEAD", "GET"]},
    "SmoothStreaming": False,
    "Compress": False,
    "LambdaFunctionAssociations": NONE,
    "FunctionAssociations": NONE,
    "FieldLevelEncryptionId": "",
    "GrpcConfig": {"Enabled": False},
}
TIMES_TO_LIVE = {"MinTTL": 0, "DefaultTTL": 86400, "MaxTTL": 31536000}
ORIGIN: dict[str, Any] = {
    "OriginPath": "",
    "CustomHeaders": NONE,
    "ConnectionAttempts": 3,
    "ConnectionTimeout": 10,
    "OriginShield": {"Enabled": False},
    "OriginAccessControlId": "",
}
CUSTOM_ORIGIN: dict[str, Any] = {
    "OriginSslProtocols": {"Quantity": 3, "Items": ["TLSv1", "TLSv1.1", "TLSv1.2"]},
    "OriginReadTimeout": 30,
    "OriginKeepaliveTimeout": 5,
    "IpAddressType": "ipv4",
}


def with_defaults(asked: dict[str, Any]) -> dict[str, Any]:
    """A copy of what was asked for, with all that AWS adds."""
    config = copy.deepcopy({**CONFIG, **asked})
    config["DefaultCacheBehavior"] = _behavior(config["DefaultCacheBehavior"])
    more = config["CacheBehaviors"]
    if more.get("Items"):
        more["Items"] = [_behavior(each) for each in more["Items"]]
    config["Origins"]["Items"] = [_origin(each) for each in config["Origins"]["Items"]]
    viewers = config["ViewerCertificate"]
    arn = viewers.get("ACMCertificateArn")
    if arn:
        viewers["CloudFrontDefaultCertificate"] = False
        viewers.update({"Certificate": arn, "CertificateSource": "acm"})
    return config


def _behavior(asked: dict[str, Any]) -> dict[str, Any]:
    ttl = {} if asked.get("CachePolicyId") else TIMES_TO_LIVE
    behavior = copy.deepcopy({**BEHAVIOR, **ttl, **asked})
    allowed = behavior["AllowedMethods"]
    allowed.setdefault("CachedMethods", {"Quantity": 2, "Items": ["HEAD", "GET"]})
    for methods in (allowed, allowed["CachedMethods"]):
        methods["Items"] = sorted(methods["Items"], key=METHODS.index)
    return behavior


def _origin(asked: dict[str, Any]) -> dict[str, Any]:
    origin = copy.deepcopy({**ORIGIN, **asked})
    if origin.get("CustomOriginConfig"):
        origin["CustomOriginConfig"] = {
            **copy.deepcopy(CUSTOM_ORIGIN),
            **origin["CustomOriginConfig"],
        }
    return origin
