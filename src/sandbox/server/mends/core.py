"""Mends of moto as a whole."""

from __future__ import annotations

from typing import Any

from moto.core.base_backend import AccountSpecificBackend
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse

from .patching import around


class NotInSandbox(ServiceException):
    """Of this module, because moto looks for an error's shape where its class comes from."""

    code = "NotImplemented"


def unknown_operations() -> None:
    """moto answers 500 to an operation that it lacks, which the SDK then tries again and again."""

    @around(BaseResponse, "call_action")
    def call_action(original: Any, response: BaseResponse) -> Any:
        try:
            return original(response)
        except NotImplementedError:
            message = f"The sandbox does not know the operation {response._get_action()}."
            return response.serialized(ActionResult(NotInSandbox(message)))


def quick_reset() -> None:
    """moto builds every backend anew, with all images and policies, just before it drops them all.

    Then it asks botocore again which Regions each service has. Not a difference, but a second
    saved at every reset.
    """

    @around(AccountSpecificBackend, "reset")
    def reset(original: Any, backends: AccountSpecificBackend[Any]) -> None:
        if backends.service_name not in ("ec2", "iam"):
            original(backends)

    known: dict[str, list[str]] = {}

    @around(AccountSpecificBackend, "_generate_regions")
    def regions(original: Any, backends: AccountSpecificBackend[Any], service_name: str) -> Any:
        if service_name not in known:
            known[service_name] = original(backends, service_name)
        return known[service_name]
