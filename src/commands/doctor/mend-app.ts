import { UserError } from '../../errors.ts';
import { appQuestions } from '../../questions/app/index.ts';
import { appResources } from '../../tasks/app/index.ts';
import { targetGroup, UNKNOWN } from '../../tasks/app/target-group.ts';
import type { Section } from '../../tasks/sections.ts';
import type { Conversation, Proposal } from '../conversation.ts';
import { proposeApp } from '../propose-app.ts';
import type { Session } from '../session.ts';
import { runSetupIn, type Setup } from '../setup.ts';
import type { Stop } from '../stop.ts';

/** What takes a secret, or a file, that only add-app is given. */
const LEFT_OUT: Section[] = ['IAM > Users > Access Key', 'S3 > Config Bucket', 'Travis'];

/** An app, and its repository where one is in it. */
export interface AppAtHand {
  service: string;
  dir?: string;
  slug?: string;
}

/**
 * Puts what an app has in AWS right as `add-app` would, with the answers that follow from what
 * stands; in its repository its files, too. The plan is reviewed and agreed to first.
 * @returns its exit code: 130 where the person left it.
 * @throws UserError where what stands does not tell what is wanted.
 */
export async function mendApp(
  session: Session,
  cluster: string,
  { service, dir, slug = UNKNOWN }: AppAtHand,
  conversation: Conversation,
  stop: Stop,
): Promise<number> {
  session.aws.reads.forget();
  const resources = appResources.filter(
    ({ section }) => !LEFT_OUT.includes(section) && (dir || section !== 'App Repository'),
  );
  const given = {
    ...{ repo: slug, cluster, service, 'access-key': 'new', 'env-file': 'none' },
    ...{ 'replace-files': [], 'travis-token': 'none' },
    // Only its repository tells these, and only its files follow from them.
    ...(dir ? {} : { 'deploy-with': 'digital-apps', branch: 'develop' }),
  };
  const setup: Setup = {
    command: 'add-app',
    permissions: [],
    questions: appQuestions,
    following: () => [],
    outputs: () => ({ title: '', values: {} }),
    notes: async () => [],
    async propose(...known) {
      const options = { dir, resources, adopt: false, wait: false };
      const proposal = await proposeApp(options, ...known);
      refuseToGuess(proposal, service);
      // Every answer was taken from what stands: there is none to give otherwise.
      return { ...proposal, answered: [], inShort: [`App        ${service}, as it stands`] };
    },
  };
  const quiet = { ...conversation, ask: undefined };
  return runSetupIn(session, setup, given, { dryRun: false }, quiet, stop);
}

/** What was answered is read from it: another made by guesses could do what was declined. */
function refuseToGuess({ plan }: Proposal, service: string): void {
  if (plan.steps.find(({ resource }) => resource === targetGroup)?.action !== 'create') return;
  throw new UserError(
    `The target group of ${service} is gone, and with it what was answered.`,
    `Say it again, in the app’s repository: digital-apps add-app --set service=${service}.`,
  );
}
