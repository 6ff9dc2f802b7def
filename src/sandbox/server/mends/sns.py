"""Mends of moto's Simple Notification Service."""

from __future__ import annotations

from copy import copy
from typing import Any

from moto.sns.models import SNSBackend, Subscription

from .patching import around


def subscriptions_by_mail() -> None:
    """moto takes it that whoever is sent mail wants it; AWS asks them first."""
    for lists in ("list_subscriptions", "list_subscriptions_by_topic"):

        @around(SNSBackend, lists)
        def listed(original: Any, backend: SNSBackend, *rest: Any, **named: Any) -> Any:
            subscriptions, next_token = original(backend, *rest, **named)
            return [_as_told(each) for each in subscriptions], next_token


def _as_told(subscription: Subscription) -> Subscription:
    if subscription.protocol != "email":
        return subscription
    told = copy(subscription)
    told.arn = "PendingConfirmation"
    return told
