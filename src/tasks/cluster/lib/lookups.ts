import {
  type CertificateStatus,
  type CertificateSummary,
  DescribeCertificateCommand,
  type KeyAlgorithm,
  paginateListCertificates,
} from '@aws-sdk/client-acm';
import {
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstanceTypesCommand,
  DescribeKeyPairsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  paginateDescribeInstanceTypeOfferings,
} from '@aws-sdk/client-ec2';
import { GetParametersCommand } from '@aws-sdk/client-ssm';
import { orAbsent } from '../../../aws/absent.ts';
import type { Aws } from '../../../aws/clients.ts';
import { UserError } from '../../../errors.ts';
import { nearest } from '../../../nearest.ts';

/** What AWS offers to choose from. */

export type Architecture = 'x86_64' | 'arm64';

const KEY_TYPES: KeyAlgorithm[] = [
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'EC_prime256v1',
  'EC_secp384r1',
];

const AL2023 = '/aws/service/ecs/optimized-ami/amazon-linux-2023';
const RECOMMENDED: Record<Architecture, string> = {
  x86_64: `${AL2023}/recommended`,
  arm64: `${AL2023}/arm64/recommended`,
};

export interface RecommendedImage {
  id: string;
  name: string;
  agentVersion: string;
}

/** The Region's zones that are in service, Local and Wavelength Zones left out. */
export async function availableZones(aws: Aws): Promise<string[]> {
  const { AvailabilityZones = [] } = await aws.ec2.send(
    new DescribeAvailabilityZonesCommand({
      Filters: [
        { Name: 'state', Values: ['available'] },
        { Name: 'zone-type', Values: ['availability-zone'] },
      ],
    }),
  );
  return AvailabilityZones.map(({ ZoneName }) => ZoneName!).sort();
}

/** Of those, the ones that have instances of that type. */
export async function zonesOffering(aws: Aws, instanceType: string): Promise<string[]> {
  const offerings = paginateDescribeInstanceTypeOfferings(
    { client: aws.ec2 },
    {
      LocationType: 'availability-zone',
      Filters: [{ Name: 'instance-type', Values: [instanceType] }],
    },
  );
  const [available, pages] = await Promise.all([availableZones(aws), Array.fromAsync(offerings)]);
  const offered = new Set(
    pages.flatMap(({ InstanceTypeOfferings = [] }) => InstanceTypeOfferings.map((o) => o.Location)),
  );
  return available.filter((zone) => offered.has(zone));
}

/**
 * The architecture that an instance type needs its image for.
 * @throws UserError when the Region has no such type, naming the nearest.
 */
export async function architectureOf(aws: Aws, instanceType: string): Promise<Architecture> {
  const found = await orAbsent(
    aws.ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: [instanceType as never] })),
    /^InvalidInstanceType/,
  );
  const supported = found?.InstanceTypes?.[0]?.ProcessorInfo?.SupportedArchitectures;
  if (!supported) throw await noSuchType(aws, instanceType);
  return supported.includes('arm64') ? 'arm64' : 'x86_64';
}

async function noSuchType(aws: Aws, instanceType: string): Promise<UserError> {
  const pages = await Array.fromAsync(
    paginateDescribeInstanceTypeOfferings({ client: aws.ec2 }, { LocationType: 'region' }),
  );
  const types = pages.flatMap(({ InstanceTypeOfferings = [] }) =>
    InstanceTypeOfferings.map((offering) => String(offering.InstanceType)),
  );
  const near = nearest(instanceType, types);
  return new UserError(
    `${aws.connection.region} has no instance type ${instanceType}.`,
    near ? `Did you mean ${near}?` : 'See the list: https://aws.amazon.com/ec2/instance-types/',
  );
}

