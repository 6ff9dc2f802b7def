"""Where moto differs from AWS on our path: the whole list.

Each mend's docstring says the moto behaviour it stands in for. Drop one when moto does it right.
"""

from __future__ import annotations

from . import (
    acm,
    acm_description,
    autoscaling,
    cloudfront,
    cloudfront_policies,
    core,
    ec2,
    ecr,
    ecs,
    elbv2,
    elbv2_certificates,
    elbv2_rules,
    elbv2_target_groups,
    iam,
    instance_refresh,
    route53,
    route53_records,
    s3,
    ssm,
)

MENDS = (
    core.unknown_operations,
    core.quick_reset,
    s3.bucket_policy_conditions,
    s3.bucket_creation,
    s3.expected_bucket_owner,
    s3.buckets_of_others,
    iam.account_of_access_key,
    iam.service_linked_role_names,
    iam.service_linked_role_twice,
    iam.user_tags,
    iam.policy_entities,
    iam.entities_in_use,
    acm.issued_certificate,
    acm.certificate_requests,
    acm.certificate_validation,
    acm_description.certificate_description,
    acm_description.certificate_list,
    ec2.dry_run,
    ec2.default_vpc,
    ec2.vpc_in_use,
    ec2.security_group_in_use,
    ec2.launch_template_tags,
    ec2.launch_template_versions,
    ec2.vpc_block_public_access,
    autoscaling.group_creation,
    autoscaling.instances_from_launch_template,
    autoscaling.instance_versions,
    instance_refresh.instance_refreshes,
    ecs.cluster_creation,
    ecs.update_cluster_settings,
    ecs.untagged_resources,
    elbv2.load_balancer_provisioning,
    elbv2.load_balancer_creation,
    elbv2.listener_creation,
    elbv2_certificates.listener_certificates,
    elbv2_rules.action_description,
    elbv2_rules.rule_conditions,
    elbv2_rules.rule_limits,
    elbv2_target_groups.target_group_creation,
    elbv2_target_groups.target_group_attributes,
    elbv2_target_groups.target_group_users,
    elbv2_target_groups.tag_descriptions,
    ecr.repository_names,
    route53.hosted_zones,
    route53.zones_by_name,
    route53.record_order,
    route53_records.record_changes,
    route53.changes_in_time,
    cloudfront.distribution_config,
    cloudfront.distribution_identity,
    cloudfront.distribution_deployment,
    cloudfront.distribution_validation,
    cloudfront.distribution_changes,
    cloudfront.distribution_list,
    cloudfront.resource_tags,
    cloudfront_policies.cache_policies,
    ssm.describe_instance_information,
)


def apply() -> None:
    """Mends moto, in this process and before the server is up."""
    for mend in MENDS:
        mend()
