/** What is deployed to: the guide's variables, or what was found in their place. */
export interface Target {
  cluster: string;
  service: string;
  region: string;
  /** 123456789012.dkr.ecr.us-east-2.amazonaws.com */
  registry: string;
  /** NAMESPACE/SERVICE, within the registry. */
  repository: string;
  targetGroupArn: string;
  serviceRoleArn: string;
  taskRoleArn: string;
  logGroup: string;
  configBucket: string;
}
