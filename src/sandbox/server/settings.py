"""What a test, or the command line, may set about the local AWS."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass
class Settings:
    """Seconds for every delay. The HTTP control path uses these names as they stand."""

    agents: bool = True
    agents_connected: bool = True
    agents_delay: float = 2.0
    load_balancer_delay: float = 1.0
    instance_refresh_delay: float = 1.0
    vcpus: int = 100_000
    services: bool = True
    # Off, so that who tries things out needs no .env.
    env_files: bool = False
    task_delay: float = 1.0
    dns_delay: float = 0.3
    certificate_record_delay: float = 0.3
    certificate_delay: float = 0.5
    issue_certificates: bool = False
    distribution_delay: float = 0.5
    vpc_block_public_access: str = "off"
    foreign_buckets: list[str] = field(default_factory=list)

    def change(self, values: dict[str, Any]) -> None:
        """Sets the given ones; raises ValueError for an unknown name or a value of another type."""
        known = {each.name: type(getattr(self, each.name)) for each in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"no such setting: {name} (there are {', '.join(sorted(known))})")
            wanted = known[name]
            if wanted is float and isinstance(value, int) and not isinstance(value, bool):
                value = float(value)
            if not isinstance(value, wanted):
                raise ValueError(f"{name} must be of type {wanted.__name__}")
        for name, value in values.items():
            setattr(self, name, known[name](value))


SETTINGS = Settings()
