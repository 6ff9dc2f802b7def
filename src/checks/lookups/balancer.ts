import {
  type Listener,
  type LoadBalancer,
  paginateDescribeListenerCertificates,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type ListenerRule, rulesOf } from '../../tasks/app/lib/listener-rules.ts';
import { listenersOf } from '../../tasks/cluster/listeners.ts';
import { findLoadBalancer } from '../../tasks/cluster/load-balancer.ts';
import type { Place } from '../../tasks/cluster/scope.ts';
import { skip } from '../check.ts';
import { once } from './once.ts';

export const NO_BALANCER = skip('There is no load balancer.');

export interface Balancer {
  found: LoadBalancer;
  arn: string;
  http?: Listener;
  https?: Listener;
}

/** The cluster's load balancer with its two listeners. */
export function balancerOf(place: Place): Promise<Balancer | undefined> {
  return once(place, 'load balancer', () => askBalancer(place));
}

async function askBalancer(place: Place): Promise<Balancer | undefined> {
  const found = await findLoadBalancer(place);
  if (!found) return undefined;
  const arn = found.LoadBalancerArn!;
  const listeners = await listenersOf(place, arn);
  const on = (port: number) => listeners.find(({ Port }) => Port === port);
  return { found, arn, http: on(80), https: on(443) };
}

type Rules = Record<'http' | 'https', ListenerRule[]> & { all: ListenerRule[] };

/** The rules of each listener; [] for one that is not there. */
export function rulesBy(place: Place): Promise<Rules> {
  return once(place, 'rules of the load balancer', () => askRules(place));
}

async function askRules(place: Place): Promise<Rules> {
  const balancer = await balancerOf(place);
  const [http = [], https = []] = await Promise.all(
    [balancer?.http, balancer?.https].map((listener) =>
      listener ? rulesOf(place, listener.ListenerArn!) : [],
    ),
  );
  return { http, https, all: [...http, ...https] };
}

/** The ARNs of the certificates that a listener has, its default one first. */
export async function certificatesAt({ aws }: Place, ListenerArn: string): Promise<string[]> {
  const pages = await Array.fromAsync(
    paginateDescribeListenerCertificates({ client: aws.elb }, { ListenerArn }),
  );
  const found = pages.flatMap(({ Certificates = [] }) => Certificates);
  const sorted = found.sort((a, b) => Number(b.IsDefault ?? false) - Number(a.IsDefault ?? false));
  return [...new Set(sorted.map(({ CertificateArn }) => CertificateArn!))];
}
