import type { LoadBalancer, Service } from '@aws-sdk/client-ecs';
import { primaryOf } from '../../checks/lookups/services.ts';
import type { Target } from '../target.ts';

/** What is to run, and where in it the load balancer's requests go. */
export interface Release {
  taskDefinitionArn: string;
  container: string;
  /** The container's own port. */
  port: number;
  /** Whether its image is another one than the tasks of that very definition run. */
  isMoved?: boolean;
}

/** A deployment of ECS's, begun or found. */
export interface Placed extends Release {
  action: 'created' | 'updated' | 'unchanged';
  /** As ECS calls it: "ecs-svc/4210000000000000001". */
  deploymentId: string;
  /** When it began, by the clock of AWS. */
  since: Date;
  /** What the service has to do without. */
  remarks: string[];
}

/** The load balancer, as a service names it. */
export function behind({ targetGroupArn }: Target, { container, port }: Release): LoadBalancer {
  return { targetGroupArn, containerName: container, containerPort: port };
}

/** The deployment that a service is at. */
export function placed(action: Placed['action'], service: Service, release: Release): Placed {
  const { id, createdAt } = primaryOf(service)!;
  return { ...release, action, deploymentId: id!, since: createdAt ?? new Date(), remarks: [] };
}
