const APP_SECTIONS = [
  'Certificate Manager',
  'Route 53',
  'CloudFront',
  'EC2 > Target Group',
  'EC2 > Load Balancers',
  'ECS > Repository',
  'IAM > Users > Access Key',
  'S3 > Config Bucket',
  'App Repository',
  'Travis',
  'CloudWatch > Alarm',
] as const;

/** The guide's headings, in its order: what a person sees as the steps of a run. */
export const SECTIONS = [
  'S3 > Bucket',
  'CloudWatch > Log Group',
  'VPC > Virtual Private Cloud (VPC)',
  'VPC > VPN',
  'VPC > Security Groups',
  'IAM > Roles',
  'IAM > Users',
  'IAM > Policies',
  'ECS > Cluster',
  'EC2 > Key Pair',
  'EC2 > Launch Template',
  'EC2 > Autoscaling Group',
  'EC2 > Load Balancer',
  'Verification',
  ...APP_SECTIONS,
] as const;

export type Section = (typeof SECTIONS)[number];

/** Where something is looked at in the AWS console; undefined for what is not AWS's. */
export function consoleUrl(
  { section, console: own }: { section: Section; console?: string },
  region: string,
): string | undefined {
  const page = own ?? CONSOLE[section];
  return page && `https://${region}.console.aws.amazon.com/${page}`;
}

const CONSOLE: Partial<Record<Section, string>> = {
  'S3 > Bucket': 's3/buckets',
  'CloudWatch > Log Group': 'cloudwatch/home#logsV2:log-groups',
  'VPC > Virtual Private Cloud (VPC)': 'vpcconsole/home#vpcs:',
  'VPC > VPN': 'vpcconsole/home#VpnConnections:',
  'VPC > Security Groups': 'vpcconsole/home#SecurityGroups:',
  'IAM > Roles': 'iam/home#/roles',
  'IAM > Users': 'iam/home#/users',
  'IAM > Policies': 'iam/home#/policies',
  'ECS > Cluster': 'ecs/v2/clusters',
  'EC2 > Key Pair': 'ec2/home#KeyPairs:',
  'EC2 > Launch Template': 'ec2/home#LaunchTemplates:',
  'EC2 > Autoscaling Group': 'ec2/home#AutoScalingGroups:',
  'EC2 > Load Balancer': 'ec2/home#LoadBalancers:',
  Verification: 'ecs/v2/clusters',
  'Certificate Manager': 'acm/home#/certificates/list',
  'Route 53': 'route53/v2/hostedzones',
  CloudFront: 'cloudfront/v4/home#/distributions',
  'EC2 > Target Group': 'ec2/home#TargetGroups:',
  'EC2 > Load Balancers': 'ec2/home#LoadBalancers:',
  'ECS > Repository': 'ecr/private-registry/repositories',
  'IAM > Users > Access Key': 'iam/home#/users',
  'S3 > Config Bucket': 's3/buckets',
  'CloudWatch > Alarm': 'cloudwatch/home#alarmsV2:',
};
