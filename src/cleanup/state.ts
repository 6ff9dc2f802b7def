import type { App, Looking } from '../checks/check.ts';
import { activeRevisions, definitionOf } from '../checks/lookups/revisions.ts';
import { Definitions } from './definitions.ts';
import { Histories } from './history.ts';
import { needsIn, type Repository, readRepository } from './repository.ts';
import { isOfCluster, type Running } from './running.ts';

/** A family of task definitions. */
export interface Family {
  name: string;
  /** The numbers of its active revisions. */
  active: number[];
}

/** What an app has that grows with each deploy. */
export interface AppState {
  app: string;
  family?: Family;
  repository?: Repository;
  /** What is left alone and why, a sentence each. */
  left: string[];
}

/** What is there is read once; who needs it, again and again. */
export interface State {
  apps: AppState[];
  definitions: Definitions;
  histories: Histories;
}

export async function readState(looking: Looking, apps: App[], running: Running): Promise<State> {
  const definitions = new Definitions(looking.aws);
  const states = apps.map((app) => readApp(looking, app, running, definitions));
  return { apps: await Promise.all(states), definitions, histories: new Histories(looking.aws) };
}

async function readApp(
  looking: Looking,
  app: App,
  running: Running,
  definitions: Definitions,
): Promise<AppState> {
  const service = running.services.find(
    (each) => each.serviceName === app.names.service && isOfCluster(each, looking),
  );
  const name = service?.taskDefinition
    ? definitionOf(service.taskDefinition).family
    : app.names.service;
  const [active, repository] = await Promise.all([
    activeRevisions(looking, name),
    readRepository(looking, app),
  ]);
  const left = typeof repository === 'string' ? [repository] : [];
  const state = {
    app: app.service,
    left,
    ...(left.length === 0 && { repository: repository as Repository }),
  };
  if (active.length === 0) return state;
  const family = { name, active };
  if (service) return { ...state, family };
  // Without a service, only what it runs tells whose a family is.
  const images = await definitions.imagesOf([`${name}:${Math.max(...active)}`]);
  if (needsIn(app.names.repository, images).length > 0) return { ...state, family };
  const why = `The task definitions ${name} are not the app’s: no service of it runs them, and they name none of its images. They are left alone.`;
  return { ...state, left: [...left, why] };
}
