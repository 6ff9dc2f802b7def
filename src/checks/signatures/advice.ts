/**
 * What a signature advises, for one instance: what stands for it and for its VPC becomes their ids.
 * The Region follows wherever one is named, which the AWS CLI takes in any place.
 */
export function adviceFor(
  fix: string,
  { region }: { region: string },
  { instance = 'INSTANCE_ID', vpc = 'VPC_ID' }: { instance?: string; vpc?: string },
): string {
  return fix
    .replaceAll('INSTANCE_ID', `${instance} --region ${region}`)
    .replaceAll('VPC_ID', `${vpc} --region ${region}`);
}
