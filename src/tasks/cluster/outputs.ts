import { roleArn } from './lib/iam-arns.ts';
import type { Place } from './scope.ts';

/** The guide's global variables: the same for all apps of the cluster, and no secret among them. */
export function clusterOutputs(place: Place): Record<string, string> {
  const { account, region, partition, names } = place;
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    AWS_CLOUDWATCH_LOGS_GROUP: names.logGroup,
    AWS_DEFAULT_REGION: region,
    AWS_ECS_CLUSTER: names.cluster,
    AWS_ECS_REGISTRY: `${account}.dkr.ecr.${region}.${domain}`,
    AWS_ECS_REPOSITORY_NAMESPACE: names.repositoryNamespace,
    AWS_ECS_SERVICE_ROLE_ARN: roleArn(place, names.serviceRole),
    AWS_ECS_TASK_ROLE_ARN: roleArn(place, names.taskRole),
    AWS_S3_CONFIG_BUCKET: names.bucket,
  };
}
