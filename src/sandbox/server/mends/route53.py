"""Mends of moto's Route 53."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from moto.core.responses import ActionResult
from moto.route53.exceptions import Route53ClientError
from moto.route53.models import FakeZone, Route53Backend
from moto.route53.responses import Route53
from settings import SETTINGS

from .patching import around

LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


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
        zones = sorted(response.backend.zones.values(), key=_place)
        zones = [zone for zone in zones if _place(zone) >= start]
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


def spelled(name: str) -> str:
    """As AWS tells names: in small letters, with a trailing dot, and "\\052" for an asterisk."""
    return name.lower().rstrip(".").replace("*", "\\052") + "."


def reversed_name(name: str) -> str:
    """What names are ordered by: "org.example.www."."""
    labels = name.lower().rstrip(".").replace("\\052", "*").split(".")
    return ".".join(reversed(labels)) + "." if name else ""
