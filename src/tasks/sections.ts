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
] as const;

export type Section = (typeof SECTIONS)[number];
