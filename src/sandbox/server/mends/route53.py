"""Mends of moto's Route 53."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.models import elbv2_backends
from moto.route53.exceptions import Route53ClientError
from moto.route53.models import FakeZone, RecordSet, Route53Backend
from moto.route53.responses import Route53
from settings import SETTINGS

from .patching import around

LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"


def hosted_zones() -> None:
    """moto makes a zone of any name, twice for one caller reference, with a broken SOA record."""

    @around(Route53Backend, "create_hosted_zone")
    def create(original: Any, backend: Route53Backend, name: str, **named: Any) -> FakeZone:
        if not all(LABEL.fullmatch(label) for label in name.lower().rstrip(".").split(".")):
            raise Route53ClientError("InvalidDomainName", f"The domain name {name} is not valid")
        reference = named.get("caller_reference")
        if any(zone.caller_reference == reference for zone in backend.zones.values()):
            raise Route53ClientError(
                "HostedZoneAlreadyExists",
                "A hosted zone has already been created with the specified caller reference.",
            )
        zone = original(backend, name.lower(), **named)
        for record in zone.rrsets:
            if record.type == "SOA":
                record.records = [each["Value"] for each in record.records]
        return zone


def zones_by_name() -> None:
    """moto lists only the zone of that very name, in one page; AWS starts there and goes on."""

    @around(Route53, "list_hosted_zones_by_name")
    def by_name(_original: Any, response: Route53) -> ActionResult:
        name, identity = response._get_param("DNSName"), response._get_param("HostedZoneId")
        start = (reversed_name(name or ""), identity or "")
        zones = [
            zone for zone in sorted(response.backend.zones.values(), key=_place) if _place(zone) >= start
        ]
        size = response._get_int_param("MaxItems", 100)
        following = zones[size] if len(zones) > size else None
        return ActionResult(
            {
                "HostedZones": zones[:size],
                "DNSName": name,
                "HostedZoneId": identity,
                "MaxItems": size,
                "IsTruncated": following is not None,
                "NextDNSName": following.name if following else None,
                "NextHostedZoneId": following.resource_id if following else None,
            }
        )


def _place(zone: FakeZone) -> tuple[str, str]:
    return reversed_name(zone.name), zone.resource_id


def record_order() -> None:
    """moto compares names as they are written, and without the trailing dot.

    AWS compares them in its own spelling: "org.example.a-b." comes before "org.example.a.".
    """

    @around(FakeZone, "get_record_sets")
    def get(_original: Any, zone: FakeZone, start_type: str | None, start_name: str | None) -> Any:
        start = (reversed_name(spelled(start_name)) if start_name else "", start_type or "")
        places = [((reversed_name(record.name), record.type), record) for record in zone.rrsets]
        places.sort(key=lambda each: each[0])
        return [record for place, record in places if place >= start]


def changes_in_time() -> None:
    """moto's changes are all INSYNC at once, share one id, and GetChange knows every id."""
    for operation in ("create_hosted_zone", "change_resource_record_sets"):

        @around(Route53, operation)
        def submit(original: Any, response: Route53) -> ActionResult:
            answer = original(response)
            change = answer.result["ChangeInfo"]
            change["Id"] = f"/change/C{uuid.uuid4().hex[:20].upper()}"
            change["Status"] = _status(time.monotonic())
            _changes(response.backend)[change["Id"]] = (time.monotonic(), change["SubmittedAt"])
            return answer

    @around(Route53, "get_change")
    def get(_original: Any, response: Route53) -> ActionResult:
        identity = "/change/" + response._get_param("Id").removeprefix("/change/")
        if identity not in _changes(response.backend):
            raise Route53ClientError("NoSuchChange", f"A change with id {identity} does not exist")
        started, submitted = _changes(response.backend)[identity]
        change = {"Id": identity, "Status": _status(started), "SubmittedAt": submitted}
        return ActionResult({"ChangeInfo": change})


def _changes(backend: Route53Backend) -> dict[str, tuple[float, Any]]:
    """They live with the backend, so that a reset forgets them too."""
    return backend.__dict__.setdefault("changes", {})


def _status(started: float) -> str:
    return "INSYNC" if time.monotonic() - started >= SETTINGS.dns_delay else "PENDING"


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
            return f"Tried to delete {subject} but the values provided do not match the current values"
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
        return f"{named} as it conflicts with other records with the same DNS name in zone {zone.name}"
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
    named = f"Tried to create an alias that targets {target}, type {wanted.type} in zone {target_zone}"
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


def spelled(name: str) -> str:
    """As AWS tells names: in small letters, with a trailing dot, and "\\052" for an asterisk."""
    return name.lower().rstrip(".").replace("*", "\\052") + "."


def reversed_name(name: str) -> str:
    """What names are ordered by: "org.example.www."."""
    labels = name.lower().rstrip(".").replace("\\052", "*").split(".")
    return ".".join(reversed(labels)) + "." if name else ""
