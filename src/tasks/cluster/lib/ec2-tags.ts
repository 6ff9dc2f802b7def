import {
  CreateTagsCommand,
  type Filter,
  type ResourceType,
  type TagSpecification,
} from '@aws-sdk/client-ec2';
import type { Live } from '../../resource.ts';
import { CLUSTER_TAG, type Tags, tagList } from '../../tags.ts';
import type { Env } from '../scope.ts';

/** For the create call itself, so that a crash leaves nothing unfindable. */
export function ec2Tags(env: Env, type: ResourceType, name: string): TagSpecification[] {
  return [{ ResourceType: type, Tags: tagList({ ...env.tags, Name: name }) }];
}

/** The filter for what carries the cluster's tag; one Region is all that EC2 ever shows. */
export function taggedOurs(tags: Tags): Filter[] {
  return [{ Name: `tag:${CLUSTER_TAG}`, Values: [tags[CLUSTER_TAG]!] }];
}

export async function tagEc2({ aws, tags }: Env, live: Live): Promise<void> {
  await aws.ec2.send(new CreateTagsCommand({ Resources: [live.id], Tags: tagList(tags) }));
}
