"""Mends of moto's EC2."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.core.types import Base64EncodedString
from moto.ec2.exceptions import (
    DependencyViolationError,
    DryRunClientError,
    InvalidParameterValue,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.internet_gateways import InternetGateway
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.models.route_tables import Route
from moto.ec2.responses import EC2Response
from moto.ec2.responses.launch_templates import LaunchTemplates
from moto.elbv2.models import elbv2_backends
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
    """moto lacks DescribeVpcBlockPublicAccessOptions and -Exclusions."""

    @operation(EC2Response, "describe_vpc_block_public_access_exclusions")
    def exclusions(_response: EC2Response) -> ActionResult:
        return ActionResult({"VpcBlockPublicAccessExclusions": []})

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


def default_vpc() -> None:
    """moto's default VPC has no Internet gateway; AWS's has one, and a route to it."""

    @around(EC2Backend, "__init__")
    def start(original: Any, backend: EC2Backend, region_name: str, account_id: str) -> None:
        original(backend, region_name, account_id)
        vpc = backend.default_vpc
        gateway = backend.create_internet_gateway()
        backend.attach_internet_gateway(gateway.id, vpc.id)
        for table in backend.describe_route_tables(filters={"vpc-id": vpc.id}):
            backend.create_route(table.id, "0.0.0.0/0", gateway_id=gateway.id)


def vpc_in_use() -> None:
    """moto attaches a second Internet gateway to a VPC, and deletes a VPC with gateway and groups."""

    @around(EC2Backend, "attach_internet_gateway")
    def attach(original: Any, backend: EC2Backend, internet_gateway_id: str, vpc_id: str) -> Any:
        others = backend.describe_internet_gateways(filters={"attachment.vpc-id": [vpc_id]})
        if any(other.id != internet_gateway_id for other in others):
            raise InvalidParameterValue(
                f"Network {vpc_id} already has an internet gateway attached"
            )
        return original(backend, internet_gateway_id, vpc_id)

    @around(EC2Backend, "delete_vpc")
    def delete(original: Any, backend: EC2Backend, vpc_id: str) -> Any:
        gateways = backend.describe_internet_gateways(filters={"attachment.vpc-id": [vpc_id]})
        groups = backend.groups.get(vpc_id, {}).values()
        if gateways or any(group.name != "default" for group in groups):
            raise DependencyViolationError(
                f"The vpc '{vpc_id}' has dependencies and cannot be deleted."
            )
        return original(backend, vpc_id)


def security_group_in_use() -> None:
    """moto deletes a security group that instances, load balancers or other groups still use."""

    @around(EC2Backend, "delete_security_group")
    def delete(
        original: Any, backend: EC2Backend, name: str | None = None, group_id: str | None = None
    ) -> None:
        group = backend.get_security_group_by_name_or_id(group_id or name or "")
        if group is not None and _is_used(backend, group.id):
            raise DependencyViolationError(f"resource {group.id} has a dependent object")
        original(backend, name=name, group_id=group_id)


def launch_template_tags() -> None:
    """moto tells the tags that a launch template was made with, whatever became of them."""
    LaunchTemplate.tags = property(  # type: ignore[attr-defined]
        lambda template: template.get_tags(), lambda _template, _tags: None
    )


def launch_template_versions() -> None:
    """moto starts no instance from a version that was added to a template with user data.

    It also takes nothing over from the source version.
    """

    @around(LaunchTemplate, "create_version")
    def create(original: Any, template: LaunchTemplate, data: dict[str, Any], text: str) -> Any:
        user_data = data.get("UserData")
        if isinstance(user_data, str):
            data = {**data, "UserData": Base64EncodedString(user_data)}
        return original(template, data, text)

    @around(LaunchTemplates, "create_launch_template_version")
    def version(original: Any, response: LaunchTemplates) -> ActionResult:
        source = response._get_param("SourceVersion")
        if source is not None:
            template = _template(response)
            given = response._get_param("LaunchTemplateData", {})
            taken = {**template.get_version(source).data, **given}
            response.params["LaunchTemplateData"] = taken
        return original(response)


def _template(response: LaunchTemplates) -> LaunchTemplate:
    identity = response._get_param("LaunchTemplateId")
    if identity:
        return response.ec2_backend.get_launch_template(identity)
    name = response._get_param("LaunchTemplateName")
    return response.ec2_backend.get_launch_template_by_name(name)


def routes_to_nowhere() -> None:
    """moto calls a route active whose Internet gateway has been detached."""

    def state(route: Route) -> str:
        gateway = route.gateway
        is_gone = isinstance(gateway, InternetGateway) and gateway.vpc is None
        return "blackhole" if is_gone else "active"

    Route.state = property(state)  # type: ignore[method-assign,assignment]


def _is_used(backend: EC2Backend, group_id: str) -> bool:
    balancers = elbv2_backends[backend.account_id][backend.region_name].load_balancers
    if any(group_id in each.security_groups for each in balancers.values()):
        return True
    for reservation in backend.reservations.values():
        for instance in reservation.instances:
            used = {group.id for group in instance.security_groups}
            if instance.state != "terminated" and group_id in used:
                return True
    return any(
        (rule.source_group or {}).get("GroupId") == group_id
        for groups in backend.groups.values()
        for other in groups.values()
        if other.id != group_id
        for rule in [*other.ingress_rules, *other.egress_rules]
    )
