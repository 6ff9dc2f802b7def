"""CloudFront's cache and origin request policies, which moto lacks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from moto.cloudfront import urls
from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import CloudFrontBackend, random_id
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow

from .cloudfront_requests import check_version, page
from .patching import operation

MANAGED_CACHE = {
    "658327ea-f89d-4fab-a63d-7e88639e58f6": "CachingOptimized",
    "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": "CachingOptimizedForUncompressedObjects",
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": "CachingDisabled",
    "83da9c7e-98b4-4e11-a168-04f0df8e2c65": "UseOriginCacheControlHeaders",
    "4cc15a8a-d715-48a4-82b8-cc0b614638fe": "UseOriginCacheControlHeaders-QueryStrings",
}
MANAGED_ORIGIN_REQUEST = {
    "216adef6-5c7f-47e4-b989-5492eafa07d3": "AllViewer",
    "b689b0a8-53d0-40ab-baf2-68738e2966ac": "AllViewerExceptHostHeader",
    "bf0718e1-ba1e-49d1-88b1-f726733018ae": "HostHeaderOnly",
    "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf": "CORS-S3Origin",
    "59781a5b-3903-41f3-afcb-af62929ccde1": "CORS-CustomOrigin",
}
TIMES_TO_LIVE = {"DefaultTTL": 86400, "MaxTTL": 31536000}


@dataclass
class Policy:
    config: dict[str, Any]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    etag: str = field(default_factory=lambda: f"E{random_id()}")
    changed: Any = field(default_factory=utcnow)

    def describe(self) -> dict[str, Any]:
        return {"Id": self.id, "LastModifiedTime": self.changed, "CachePolicyConfig": self.config}


def cache_policies() -> None:
    """moto lacks cache policies, the managed ones too."""
    for path in ("$", "/(?P<id>[^/]+)$", "/(?P<id>[^/]+)/config$"):
        urls.url_paths["{0}/2020-05-31/cache-policy" + path] = CloudFrontResponse.dispatch

    @operation(CloudFrontResponse, "create_cache_policy")
    def create(response: CloudFrontResponse) -> ActionResult:
        policy = Policy(_config(response))
        _of(response.backend)[policy.id] = policy
        location = f"https://cloudfront.amazonaws.com/2020-05-31/cache-policy/{policy.id}"
        return _answer(policy, Location=location)

    @operation(CloudFrontResponse, "get_cache_policy")
    def get(response: CloudFrontResponse) -> ActionResult:
        return _answer(_asked(response))

    @operation(CloudFrontResponse, "get_cache_policy_config")
    def get_config(response: CloudFrontResponse) -> ActionResult:
        policy = _asked(response)
        return ActionResult({"CachePolicyConfig": policy.config, "ETag": policy.etag})

    @operation(CloudFrontResponse, "update_cache_policy")
    def update(response: CloudFrontResponse) -> ActionResult:
        policy = _asked(response, to_change=True)
        policy.config = _config(response, policy)
        policy.etag, policy.changed = f"E{random_id()}", utcnow()
        return _answer(policy)

    @operation(CloudFrontResponse, "delete_cache_policy")
    def delete(response: CloudFrontResponse) -> ActionResult:
        policy = _asked(response, to_change=True)
        for distribution in response.backend.distributions.values():
            behavior = distribution.distribution_config.DefaultCacheBehavior
            if behavior.get("CachePolicyId") == policy.id:
                raise CloudFrontException(
                    "CachePolicyInUse",
                    "The cache policy is attached to one or more cache behaviors.",
                )
        del _of(response.backend)[policy.id]
        return EmptyResult()

    @operation(CloudFrontResponse, "list_cache_policies")
    def policies(response: CloudFrontResponse) -> ActionResult:
        own = [("custom", each) for each in _of(response.backend).values()]
        managed = [("managed", _managed(id, name)) for id, name in MANAGED_CACHE.items()]
        asked = response._get_param("Type")
        summaries = [
            {"Id": each.id, "Type": kind, "CachePolicy": each.describe()}
            for kind, each in (*managed, *own)
            if asked in (None, kind)
        ]
        return ActionResult({"CachePolicyList": page(response, summaries)})


def _managed(id: str, name: str) -> Policy:
    lifetimes = {"DefaultTTL": 0, "MaxTTL": 0} if name == "CachingDisabled" else TIMES_TO_LIVE
    return Policy({"Name": f"Managed-{name}", "MinTTL": 0, **lifetimes}, id)


def _of(backend: CloudFrontBackend) -> dict[str, Policy]:
    """They live with the backend, so that a reset forgets them too."""
    return backend.__dict__.setdefault("cache_policies", {})


def _config(response: CloudFrontResponse, changed: Policy | None = None) -> dict[str, Any]:
    config = {**TIMES_TO_LIVE, **response._get_param("CachePolicyConfig", {})}
    for policy in _of(response.backend).values():
        if policy is not changed and policy.config["Name"] == config["Name"]:
            raise CloudFrontException(
                "CachePolicyAlreadyExists", "A cache policy with this name already exists."
            )
    if not int(config["MinTTL"]) <= int(config["DefaultTTL"]) <= int(config["MaxTTL"]):
        raise CloudFrontException("InvalidArgument", "The parameter DefaultTTL is not valid.")
    return config


def _asked(response: CloudFrontResponse, to_change: bool = False) -> Policy:
    id = response._get_param("Id")
    policy = _of(response.backend).get(id)
    if policy is None and id in MANAGED_CACHE:
        policy = _managed(id, MANAGED_CACHE[id])
        if to_change:
            raise CloudFrontException("IllegalUpdate", "A managed policy cannot be changed.")
    if policy is None:
        raise _no_such("CachePolicy", "cache policy")
    if to_change:
        check_version(policy.etag, response._get_param("IfMatch"))
    return policy


def _no_such(code: str, name: str) -> CloudFrontException:
    return CloudFrontException(f"NoSuch{code}", f"The specified {name} does not exist.")


def _answer(policy: Policy, **more: str) -> ActionResult:
    return ActionResult({"CachePolicy": policy.describe(), "ETag": policy.etag, **more})


def validate_policies(backend: CloudFrontBackend, behavior: dict[str, Any]) -> None:
    """Raises what AWS answers when a behavior's policies are not there."""
    cache = behavior.get("CachePolicyId")
    if not cache and not behavior.get("ForwardedValues"):
        raise CloudFrontException("InvalidArgument", "The parameter ForwardedValues is required.")
    if cache and cache not in MANAGED_CACHE and cache not in _of(backend):
        raise _no_such("CachePolicy", "cache policy")
    origin_request = behavior.get("OriginRequestPolicyId")
    if origin_request and origin_request not in MANAGED_ORIGIN_REQUEST:
        raise _no_such("OriginRequestPolicy", "origin request policy")
