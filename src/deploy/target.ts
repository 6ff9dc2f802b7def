/** Where an app goes: what the guide's environment variables say of its cluster and of itself. */
export interface Target {
  cluster: string;
  service: string;
  region: string;
  /** 123456789012.dkr.ecr.us-east-2.amazonaws.com */
  registry: string;
  /** Within the registry: "digital-apps/permits". */
  repository: string;
  targetGroupArn: string;
  serviceRoleArn: string;
  taskRoleArn: string;
  logGroup: string;
  configBucket: string;
}

type Variables = Record<string, string | undefined>;

/** The variables of the guide that say where an app goes, as Travis CI has them. */
export const TARGET_VARIABLES = [
  'AWS_CLOUDWATCH_LOGS_GROUP',
  'AWS_DEFAULT_REGION',
  'AWS_EC2_TARGET_GROUP_ARN',
  'AWS_ECS_CLUSTER',
  'AWS_ECS_REGISTRY',
  'AWS_ECS_REPOSITORY_NAMESPACE',
  'AWS_ECS_SERVICE_NAME',
  'AWS_ECS_SERVICE_ROLE_ARN',
  'AWS_ECS_TASK_ROLE_ARN',
  'AWS_S3_CONFIG_BUCKET',
] as const;

export type TargetVariables = Record<(typeof TARGET_VARIABLES)[number], string>;

/** Of the guide's variables those that are set. */
export function variablesIn(env: Variables): Partial<TargetVariables> {
  return Object.fromEntries(
    TARGET_VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  );
}

export function targetOf(variables: TargetVariables): Target {
  const service = variables.AWS_ECS_SERVICE_NAME;
  return {
    cluster: variables.AWS_ECS_CLUSTER,
    service,
    region: variables.AWS_DEFAULT_REGION,
    registry: variables.AWS_ECS_REGISTRY,
    repository: `${variables.AWS_ECS_REPOSITORY_NAMESPACE}/${service}`,
    targetGroupArn: variables.AWS_EC2_TARGET_GROUP_ARN,
    serviceRoleArn: variables.AWS_ECS_SERVICE_ROLE_ARN,
    taskRoleArn: variables.AWS_ECS_TASK_ROLE_ARN,
    logGroup: variables.AWS_CLOUDWATCH_LOGS_GROUP,
    configBucket: variables.AWS_S3_CONFIG_BUCKET,
  };
}
