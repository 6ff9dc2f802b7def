import type { Looking } from '../check.ts';

/**
 * What a signature advises, for one instance: what stands for it, for its VPC, for the cluster and
 * for the app's service becomes their names.
 * The Region follows wherever one is named, which the AWS CLI takes in any place.
 */
export function adviceFor(
  fix: string,
  { region, names }: Looking,
  {
    instance = 'INSTANCE_ID',
    vpc = 'VPC_ID',
    service = 'SERVICE_NAME',
  }: { instance?: string; vpc?: string; service?: string },
): string {
  return fix
    .replaceAll('INSTANCE_ID', `${instance} --region ${region}`)
    .replaceAll('VPC_ID', `${vpc} --region ${region}`)
    .replaceAll('CLUSTER_NAME', names.cluster)
    .replaceAll('SERVICE_NAME', `${service} --region ${region}`);
}
