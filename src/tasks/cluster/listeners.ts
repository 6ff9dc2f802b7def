import {
  type Action,
  CreateListenerCommand,
  DescribeListenersCommand,
  type Listener,
  ModifyListenerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Live } from '../resource.ts';
import { type Tags, tagList } from '../tags.ts';
import { looserBy, TLS_POLICY } from './lib/tls-policies.ts';
import { findLoadBalancer, loadBalancer } from './load-balancer.ts';
import { type Env, type Place, resource, resourceWhen } from './scope.ts';

interface LiveListener extends Live {
  /** What is answered where no rule sends the host to an app. */
  otherwise: string;
}

interface HttpsListener extends LiveListener {
  certificate?: string;
  tlsPolicy?: string;
}

const section = 'EC2 > Load Balancer';
const docs =
  'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html';

/** Does what the guide's temporary target group did: an answer before there are apps. */
const UNAVAILABLE: Action[] = [
  {
    Type: 'fixed-response',
    FixedResponseConfig: {
      StatusCode: '503',
      ContentType: 'text/plain',
      MessageBody: 'Service Unavailable',
    },
  },
];
const OTHERWISE = 'fixed-response 503';

export const httpListener = resource<LiveListener, { loadBalancer: typeof loadBalancer }>({
  name: 'HTTP listener',
  section,
  why: 'Takes requests on port 80; until an app has a rule here, all are answered 503.',
  docs,
  needs: { loadBalancer },
  async read(place) {
    const listener = await findListener(place, 80);
    return listener && liveListener(listener);
  },
  wanted: () => ({ otherwise: OTHERWISE }),
  async create({ aws, tags }, { loadBalancer }) {
    const { Listeners } = await aws.elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: loadBalancer.arn,
        Protocol: 'HTTP',
        Port: 80,
        DefaultActions: UNAVAILABLE,
        Tags: tagList(tags),
      }),
    );
    return liveListener(Listeners![0]!);
  },
  set: { otherwise: ({ env, live }) => modify(env, live, { DefaultActions: UNAVAILABLE }) },
});

export const httpsListener = resourceWhen<HttpsListener, { loadBalancer: typeof loadBalancer }>(
  ({ answers }) => answers.certificate !== 'none',
  {
    name: 'HTTPS listener',
    section,
    why: 'Takes requests on port 443 with your certificate, in today’s TLS alone.',
    docs,
    needs: { loadBalancer },
    async read(place) {
      const listener = await findListener(place, 443);
      return (
        listener && {
          ...liveListener(listener),
          certificate: listener.Certificates?.[0]?.CertificateArn,
          tlsPolicy: listener.SslPolicy,
        }
      );
    },
    wanted: ({ answers }, _needs, live) => ({
      otherwise: OTHERWISE,
      certificate: answers.certificate,
      // Who has chosen a stricter one, or one that is newer than this, is not taken back.
      tlsPolicy: live?.tlsPolicy && !looserBy(live.tlsPolicy) ? live.tlsPolicy : TLS_POLICY,
    }),
    create: (env, { loadBalancer }) =>
      createHttpsListener(env, loadBalancer.arn, env.answers.certificate, env.tags),
    set: {
      otherwise: ({ env, live }) => modify(env, live, { DefaultActions: UNAVAILABLE }),
      certificate: ({ env, live, to }) =>
        modify(env, live, { Certificates: [{ CertificateArn: to }] }),
      tlsPolicy: ({ env, live, to }) => modify(env, live, { SslPolicy: to }),
    },
  },
);

/** Listens on port 443 with that certificate. */
export async function createHttpsListener(
  { aws }: Place,
  LoadBalancerArn: string,
  certificate: string,
  tags: Tags,
): Promise<HttpsListener> {
  const { Listeners } = await aws.elb.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      Protocol: 'HTTPS',
      Port: 443,
      SslPolicy: TLS_POLICY,
      Certificates: [{ CertificateArn: certificate }],
      DefaultActions: UNAVAILABLE,
      Tags: tagList(tags),
    }),
  );
  return { ...liveListener(Listeners![0]!), certificate, tlsPolicy: TLS_POLICY };
}

async function findListener(place: Place, port: number): Promise<Listener | undefined> {
  const balancer = await findLoadBalancer(place);
  const listeners = balancer ? await listenersOf(place, balancer.LoadBalancerArn!) : [];
  return listeners.find(({ Port }) => Port === port);
}

export async function listenersOf({ aws }: Place, LoadBalancerArn: string): Promise<Listener[]> {
  const { Listeners } = await aws.elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  return Listeners ?? [];
}

function liveListener({ ListenerArn, DefaultActions }: Listener): LiveListener {
  const action = DefaultActions?.[0];
  const status = action?.FixedResponseConfig?.StatusCode;
  return { id: ListenerArn!, otherwise: [action?.Type, status].filter(Boolean).join(' ') };
}

async function modify({ aws }: Env, { id }: LiveListener, fields: object): Promise<void> {
  await aws.elb.send(new ModifyListenerCommand({ ListenerArn: id, ...fields }));
}
