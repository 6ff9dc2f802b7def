import {
  DescribeCertificateCommand,
  type KeyAlgorithm,
  ListCertificatesCommand,
} from '@aws-sdk/client-acm';
import {
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeKeyPairsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { GetParametersCommand } from '@aws-sdk/client-ssm';
import type { Aws } from '../../aws/clients.ts';
import { UserError } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import { type Network, readNetwork } from './network.ts';

const KEY_TYPES: KeyAlgorithm[] = [
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'EC_prime256v1',
  'EC_secp384r1',
];

export type Architecture = 'x86_64' | 'arm64';

const IMAGE = '/aws/service/ecs/optimized-ami/amazon-linux-2023';
const IMAGE_PARAMETERS: Record<Architecture, string> = {
  x86_64: `${IMAGE}/recommended/image_id`,
  arm64: `${IMAGE}/arm64/recommended/image_id`,
};

/** What AWS offers to choose from. Each question is put to AWS once a run, however many ask. */
export class Lookups {
  private readonly answers = new Map<string, Promise<unknown>>();
  private readonly aws: Aws;

  constructor(aws: Aws) {
    this.aws = aws;
  }

  private once<T>(question: string, ask: () => Promise<T>): Promise<T> {
    const known = this.answers.get(question) as Promise<T> | undefined;
    const answer = known ?? ask();
    this.answers.set(question, answer);
    return answer;
  }

  /** The Region's zones that have instances of that type, in order. */
  zonesOffering(instanceType: string): Promise<string[]> {
    return this.once(`zones ${instanceType}`, async () => {
      const [available, offering] = await Promise.all([
        this.zones(),
        this.aws.ec2.send(
          new DescribeInstanceTypeOfferingsCommand({
            LocationType: 'availability-zone',
            Filters: [{ Name: 'instance-type', Values: [instanceType] }],
          }),
        ),
      ]);
      const offered = new Set(offering.InstanceTypeOfferings?.map(({ Location }) => Location));
      return available.filter((zone) => offered.has(zone));
    });
  }

  /** The Region's zones that are in service, Local and Wavelength Zones left out. */
  zones(): Promise<string[]> {
    return this.once('zones', async () => {
      const { AvailabilityZones = [] } = await this.aws.ec2.send(
        new DescribeAvailabilityZonesCommand({
          Filters: [
            { Name: 'state', Values: ['available'] },
            { Name: 'zone-type', Values: ['availability-zone'] },
          ],
        }),
      );
      return AvailabilityZones.map(({ ZoneName }) => ZoneName!).sort();
    });
  }

  /**
   * The architecture that an instance type needs its image for.
   * @throws UserError when the Region has no such type, naming the nearest.
   */
  architecture(instanceType: string): Promise<Architecture> {
    return this.once(`type ${instanceType}`, async () => {
      const { InstanceTypes = [] } = await this.aws.ec2
        .send(new DescribeInstanceTypesCommand({ InstanceTypes: [instanceType as never] }))
        .catch((error: Error) => {
          if (error.name.startsWith('InvalidInstanceType')) return { InstanceTypes: [] };
          throw error;
        });
      const supported = InstanceTypes[0]?.ProcessorInfo?.SupportedArchitectures;
      if (!supported) throw await this.noSuchType(instanceType);
      return supported.includes('arm64') ? 'arm64' : 'x86_64';
    });
  }

  private async noSuchType(instanceType: string): Promise<UserError> {
    const types = await this.instanceTypes();
    const near = nearest(instanceType, types);
    return new UserError(
      `${this.aws.connection.region} has no instance type ${instanceType}.`,
      near
        ? `Did you mean --set instance-type=${near}?`
        : 'See the list: https://aws.amazon.com/ec2/instance-types/',
    );
  }

  /** Every instance type the Region has, by name. */
  instanceTypes(): Promise<string[]> {
    return this.once('types', async () => {
      const types: string[] = [];
      let NextToken: string | undefined;
      do {
        const page = await this.aws.ec2.send(
          new DescribeInstanceTypeOfferingsCommand({
            LocationType: 'region',
            MaxResults: 1000,
            NextToken,
          }),
        );
        types.push(
          ...(page.InstanceTypeOfferings ?? []).map(({ InstanceType }) => String(InstanceType)),
        );
        NextToken = page.NextToken;
      } while (NextToken);
      return types.sort();
    });
  }

  /** AWS's current ECS image on Amazon Linux 2023, for each architecture. */
  recommendedImages(): Promise<Record<Architecture, string>> {
    return this.once('images', async () => {
      const { Parameters = [] } = await this.aws.ssm.send(
        new GetParametersCommand({ Names: Object.values(IMAGE_PARAMETERS) }),
      );
      const imageIn = (name: string) => Parameters.find(({ Name }) => Name === name)?.Value ?? '';
      return {
        x86_64: imageIn(IMAGE_PARAMETERS.x86_64),
        arm64: imageIn(IMAGE_PARAMETERS.arm64),
      };
    });
  }

  /** The issued certificates of the Region that a load balancer can use. */
  certificates(): Promise<{ arn: string; domain: string; expires?: Date }[]> {
    return this.once('certificates', async () => {
      const { CertificateSummaryList = [] } = await this.aws.acm.send(
        new ListCertificatesCommand({
          CertificateStatuses: ['ISSUED'],
          // Left out, this lists RSA certificates alone.
          Includes: { keyTypes: KEY_TYPES },
          MaxItems: 1000,
        }),
      );
      return CertificateSummaryList.map(({ CertificateArn, DomainName, NotAfter }) => ({
        arn: CertificateArn!,
        domain: DomainName ?? '',
        expires: NotAfter,
      }));
    });
  }

  /** "ISSUED" or whatever else a certificate is; undefined when the Region has none by that ARN. */
  certificateStatus(arn: string): Promise<string | undefined> {
    return this.once(`certificate ${arn}`, async () => {
      const { Certificate } = await this.aws.acm
        .send(new DescribeCertificateCommand({ CertificateArn: arn }))
        .catch((error: Error) => {
          if (error.name === 'ResourceNotFoundException') return { Certificate: undefined };
          throw error;
        });
      return Certificate?.Status;
    });
  }

  keyPairs(): Promise<string[]> {
    return this.once('key pairs', async () => {
      const { KeyPairs = [] } = await this.aws.ec2.send(new DescribeKeyPairsCommand({}));
      return KeyPairs.map(({ KeyName }) => KeyName!).sort();
    });
  }

  vpcs(): Promise<{ id: string; name: string; cidr: string }[]> {
    return this.once('vpcs', async () => {
      const { Vpcs = [] } = await this.aws.ec2.send(new DescribeVpcsCommand({}));
      return Vpcs.map(({ VpcId, Tags, CidrBlock }) => ({
        id: VpcId!,
        name: Tags?.find(({ Key }) => Key === 'Name')?.Value ?? '',
        cidr: CidrBlock ?? '',
      }));
    });
  }

  /** An existing VPC with what decides whether a cluster can live in it. */
  network(vpcId: string): Promise<Network> {
    return this.once(`network ${vpcId}`, () => readNetwork(this.aws, vpcId));
  }
}
