"""Mends of moto's CloudFront distributions."""

from __future__ import annotations

import time
from typing import Any

from moto.cloudfront.exceptions import CloudFrontException, OriginDoesNotExist
from moto.cloudfront.models import CloudFrontBackend, Distribution, DistributionConfig, random_id
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from settings import SETTINGS

from .cloudfront_config import with_defaults
from .cloudfront_requests import check_version, page
from .cloudfront_validation import validate
from .patching import around


def distribution_config() -> None:
    """moto drops some of a distribution's settings and makes up others.

    It adds ForwardedValues and times to live to a behavior with a cache policy, compresses unless
    it is told not to, and keeps the order of methods, where AWS has one of its own.
    """

    @around(DistributionConfig, "__init__")
    def start(_original: Any, config: DistributionConfig, asked: dict[str, Any]) -> None:
        if asked["DefaultCacheBehavior"]["TargetOriginId"] not in [
            origin["Id"] for origin in asked["Origins"]["Items"]
        ]:
            raise OriginDoesNotExist()
        config.__dict__.update(with_defaults(asked))
        config.caller_reference = asked["CallerReference"]


def distribution_identity() -> None:
    """moto's ARNs lack a colon, its ids are of any letter, and all changed on a day in 2021."""

    @around(Distribution, "__init__")
    def start(original: Any, distribution: Distribution, *rest: Any) -> None:
        original(distribution, *rest)
        distribution.distribution_id = distribution.id = f"E{distribution.id[1:]}"
        account = rest[0]
        distribution.arn = f"arn:aws:cloudfront::{account}:distribution/{distribution.id}"
        _touch(distribution)


def distribution_deployment() -> None:
    """moto's distribution is deployed as soon as it is looked at."""

    def status(distribution: Distribution) -> str:
        deployed = time.monotonic() - distribution.changed >= SETTINGS.distribution_delay
        return "Deployed" if deployed else "InProgress"

    Distribution.status = property(status)  # type: ignore[assignment,method-assign]


def _touch(distribution: Distribution) -> None:
    distribution.changed = time.monotonic()
    distribution.last_modified_time = utcnow()
    distribution.etag = f"E{random_id()}"


def distribution_validation() -> None:
    """moto takes origin headers, policies, aliases and certificates that AWS refuses."""

    @around(CloudFrontBackend, "create_distribution_with_tags")
    def create(
        original: Any, backend: CloudFrontBackend, config: dict[str, Any], tags: list[Any]
    ) -> Any:
        if not backend._distribution_with_caller_reference(config["CallerReference"]):
            validate(backend, config)
        return original(backend, config, tags)


def distribution_changes() -> None:
    """moto takes any ETag, keeps it when something changes, and deletes what is enabled."""

    @around(CloudFrontBackend, "update_distribution")
    def update(
        original: Any,
        backend: CloudFrontBackend,
        dist_config: dict[str, Any],
        _id: str,
        if_match: str | None,
    ) -> Any:
        distribution, _ = backend.get_distribution(_id)
        check_version(distribution.etag, if_match)
        if dist_config["CallerReference"] != distribution.distribution_config.caller_reference:
            raise CloudFrontException(
                "IllegalUpdate", "The update contains modifications that are not allowed."
            )
        validate(backend, dist_config, distribution)
        original(backend, dist_config, _id, if_match)
        _touch(distribution)
        return distribution, distribution.location, distribution.etag

    @around(CloudFrontBackend, "delete_distribution")
    def delete(
        original: Any, backend: CloudFrontBackend, distribution_id: str, if_match: str | None
    ) -> None:
        distribution, _ = backend.get_distribution(distribution_id)
        check_version(distribution.etag, if_match)
        if distribution.distribution_config.Enabled or distribution.status != "Deployed":
            raise CloudFrontException(
                "DistributionNotDisabled",
                "The distribution you are trying to delete has not been disabled.",
            )
        original(backend, distribution_id, if_match)
        backend.tagger.delete_all_tags_for_resource(distribution.arn)


def distribution_list() -> None:
    """moto lists distributions without any of their settings, and all in one page."""

    @around(CloudFrontResponse, "list_distributions")
    def distributions(_original: Any, response: CloudFrontResponse) -> ActionResult:
        summaries = [_summary(each) for each in response.backend.distributions.values()]
        return ActionResult({"DistributionList": page(response, summaries)})


def _summary(distribution: Distribution) -> dict[str, Any]:
    return {
        **vars(distribution.distribution_config),
        "Id": distribution.id,
        "ARN": distribution.arn,
        "ETag": distribution.etag,
        "Status": distribution.status,
        "LastModifiedTime": distribution.last_modified_time,
        "DomainName": distribution.domain_name,
    }


def resource_tags() -> None:
    """moto tags distributions that are not there."""
    for operation in ("list_tags_for_resource", "tag_resource", "untag_resource"):

        @around(CloudFrontResponse, operation)
        def tags(original: Any, response: CloudFrontResponse) -> ActionResult:
            arn = response._get_param("Resource")
            if all(each.arn != arn for each in response.backend.distributions.values()):
                raise CloudFrontException(
                    "NoSuchResource", "The specified resource does not exist."
                )
            return original(response)
