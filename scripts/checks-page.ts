import { type Check, GROUPS } from '../src/checks/check.ts';
import { slugOf } from '../src/checks/select.ts';
import { appChecks, clusterChecks } from '../src/commands/doctor/checks.ts';

const HEAD = `<!-- Written by \`npm run docs\` from src/checks. -->

# Checks

All that \`doctor\` looks at. Each check passes, warns (it will hurt later, or is not as recommended), fails (something does not work, or is unsafe, now), or is skipped: it does not apply, or could not be told.

    npx digital-apps doctor              # the cluster
    npx digital-apps doctor APP          # the app, too; --all for every app
    npx digital-apps doctor --only network,roles.deploy
    npx digital-apps doctor APP --skip machine

\`--only\` and \`--skip\` take ids, their beginnings, and groups (${GROUPS.map(slugOf).join(', ')}). What is marked with *mendable* is put right by \`init-cluster\`, or for an app by \`add-app\`; \`doctor --fix\` shows these plans, and asks. Of an app it leaves out what takes a secret: the access key, the .env, the variables at Travis CI; and, outside of its repository, its files.
`;

type AnyCheck = Pick<Check, 'id' | 'title' | 'why' | 'fix' | 'isMendable'>;

/** docs/checks.md, whole. */
export function checksPage(): string {
  const checks = [...clusterChecks, ...appChecks];
  const groups = GROUPS.map((group) => {
    const own = checks.filter((check) => check.group === group);
    return own.length > 0 ? [`## ${group}`, '', ...own.map(entry)].join('\n') : '';
  });
  return [HEAD, ...groups.filter(Boolean)].join('\n');
}

function entry({ id, title, why, fix, isMendable }: AnyCheck): string {
  return `**\`${id}\`** ${title}. ${why}\nFix${isMendable ? ' (mendable)' : ''}: ${fix}\n`;
}
