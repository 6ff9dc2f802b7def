"""Mends of moto's Systems Manager."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.ssm.responses import SimpleSystemManagerResponse
from reaching import instance_may, reaches_aws
from settings import SETTINGS

from .patching import operation


def describe_instance_information() -> None:
    """moto lacks it. An instance is online when role and network let its agent speak to SSM."""

    @operation(SimpleSystemManagerResponse, "describe_instance_information")
    def describe(response: SimpleSystemManagerResponse) -> ActionResult:
        wanted = {
            value
            for each in response._get_param("Filters", [])
            if each["Key"] == "InstanceIds"
            for value in each["Values"]
        }
        found = [
            {
                "InstanceId": instance.id,
                "PingStatus": "Online",
                "LastPingDateTime": time.time(),
                "AgentVersion": "3.3.3050.0",
                "PlatformType": "Linux",
                "PlatformName": "Amazon Linux",
                "PlatformVersion": "2023",
                "ResourceType": "EC2Instance",
                "IPAddress": instance.private_ip,
                "ComputerName": instance.private_dns_name,
            }
            for instance in _managed(response.current_account, response.region)
            if not wanted or instance.id in wanted
        ]
        return ActionResult({"InstanceInformationList": found})


def _managed(account: str, region: str) -> Iterator[Any]:
    ec2 = ec2_backends[account][region]
    for reservation in list(ec2.reservations.values()):
        for instance in reservation.instances:
            if (
                SETTINGS.agents
                and instance.state == "running"
                and reaches_aws(ec2, instance)
                and instance_may(ec2, instance, "ssm:UpdateInstanceInformation")
            ):
                yield instance
