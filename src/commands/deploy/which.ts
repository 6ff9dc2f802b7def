import { appsOf, isRepositoryOf } from '../../checks/app/apps.ts';
import type { App, Looking } from '../../checks/check.ts';
import {
  TARGET_VARIABLES,
  type Target,
  type TargetVariables,
  targetOf,
  variablesIn,
} from '../../deploy/target.ts';
import { UserError } from '../../errors.ts';
import { askWhich } from '../../questions/alone.ts';
import { appQuestion } from '../../questions/deploy.ts';
import type { Ask } from '../../questions/gather.ts';
import { clusterOutputs } from '../../tasks/cluster/outputs.ts';
import { appsHere, slugHere } from '../apps-here.ts';
import { orUnable, placeOf, whichApps, whichCluster } from '../cluster-place.ts';
import type { Session } from '../session.ts';

export interface Which {
  /** The app's service, where it was named. */
  service?: string;
  cluster?: string;
  /** The app's repository. */
  dir: string;
  ask?: Ask;
  signal: AbortSignal;
}

/**
 * Where the app goes: as the environment says, and where it does not say all, as AWS knows it.
 * A build has all of it in variables, and needs no permission to look around.
 * @throws UserError where it cannot be told.
 */
export async function whichTarget(
  session: Session,
  which: Which,
): Promise<{ target: Target; variables: TargetVariables }> {
  const given = givenVariables(session, which);
  const missing = TARGET_VARIABLES.filter((name) => !given[name]);
  const found = missing.length > 0 ? await look(session, which, given, missing) : {};
  const variables = { ...found, ...given, AWS_DEFAULT_REGION: session.region } as TargetVariables;
  return { target: targetOf(variables), variables };
}

/** What the environment says of another app or cluster than the one that was named is not taken. */
function givenVariables({ where, region }: Session, which: Which): Partial<TargetVariables> {
  // The sandbox is not where a build's variables lead.
  if (where.sandbox) return {};
  const given = { ...variablesIn(process.env), AWS_DEFAULT_REGION: region };
  const isOther = (named: string | undefined, variable: string | undefined) =>
    named !== undefined && named !== variable;
  const { AWS_ECS_SERVICE_NAME: service, AWS_ECS_CLUSTER: cluster } = given;
  return isOther(which.service, service) || isOther(which.cluster, cluster) ? {} : given;
}

async function look(
  session: Session,
  which: Which,
  given: Partial<TargetVariables>,
  missing: string[],
): Promise<TargetVariables> {
  try {
    const { aws } = session;
    aws.reads.remember();
    const named = which.cluster ?? given.AWS_ECS_CLUSTER;
    const cluster = await whichCluster(session, named, which.ask);
    const looking: Looking = {
      ...(await placeOf(session, cluster)),
      deep: false,
      signal: which.signal,
    };
    const apps = await orUnable(() => appsOf(looking));
    const service = which.service ?? given.AWS_ECS_SERVICE_NAME;
    const app = service ? whichApps(apps, service, cluster)[0]! : await appOf(which, apps);
    await refuseOther(app, which.dir);
    if (!app.targetGroupArn) {
      throw new UserError(
        `The app ${app.service} has no target group.`,
        'Put it right first, in its repository: digital-apps add-app.',
      );
    }
    return {
      ...(clusterOutputs(looking) as Omit<TargetVariables, 'AWS_ECS_SERVICE_NAME'>),
      AWS_ECS_SERVICE_NAME: app.service,
      AWS_EC2_TARGET_GROUP_ARN: app.targetGroupArn,
    };
  } catch (error) {
    // On a laptop none is set, and nobody expects any.
    const isLaptop = Object.keys(given).every((name) => name === 'AWS_DEFAULT_REGION');
    if (!(error instanceof UserError) || isLaptop) throw error;
    throw new UserError(
      `These environment variables are not set: ${missing.join(', ')}. ${error.message}`,
      error.fix,
    );
  } finally {
    session.aws.reads.forget();
  }
}

/** @throws UserError where the folder is of another repository than the app was added from. */
async function refuseOther(app: App, dir: string): Promise<void> {
  const slug = await slugHere(dir);
  if (!slug || !app.repository || isRepositoryOf(slug, app)) return;
  throw new UserError(
    `${app.service} is deployed from ${app.repository}, and ${dir} is ${slug}.`,
    'Name the folder of that repository: --dir PATH. If it is called otherwise now, say so first: digital-apps add-app.',
  );
}

/** The app whose repository this is; the one that is picked where it cannot be told. */
async function appOf({ dir, ask }: Which, apps: App[]): Promise<App> {
  const here = await appsHere(apps, dir);
  if (here.length === 1) return here[0]!;
  const some = here.length > 0 ? here : apps;
  const names = some.map(({ service }) => service);
  if (names.length === 0) {
    throw new UserError(
      'The cluster has no app yet.',
      'Add this one, in its repository: digital-apps add-app.',
    );
  }
  if (ask) {
    const picked = await askWhich(ask, appQuestion, names);
    return some.find(({ service }) => service === picked)!;
  }
  throw new UserError(
    here.length > 1
      ? `Several apps are deployed from this repository: ${names.join(', ')}.`
      : `No app was added from the repository in ${dir}. The cluster has ${names.join(', ')}.`,
    `Name the one that is meant, like digital-apps deploy ${names[0]}, or add this one: digital-apps add-app.`,
  );
}
