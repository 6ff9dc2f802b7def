import type { Resources } from '../checks/lookups/room.ts';

/** How a cluster and its apps stand, at one look. */
export interface Status {
  cluster: ClusterStatus;
  /** By name. */
  apps: AppStatus[];
  /** What could not be looked at, and why, a sentence each. */
  unseen: string[];
  calls: { total: number; changing: number };
  seconds: number;
  /** When it was looked at. */
  at: Date;
}

export interface ClusterStatus {
  name: string;
  /** "ACTIVE", as ECS calls it, or "missing"; absent where nobody may look. */
  state?: string;
  /** Absent where nobody may look at them. */
  instances?: {
    /** Those that ECS places tasks on. */
    ready: number;
    registered: number;
    /** What the autoscaling group is to have; absent where it is not known. */
    desired?: number;
  };
  /** Of the ready instances together. */
  capacity?: { free: Resources; total: Resources };
}

export type AppState =
  | 'running'
  | 'deploying'
  | 'degraded'
  | 'rolledBack'
  | 'failed'
  | 'down'
  | 'stopped'
  | 'leaving'
  | 'notDeployed';

export interface AppStatus {
  service: string;
  state: AppState;
  /** By the rules of the load balancer. */
  hosts: string[];
  /** The tag of the image that runs, or where none does of that which should. */
  version?: string;
  /** When the deployment began that holds, or that is under way. */
  deployedAt?: Date;
  tasks?: { running: number; desired: number; pending: number };
  /** As the load balancer finds them; those that are leaving are not counted. */
  targets?: { healthy: number; total: number };
  /** The last deployment, unless it came through. */
  rollout?: Rollout;
  /** The worst of those on its targets and its service; absent where nobody may look. */
  alarm?: 'OK' | 'ALARM' | 'no data' | 'none';
  /** The names of those in ALARM. */
  alarming?: string[];
  /** How many more of its tasks the cluster has room for. */
  room?: number;
  /** What ECS said last of its service, the newest first; for one app alone. */
  events?: { at?: Date; message: string }[];
}

interface Rollout {
  state: 'underWay' | 'failed' | 'rolledBack';
  /** The tag of its image; of one that runs already, its task definition: "permits:8". */
  version?: string;
  /** Of its tasks. */
  running: number;
  desired: number;
  failed: number;
  /** Why it failed, as AWS says it. */
  reason?: string;
}
