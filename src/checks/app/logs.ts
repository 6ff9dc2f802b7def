import type { LogConfiguration } from '@aws-sdk/client-ecs';
import { type AppLooking, type Check, pass, skip, type Verdict, warn } from '../check.ts';
import { isStreamThere, streamsOf } from '../lookups/log-streams.ts';
import {
  isWorthACall,
  NOT_DEPLOYED,
  NOT_WORTH_A_CALL,
  runningTasksOf,
  serviceOf,
  taskDefinitionOf,
} from '../lookups/services.ts';

/** Until a stream is surely there. In milliseconds. */
const SETTLED = 5 * 60_000;
/** Of an app with many containers, so many are looked at, as each takes a call. */
const SAMPLE = 3;

const fix =
  'Compare logging in deploy/docker-compose.yml with AWS_CLOUDWATCH_LOGS_GROUP, and deploy again.';

export const logCheck: Check<AppLooking> = {
  id: 'app.logs',
  ...{ group: 'App', title: 'The app’s logs arrive' },
  problem: 'Logs of the app do not arrive',
  why: 'Without them nobody can tell what the app is doing.',
  fix: 'The task definition should log to the cluster’s log group by awslogs.',
  look: lookAtLogs,
};

/** An app that has nothing to say prints nothing: what counts is that each container has a stream. */
async function lookAtLogs(looking: AppLooking): Promise<Verdict> {
  const service = await serviceOf(looking);
  if (!service) return NOT_DEPLOYED;
  if (!(await isWorthACall(looking))) return NOT_WORTH_A_CALL;
  const before = Date.now() - SETTLED;
  const tasks = (await runningTasksOf(looking)).filter(
    ({ startedAt, taskDefinitionArn }) =>
      startedAt && startedAt.getTime() < before && taskDefinitionArn === service.taskDefinition,
  );
  if (tasks.length === 0) return skip('No container of its has run for five minutes yet.');
  const definition = await taskDefinitionOf(looking, service);
  if (!definition) return skip('Its task definition is gone.');
  const streams = tasks
    .flatMap(({ taskArn = '' }) =>
      streamsOf(definition, taskArn.split('/').at(-1)!, looking.region),
    )
    .slice(0, SAMPLE);
  const [first] = streams;
  if (!first) return notHere(looking, definition.containerDefinitions ?? []);
  const found = await Promise.all(streams.map((stream) => isStreamThere(looking, stream)));
  const missing = streams.find((_stream, index) => found[index] === false);
  if (missing) {
    const since = 'though its container has run for more than five minutes';
    return warn(`There is no stream ${missing.name} in ${missing.group}, ${since}.`, fix);
  }
  if (found.includes(undefined)) return skip(`There is no log group ${first.group}.`);
  return pass(`Its containers have their streams in ${first.group}, such as ${first.name}.`);
}

/** None logs to CloudWatch here, or under a name that is known. */
function notHere(
  { region, app }: AppLooking,
  containers: { logConfiguration?: LogConfiguration }[],
): Verdict {
  const drivers = containers.map(({ logConfiguration }) => logConfiguration?.logDriver);
  if (drivers.includes('awslogs')) {
    return skip(`Its containers log outside of ${region}, or to streams without a prefix.`);
  }
  const by = drivers.find(Boolean) ?? 'Docker itself';
  return warn(`The containers of ${app.service} do not log to CloudWatch, but by ${by}.`, fix);
}
