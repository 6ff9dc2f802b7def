import { DescribeImagesCommand, type Image } from '@aws-sdk/client-ec2';
import type { Looking } from '../check.ts';

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
