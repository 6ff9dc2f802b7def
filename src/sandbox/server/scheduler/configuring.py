"""What our templates' entrypoint.sh does first: it fetches the app's .env, or ends the container."""

from __future__ import annotations

from typing import Any

from moto.iam.models import iam_backends
from moto.s3.models import s3_backends
from reaching import may
from settings import SETTINGS

SAYS = "entrypoint.sh: "


def trouble_configuring(definition: dict[str, Any], role_arn: str | None, account: str) -> str | None:
    """What it says when it cannot; None for a container that does not begin with it."""
    variables = {each["name"]: each["value"] for each in definition.get("environment") or []}
    url = variables.get("AWS_S3_CONFIG_URL", "")
    if not SETTINGS.env_files or not url.startswith("s3://") or definition.get("entryPoint"):
        return None
    bucket, _, key = url.removeprefix("s3://").partition("/")
    roles = list(iam_backends[account]["global"].roles.values())
    role = next((each for each in roles if each.arn == role_arn), None)
    if role is None:
        return f"{SAYS}there are no AWS credentials. Give the task a task role that may read the bucket."
    if not may(role, "s3:GetObject", f"arn:aws:s3:::{bucket}/{key}"):
        return (
            f"{SAYS}S3 denied reading {url} (403 AccessDenied). The task role needs s3:GetObject "
            "on it, and s3:ListBucket on the bucket."
        )
    store = s3_backends[account]["aws"]
    if bucket not in store.buckets or store.get_object(bucket, key) is None:
        return f"{SAYS}there is no {url} (404 NoSuchKey). Upload the app's .env file there."
    return None
