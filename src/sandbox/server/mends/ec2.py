"""Mends of moto's EC2."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import DryRunClientError
from moto.ec2.responses import EC2Response
from settings import SETTINGS

from .patching import around, operation


def dry_run() -> None:
    """moto carries out many an operation that only asked for a dry run (CreateVpc)."""

    @around(EC2Response, "call_action")
    def call_action(original: Any, response: EC2Response) -> Any:
        if response._get_bool_param("DryRun", False):
            return response.serialized(ActionResult(DryRunClientError()))
        return original(response)


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
