"""Where moto differs from AWS on our path: the whole list.

Each mend's docstring says the moto behaviour it stands in for. Drop one when moto does it right.
"""

from __future__ import annotations

from . import acm, autoscaling, ec2, ecs, elbv2, iam, s3

MENDS = (
    s3.bucket_policy_conditions,
    s3.buckets_of_others,
    iam.service_linked_role_names,
    iam.service_linked_role_twice,
    acm.issued_certificate,
    ec2.dry_run,
    ec2.vpc_block_public_access,
    autoscaling.group_creation,
    autoscaling.instances_from_launch_template,
    autoscaling.instance_versions,
    ecs.cluster_creation,
    ecs.update_cluster_settings,
    elbv2.load_balancer_provisioning,
    elbv2.load_balancer_service_linked_role,
)


def apply() -> None:
    """Mends moto, in this process and before the server is up."""
    for mend in MENDS:
        mend()
