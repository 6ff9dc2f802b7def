"""Mends of moto's EC2."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response
from settings import SETTINGS

from .patching import operation


def vpc_block_public_access() -> None:
    """moto lacks DescribeVpcBlockPublicAccessOptions."""

    @operation(EC2Response, "describe_vpc_block_public_access_options")
    def describe(response: EC2Response) -> ActionResult:
        mode = SETTINGS.vpc_block_public_access
        return ActionResult(
            {
                "VpcBlockPublicAccessOptions": {
                    "AwsAccountId": response.current_account,
                    "AwsRegion": response.region,
                    "State": "default-state" if mode == "off" else "update-complete",
                    "InternetGatewayBlockMode": mode,
                    "ExclusionsAllowed": "allowed",
                    "ManagedBy": "account",
                }
            }
        )
