import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Aws } from '../aws/clients.ts';
import { type Check, fail, pass, skip, warn } from './check.ts';

/** In seconds. AWS refuses what was signed five minutes off. */
const NOTICEABLE = 60;
const REFUSED = 300;

export const credentialsChecks: Check[] = [
  {
    id: 'credentials.identity',
    group: 'Credentials',
    title: 'You are somebody that AWS knows, and not the root user',
    problem: 'You work as the account’s root user',
    why: 'The root user may do everything, and nothing can limit it.',
    fix: 'Use a role or a user of your own: aws configure sso.',
    async look({ caller, account }) {
      if (!caller.endsWith(':root')) return pass(`You are ${caller} in the account ${account}.`);
      return warn(
        `You are the root user of the account ${account}.`,
        'Make yourself a user in IAM Identity Center (https://console.aws.amazon.com/singlesignon), then: aws configure sso',
      );
    },
  },
  {
    id: 'credentials.clock',
    group: 'Credentials',
    title: 'This machine’s clock is right',
    problem: 'This machine’s clock is wrong',
    why: 'AWS refuses what is signed five minutes too early or too late.',
    fix: 'Have the system set its clock by the network.',
    async look({ aws }) {
      const seconds = await aheadOfAws(aws);
      if (seconds === undefined) return skip('What answers does not say what time it is.');
      const off = Math.abs(seconds);
      if (off <= NOTICEABLE) return pass(`The clock is within ${off} s of AWS’s.`);
      const evidence = `The clock is ${off} s ${seconds > 0 ? 'ahead of' : 'behind'} AWS’s.`;
      return (off > REFUSED ? fail : warn)(
        evidence,
        SET_CLOCK[process.platform] ?? SET_CLOCK.linux,
      );
    },
  },
];

const SET_CLOCK: NodeJS.Dict<string> = {
  linux: 'sudo timedatectl set-ntp true',
  darwin: 'sudo sntp -sS time.apple.com',
  win32: 'w32tm /resync',
};

/** In seconds; by the Date that AWS's answer carries. */
async function aheadOfAws({ sts }: Aws): Promise<number | undefined> {
  let date: string | undefined;
  const command = new GetCallerIdentityCommand({});
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      date = (result.response as { headers?: Record<string, string> }).headers?.date;
      return result;
    },
    { step: 'deserialize', name: 'date' },
  );
  const begun = Date.now();
  await sts.send(command);
  const middle = (begun + Date.now()) / 2;
  return date === undefined ? undefined : Math.round((middle - Date.parse(date)) / 1000);
}
