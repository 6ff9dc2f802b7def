import { clusterQuestions } from '../questions/cluster/index.ts';
import { mendedBy } from '../questions/gather.ts';
import { clusterOutputs } from '../tasks/cluster/outputs.ts';
import type { Env } from '../tasks/cluster/scope.ts';
import type { Conversation } from './conversation.ts';
import { notesOf } from './init-cluster-notes.ts';
import { type ClusterOptions, proposeCluster } from './propose-cluster.ts';
import { runSetup, type Setup, type SetupOptions } from './setup.ts';
import type { Stop } from './stop.ts';

export interface InitClusterOptions extends SetupOptions, ClusterOptions {}

/**
 * The guide's One-time Setup: answers, plan, review, run, report.
 * @returns the exit code: 0 all as wanted, 1 something failed, 130 interrupted.
 * @throws UserError before anything was touched.
 */
export function initCluster(
  options: InitClusterOptions,
  conversation: Conversation,
  stop: Stop,
): Promise<number> {
  return runSetup(clusterSetup(options), options, conversation, stop);
}

/** What `init-cluster` alone knows. */
export function clusterSetup(options: ClusterOptions): Setup {
  return {
    command: 'init-cluster',
    permissions: PERMISSIONS,
    questions: clusterQuestions,
    // What was derived from a name, or belongs to the cluster of that name, is asked for anew.
    following: (key) =>
      key.endsWith('-prefix') ? ['bucket', 'vpc', 'vpc-cidr', 'zones', 'subnets'] : [],
    // What stands in the way of a name is mended by another name.
    propose: (...known) => mendedBy('cluster-prefix', () => proposeCluster(options, ...known)),
    outputs: ({ env }) => ({
      title: 'Variables for Travis CI, the same for every app, none of them secret:',
      values: clusterOutputs(env as Env),
    }),
    notes: notesOf,
  };
}

/** One of each kind. */
const PERMISSIONS = [
  's3:CreateBucket',
  's3:PutBucketPolicy',
  'logs:CreateLogGroup',
  'ec2:CreateVpc',
  'ec2:CreateSubnet',
  'ec2:CreateSecurityGroup',
  'ec2:CreateLaunchTemplate',
  'ec2:ImportKeyPair',
  'ec2:CreateTags',
  'ec2:RunInstances',
  'iam:CreateRole',
  'iam:AttachRolePolicy',
  'iam:CreatePolicy',
  'iam:CreateUser',
  'iam:CreateInstanceProfile',
  'iam:PassRole',
  'ecs:CreateCluster',
  'autoscaling:CreateAutoScalingGroup',
  'elasticloadbalancing:CreateLoadBalancer',
  'elasticloadbalancing:CreateListener',
];
