"""Mends of moto's S3."""

from __future__ import annotations

import json
from typing import Any

from flask import request
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.exceptions import BucketAlreadyExists, S3ClientError
from moto.s3.models import FakeBucket, S3Backend
from moto.s3.responses import S3Response
from settings import SETTINGS

from .patching import around


def bucket_policy_conditions() -> None:
    """moto ignores a bucket policy's Condition, so that a conditional Deny refuses everything."""

    @around(FakeBucket, "get_permission")
    def get_permission(_original: Any, bucket: FakeBucket, action: str, resource: str) -> Any:
        if bucket.policy is None:
            return PermissionResult.NEUTRAL
        document = json.loads(bucket.policy)
        statements = document["Statement"]
        if isinstance(statements, dict):
            statements = [statements]
        kept = [
            {key: value for key, value in statement.items() if key != "Condition"}
            for statement in statements
            if _holds(statement.get("Condition", {}))
        ]
        return IAMPolicy(json.dumps({"Statement": kept})).is_action_permitted(action, resource)


def _holds(condition: dict[str, dict[str, Any]]) -> bool:
    return all(
        _compares(operator, _context(key), expected)
        for operator, keys in condition.items()
        for key, expected in keys.items()
    )


def _context(key: str) -> str | None:
    if key.lower() == "aws:securetransport":
        return "true"  # the sandbox listens on loopback alone, where no TLS is wanted
    if key.lower().startswith("s3:x-amz-"):
        return request.headers.get(key[3:])
    return None


def _compares(operator: str, actual: str | None, expected: Any) -> bool:
    """An absent key makes a negated operator true and any other false, as in IAM."""
    values = [str(value) for value in (expected if isinstance(expected, list) else [expected])]
    if operator == "Null":
        return (actual is None) == (values[0].lower() == "true")
    if operator.endswith("IfExists"):
        operator = operator.removesuffix("IfExists")
        if actual is None:
            return True
    if operator == "StringNotEquals":
        return actual is None or actual not in values
    if operator == "StringEquals":
        return actual in values
    if operator == "Bool":
        return actual is not None and actual.lower() in [value.lower() for value in values]
    return False  # an operator we do not know applies to nobody


def buckets_of_others() -> None:
    """moto knows one account, so that every bucket name is free; here some may be taken."""

    @around(S3Backend, "create_bucket")
    def create_bucket(original: Any, backend: S3Backend, bucket_name: str, *rest: Any, **named: Any) -> Any:
        if bucket_name in SETTINGS.foreign_buckets:
            raise S3ClientError("BucketAlreadyExists", BucketAlreadyExists(bucket_name).message)
        return original(backend, bucket_name, *rest, **named)

    @around(S3Response, "_bucket_response")
    def bucket_response(original: Any, response: S3Response, incoming: Any, full_url: str) -> Any:
        name = response.parse_bucket_name_from_url(incoming, full_url)
        if name in SETTINGS.foreign_buckets:
            if incoming.method == "HEAD":
                return 403, {}, ""
            if incoming.method != "PUT" or incoming.query_string:
                raise S3ClientError("AccessDenied", "Access Denied")
        return original(response, incoming, full_url)
