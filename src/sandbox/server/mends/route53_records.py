"""Mends of how moto's Route 53 changes records."""

from __future__ import annotations

import time
from typing import Any

from moto.elbv2.models import elbv2_backends
from moto.route53.exceptions import Route53ClientError
from moto.route53.models import FakeZone, RecordSet, Route53Backend

from .patching import around
from .route53 import spelled

CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"


def record_changes() -> None:
    """moto carries out a batch up to the first wrong change, and refuses few.

    It takes a second record of a name and type, a CNAME beside other records or at the apex,
    names that only end like the zone's, and alias targets that are not there. It remembers names
    as they were written, and tells a TTL for an alias.
    """

    @around(Route53Backend, "change_resource_record_sets")
    def change(
        _original: Any, backend: Route53Backend, zoneid: str, change_list: list[dict[str, Any]]
    ) -> None:
        zone = backend.get_hosted_zone(zoneid)
        records = list(zone.rrsets)
        found = [_carry_out(backend, zone, records, each) for each in change_list]
        problems = [problem for problem in found if problem]
        if problems:
            raise Route53ClientError("InvalidChangeBatch", f"[{', '.join(problems)}]")
        zone.rrsets = records


def _carry_out(
    backend: Route53Backend, zone: FakeZone, records: list[RecordSet], change: dict[str, Any]
) -> str | None:
    """Changes the list of records; says what is wrong instead."""
    action, wanted = change["Action"], _record(change)
    subject = f"resource record set [name='{wanted.name}', type='{wanted.type}']"
    if not f".{wanted.name}".endswith(f".{zone.name}"):
        return f"RRSet with DNS name {wanted.name} is not permitted in zone {zone.name}"
    existing = next((record for record in records if _key(record) == _key(wanted)), None)
    if action == "DELETE":
        if existing is None:
            return f"Tried to delete {subject} but it was not found"
        if _values(existing) != _values(wanted):
            return (
                f"Tried to delete {subject} but the values provided do not match the current values"
            )
        records.remove(existing)
        return None
    if action == "CREATE" and existing is not None:
        return f"Tried to create {subject} but it already exists"
    problem = _conflict(zone, records, wanted) or _alias_problem(backend, zone, records, wanted)
    if problem is None:
        if existing is not None:
            records.remove(existing)
        records.append(wanted)
    return problem


def _record(change: dict[str, Any]) -> RecordSet:
    asked = change["ResourceRecordSet"]
    ways = [way for way in ("AliasTarget", "ResourceRecords") if asked.get(way)]
    if len(ways) != 1 or ("TTL" in asked) != (ways == ["ResourceRecords"]):
        raise Route53ClientError(
            "InvalidInput",
            "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
            "ResourceRecords], or TrafficPolicyInstanceId], but found "
            f"{'more than one' if ways else 'none'} in Change with [Action={change['Action']}, "
            f"Name={asked['Name']}, Type={asked['Type']}, SetIdentifier=null]",
        )
    record = RecordSet({**asked, "Name": spelled(asked["Name"])})
    record.made = time.monotonic()
    record.records = [each["Value"] for each in asked.get("ResourceRecords", [])]
    if record.alias_target:
        record.ttl = None
        target = record.alias_target
        record.alias_target = {**target, "DNSName": spelled(target["DNSName"])}
    return record


def _key(record: RecordSet) -> tuple[Any, ...]:
    return record.name, record.type, record.set_identifier


def _values(record: RecordSet) -> tuple[Any, ...]:
    return str(record.ttl), sorted(record.records), record.alias_target


def _conflict(zone: FakeZone, records: list[RecordSet], wanted: RecordSet) -> str | None:
    others = {each.type for each in records if each.name == wanted.name} - {wanted.type}
    named = f"RRSet of type {wanted.type} with DNS name {wanted.name} is not permitted"
    if wanted.type == "CNAME" and wanted.name == zone.name:
        return f"{named} at apex in zone {zone.name}"
    if wanted.type == "CNAME" and others:
        return (
            f"{named} as it conflicts with other records with the same DNS name "
            f"in zone {zone.name}"
        )
    if "CNAME" in others:
        return (
            f"{named} because a conflicting RRSet of type CNAME with the same DNS name "
            f"already exists in zone {zone.name}"
        )
    return None


def _alias_problem(
    backend: Route53Backend, zone: FakeZone, records: list[RecordSet], wanted: RecordSet
) -> str | None:
    if not wanted.alias_target:
        return None
    target, target_zone = wanted.alias_target["DNSName"], wanted.alias_target["HostedZoneId"]
    named = (
        f"Tried to create an alias that targets {target}, type {wanted.type} in zone {target_zone}"
    )
    if target_zone == zone.resource_id:
        if not any(each.name == target and each.type == wanted.type for each in records):
            return f"{named}, but that target was not found"
    elif target_zone != _zone_of(backend, target):
        return f"{named}, but the alias target name does not lie within the target zone"
    return None


def _zone_of(backend: Route53Backend, target: str) -> str | None:
    if target.endswith(".cloudfront.net."):
        return CLOUDFRONT_ZONE
    for account, _region, balancers in elbv2_backends.iter_backends():
        for balancer in balancers.load_balancers.values():
            name = f"{balancer.dns_name.lower()}."
            if account == backend.account_id and target in (name, f"dualstack.{name}"):
                return balancer.canonical_hosted_zone_id
    return None
