"""Mends of moto's S3."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from typing import Any

from flask import request
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.exceptions import BucketAlreadyExists, S3ClientError
from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend
from moto.s3.responses import S3Response
from settings import SETTINGS

from .patching import around


def bucket_policy_conditions() -> None:
    """moto ignores a bucket policy's Condition, so that a conditional Deny refuses everything.

    Its refusal has no body, so that the SDK cannot say AccessDenied.
    """

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
        result = IAMPolicy(json.dumps({"Statement": kept})).is_action_permitted(action, resource)
        if result == PermissionResult.DENIED and request.method != "HEAD":
            raise S3ClientError(
                "AccessDenied",
                f"User: arn:aws:iam::{bucket.account_id}:user/moto is not authorized to perform: "
                f'{action} on resource: "{resource}" with an explicit deny in a '
                "resource-based policy",
            )
        return result


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


def bucket_creation() -> None:
    """moto ignores the tags in a CreateBucketConfiguration.

    Its new buckets have no Block Public Access and no default encryption, as AWS's have.
    """

    @around(S3Backend, "create_bucket")
    def create(
        original: Any, backend: S3Backend, bucket_name: str, *rest: Any, **named: Any
    ) -> Any:
        bucket = original(backend, bucket_name, *rest, **named)
        bucket.public_access_block = PublicAccessBlock(True, True, True, True)
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        bucket.encryption = {"Rule": rule}
        tags = _tags_in(request.get_data())
        if tags:
            backend.put_bucket_tagging(bucket_name, tags)
        return bucket


def _tags_in(body: bytes) -> dict[str, str]:
    if not body:
        return {}
    found = [each for each in ElementTree.fromstring(body).iter() if each.tag.endswith("}Tag")]
    return {
        next(part.text or "" for part in tag if part.tag.endswith("}Key")): next(
            part.text or "" for part in tag if part.tag.endswith("}Value")
        )
        for tag in found
    }


def expected_bucket_owner() -> None:
    """moto ignores the header that names the account a bucket must belong to."""

    @around(S3Response, "_bucket_response")
    def bucket_response(original: Any, response: S3Response, incoming: Any, full_url: str) -> Any:
        owner = incoming.headers.get("x-amz-expected-bucket-owner")
        if owner not in (None, response.current_account):
            if incoming.method == "HEAD":
                return 403, {}, ""
            raise S3ClientError("AccessDenied", "Access Denied")
        return original(response, incoming, full_url)


def buckets_of_others() -> None:
    """moto knows one account, so that every bucket name is free; here some may be taken."""

    @around(S3Backend, "create_bucket")
    def create_bucket(
        original: Any, backend: S3Backend, bucket_name: str, *rest: Any, **named: Any
    ) -> Any:
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
