import { DEPTH, REPAIR_AND_REPLACE, type Signature } from './signature.ts';

const { session } = DEPTH;

/** The agent's standing connection to ECS. */
export const SESSION: Signature[] = [
  {
    id: 'session.expired',
    pattern:
      /^close 1000 \(normal\): ConnectionExpired|^(?:(?:ACS|TCS) )?(?:websocket )?connection closed for a valid reason/i,
    level: 'agent',
    cause: 'ECS ends each connection after a while, and the agent makes a new one.',
    fix: 'Nothing to do.',
    precedence: session,
    benign: true,
  },
  {
    id: 'session.eof',
    pattern: /^close 1006 \(abnormal closure\): unexpected EOF/,
    level: 'agent',
    cause: 'The agent’s connection breaks again and again: an unsteady way out, or a proxy.',
    fix: 'Look at what lies between the instances and the Internet: NAT, firewall, proxy.',
    precedence: session,
    transient: true,
  },
  {
    id: 'session.idle-channel',
    pattern: /^close 1002 \(protocol error\): Channel long idle/,
    level: 'agent',
    cause: 'A slow proxy lets the agent’s connection go idle.',
    fix: 'Let ecs-a-*.amazonaws.com and ecs-t-*.amazonaws.com bypass the proxy.',
    precedence: session,
    transient: true,
  },
  {
    id: 'session.closed',
    pattern: /^use of closed network connection/,
    level: 'agent',
    cause: 'The agent loses its connection under load, which newer agents do not.',
    fix: REPAIR_AND_REPLACE,
    precedence: session,
    transient: true,
  },
  {
    id: 'session.no-activity',
    pattern: /^ACS Connection hasn't had any activity for too long/i,
    level: 'agent',
    cause: 'The connection looks open, but nothing comes through: something on the way forgets it.',
    fix: 'Look at the idle timeout of what lies between: NAT, firewall, proxy.',
    precedence: session,
    transient: true,
  },
];
