"""What CloudFront's requests have in common."""

from __future__ import annotations

from typing import Any

from moto.cloudfront.exceptions import CloudFrontException, InvalidIfMatchVersion
from moto.cloudfront.responses import CloudFrontResponse


def check_version(etag: str, if_match: str | None) -> None:
    if not if_match:
        raise InvalidIfMatchVersion()
    if if_match != etag:
        raise CloudFrontException(
            "PreconditionFailed",
            "The request failed because it didn't meet the preconditions "
            "in one or more request-header fields.",
        )


def page(response: CloudFrontResponse, items: list[dict[str, Any]]) -> dict[str, Any]:
    """One page of a list, as the request's Marker and MaxItems ask."""
    marker, size = response._get_param("Marker"), response._get_int_param("MaxItems", 100)
    ids = [each["Id"] for each in items]
    start = ids.index(marker) + 1 if marker in ids else 0
    shown = items[start : start + size]
    truncated = len(items) > start + size
    return {
        "Marker": marker or "",
        "MaxItems": size,
        "IsTruncated": truncated,
        "NextMarker": shown[-1]["Id"] if truncated else None,
        "Quantity": len(shown),
        "Items": shown or None,
    }
