import { DescribeImagesCommand, type Image } from '@aws-sdk/client-ec2';
import { GetParametersCommand } from '@aws-sdk/client-ssm';
import type { Looking } from '../check.ts';

const AL2023 = '/aws/service/ecs/optimized-ami/amazon-linux-2023';
const PARAMETERS = { x86_64: `${AL2023}/recommended`, arm64: `${AL2023}/arm64/recommended` };

/** AWS's current ECS image for one architecture. */
export interface Recommended {
  image: string;
  name: string;
  agentVersion: string;
}

/** By architecture, "x86_64" or "arm64". */
export async function recommendedEcsImages({
  aws,
}: Looking): Promise<Partial<Record<string, Recommended>>> {
  const names = Object.values(PARAMETERS).flatMap((parameter) =>
    ['image_id', 'image_name', 'ecs_agent_version'].map((part) => `${parameter}/${part}`),
  );
  const { Parameters = [] } = await aws.ssm.send(new GetParametersCommand({ Names: names }));
  const values = new Map(Parameters.map(({ Name, Value }) => [Name, Value ?? '']));
  return Object.fromEntries(
    Object.entries(PARAMETERS)
      .map(([architecture, parameter]) => {
        const part = (name: string) => values.get(`${parameter}/${name}`) ?? '';
        return [
          architecture,
          {
            image: part('image_id'),
            name: part('image_name'),
            agentVersion: part('ecs_agent_version'),
          },
        ] as const;
      })
      .filter(([, { image }]) => image !== ''),
  );
}

/** The images of those ids, as far as they are still there. */
export async function imagesOf({ aws }: Looking, ids: string[]): Promise<Map<string, Image>> {
  const { Images = [] } = await aws.ec2.send(
    new DescribeImagesCommand({
      Filters: [{ Name: 'image-id', Values: [...new Set(ids)].sort() }],
      IncludeDeprecated: true,
    }),
  );
  return new Map(Images.map((image) => [image.ImageId!, image]));
}
