"""What gets through to what: by roles, routes and security groups, as far as they are on our path."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from moto.ec2.models.internet_gateways import InternetGateway
from moto.iam.access_control import IAMPolicy, PermissionResult

ANYWHERE = "0.0.0.0/0"
HTTPS = 443


def reaches_aws(ec2: Any, instance: Any) -> bool:
    """Whether what runs on the instance can call AWS: it finds the name, the way, and may leave."""
    # moto keeps it as it was given: True, or "false".
    resolves = str(ec2.get_vpc(instance.vpc_id).enable_dns_support).lower() == "true"
    gateway = way_out(ec2, instance.vpc_id, instance.subnet_id)
    # Only an Internet gateway takes none that has no public address.
    passes = gateway is not None and (
        not isinstance(gateway, InternetGateway) or instance.public_ip is not None
    )
    return resolves and passes and is_open([g.egress_rules for g in instance.security_groups])


def way_out(ec2: Any, vpc: str, subnet: str) -> Any:
    """Whatever the default route of a subnet leads to; None where it has none, or a black hole."""
    own = ec2.describe_route_tables(filters={"association.subnet-id": [subnet]})
    filters = {"vpc-id": [vpc], "association.main": ["true"]}
    for table in own or ec2.describe_route_tables(filters=filters):
        for route in table.routes:
            if route.destination_cidr_block == ANYWHERE and route.state == "active":
                return (
                    route.gateway
                    or route.nat_gateway
                    or route.transit_gateway
                    or route.interface
                    or route.instance
                )
    return None


def is_open(rules_of_groups: list[Any], port: int = HTTPS) -> bool:
    """Whether rules of security groups let a port through, from or to anywhere."""
    return any(
        rule.ip_range.get("CidrIp") == ANYWHERE
        and (rule.ip_protocol == "-1" or (rule.from_port or 0) <= port <= (rule.to_port or 0))
        for rules in rules_of_groups
        for rule in rules
    )


def instance_may(ec2: Any, instance: Any, action: str) -> bool:
    """Whether the role that EC2 hands out on the instance allows that."""
    association = ec2.iam_instance_profile_associations.get(instance.id)
    roles = association.iam_instance_profile.roles if association else []
    return any(trusts(role, "ec2.amazonaws.com") and may(role, action) for role in roles)


def trusts(role: Any, service: str) -> bool:
    return service in str(role.assume_role_policy_document)


def may(role: Any, action: str, resource: str = "*") -> bool:
    versions = [each for policy in role.managed_policies.values() for each in policy.versions]
    attached = [version.document for version in versions if version.is_default]
    documents = [*attached, *role.policies.values()]
    results = {_judge(document, action, resource) for document in documents}
    return PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results


@lru_cache(maxsize=256)
def _judge(document: str, action: str, resource: str) -> PermissionResult:
    return IAMPolicy(document).is_action_permitted(action, resource)
