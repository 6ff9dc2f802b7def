import {
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  ModifyListenerCommand,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { found } from '../found.ts';
import type { Alteration } from './alteration.ts';

export const balancing: Alteration[] = [
  {
    what: 'invalid headers let through',
    alter: async (aws) =>
      aws.elb.send(
        new ModifyLoadBalancerAttributesCommand({
          LoadBalancerArn: await found.loadBalancer(aws),
          Attributes: [{ Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'false' }],
        }),
      ),
    outcomes: { 'Load balancer': 'change' },
  },
  {
    what: 'the listener’s default answer changed',
    alter: async (aws) =>
      aws.elb.send(
        new ModifyListenerCommand({
          ListenerArn: await found.listener(aws),
          DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
        }),
      ),
    outcomes: { 'HTTP listener': 'change' },
  },
  {
    what: 'listener deleted',
    alter: async (aws) =>
      aws.elb.send(new DeleteListenerCommand({ ListenerArn: await found.listener(aws) })),
    outcomes: { 'HTTP listener': 'create' },
  },
  {
    what: 'load balancer deleted',
    alter: async (aws) =>
      aws.elb.send(
        new DeleteLoadBalancerCommand({ LoadBalancerArn: await found.loadBalancer(aws) }),
      ),
    outcomes: { 'Load balancer': 'create', 'HTTP listener': 'create' },
  },
];