/** AWS's current ECS image on Amazon Linux 2023, for each architecture that the Region has one for. */
export async function recommendedImages(
  aws: Aws,
): Promise<Partial<Record<Architecture, RecommendedImage>>> {
  const names = Object.values(RECOMMENDED).flatMap((parameter) =>
    ['image_id', 'image_name', 'ecs_agent_version'].map((part) => `${parameter}/${part}`),
  );
  const { Parameters = [] } = await aws.ssm.send(new GetParametersCommand({ Names: names }));
  const values = new Map(Parameters.map(({ Name, Value }) => [Name, Value]));
  const imageFor = (architecture: Architecture): RecommendedImage | undefined => {
    const part = (name: string) => values.get(`${RECOMMENDED[architecture]}/${name}`) ?? '';
    const id = part('image_id');
    return id === ''
      ? undefined
      : { id, name: part('image_name'), agentVersion: part('ecs_agent_version') };
  };
  return { x86_64: imageFor('x86_64'), arm64: imageFor('arm64') };
}

/** Whether the Region has that image; one that AWS has deprecated counts too. */
export async function hasImage(aws: Aws, id: string): Promise<boolean> {
  const found = await orAbsent(
    aws.ec2.send(new DescribeImagesCommand({ ImageIds: [id], IncludeDeprecated: true })),
    /^InvalidAMIID/,
  );
  return Boolean(found?.Images?.length);
}

/** The issued certificates of the Region that a load balancer can use. */
export async function issuedCertificates(aws: Aws) {
  const found = await certificatesThatAre(aws, ['ISSUED']);
  return found.map(({ CertificateArn, DomainName, NotAfter }) => ({
    arn: CertificateArn!,
    domain: DomainName ?? '',
    expires: NotAfter,
  }));
}

/** The Region's certificates of those statuses, as far as a load balancer can use their keys. */
export async function certificatesThatAre(
  { acm: client }: Aws,
  statuses: CertificateStatus[],
): Promise<CertificateSummary[]> {
  // Without key types, this lists RSA certificates alone. All statuses, so that it is one question for all.
  const input = { Includes: { keyTypes: KEY_TYPES }, MaxItems: 1000 };
  const pages = await Array.fromAsync(paginateListCertificates({ client }, input));
  return pages
    .flatMap(({ CertificateSummaryList = [] }) => CertificateSummaryList)
    .filter(({ Status }) => statuses.includes(Status!));
}

/** "ISSUED" or whatever else a certificate is; undefined when the Region has none by that ARN. */
export async function certificateStatus(aws: Aws, arn: string): Promise<string | undefined> {
  const found = await orAbsent(
    aws.acm.send(new DescribeCertificateCommand({ CertificateArn: arn })),
    /^ResourceNotFound/,
  );
  return found?.Certificate?.Status;
}

/** The Region's key pairs, by name. */
export async function keyPairNames(aws: Aws): Promise<string[]> {
  const { KeyPairs = [] } = await aws.ec2.send(new DescribeKeyPairsCommand({}));
  return KeyPairs.map(({ KeyName }) => KeyName!).sort();
}

/** The Region's VPCs. */
export async function allVpcs(aws: Aws): Promise<{ id: string; name: string; cidr: string }[]> {
  const { Vpcs = [] } = await aws.ec2.send(new DescribeVpcsCommand({}));
  return Vpcs.map(({ VpcId, Tags, CidrBlock }) => ({
    id: VpcId!,
    name: Tags?.find(({ Key }) => Key === 'Name')?.Value ?? '',
    cidr: CidrBlock ?? '',
  }));
}

/** How many subnets each VPC has, and in how many zones. */
export async function subnetsByVpc(
  aws: Aws,
): Promise<Map<string, { subnets: number; zones: number }>> {
  const { Subnets = [] } = await aws.ec2.send(new DescribeSubnetsCommand({}));
  const byVpc = Map.groupBy(Subnets, ({ VpcId }) => VpcId!);
  return new Map(
    [...byVpc].map(([vpc, subnets]) => [
      vpc,
      { subnets: subnets.length, zones: new Set(subnets.map((s) => s.AvailabilityZone)).size },
    ]),
  );
}
