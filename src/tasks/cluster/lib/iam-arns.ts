import type * as scope from '../scope.ts';

type Place = Pick<scope.Place, 'partition' | 'account'>;

/** IAM's ARNs follow from names, so that what refers to a role need not wait for it. */
export function roleArn({ partition, account }: Place, name: string): string {
  return `arn:${partition}:iam::${account}:role/${name}`;
}

export function policyArn({ partition, account }: Place, name: string): string {
  return `arn:${partition}:iam::${account}:policy/${name}`;
}

export function instanceProfileArn({ partition, account }: Place, name: string): string {
  return `arn:${partition}:iam::${account}:instance-profile/${name}`;
}

/** One of the policies that AWS itself keeps. */
export function awsPolicyArn({ partition }: Place, path: string): string {
  return `arn:${partition}:iam::aws:policy/${path}`;
}

/** What IAM calls a thing that is not there. */
export const NO_ENTITY = /^NoSuchEntity/;
