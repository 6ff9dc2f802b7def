import { type Check, GROUPS } from '../src/checks/check.ts';
import { slugOf } from '../src/checks/select.ts';
import { allChecks } from '../src/commands/doctor/checks.ts';

const HEAD = `<!-- Written by \`npm run docs\` from src/checks. -->

# Checks

All that \`doctor\` looks at. Each check passes, warns (it will hurt later, or is not as recommended), fails (something does not work, or is unsafe, now), or is skipped: it does not apply, or could not be told. Where it warns or fails, it is told by what stands after “Else”.

    npx digital-apps doctor              # the cluster
    npx digital-apps doctor APP          # the app, too; --all for every app
    npx digital-apps doctor --only network,roles.deploy
    npx digital-apps doctor APP --skip machine

\`--only\` and \`--skip\` take ids, their beginnings, and groups (${GROUPS.map(slugOf).join(', ')}). What is marked with *mendable* is put right by \`init-cluster\`, or for an app by \`add-app\`; \`doctor --fix\` shows these plans, and asks. Of an app it leaves out what takes a secret: the access key, the .env, the variables at Travis CI; and, outside of its repository, its files.

Of a large cluster it asks by pages, and says what it left: of instances that are unwell alike (the same symptom, launch template version and subnet) 20 are asked for their logs, the newest; of more than 20 apps it leaves what takes a call each, like the encryption of each .env, keys of users of their own, variables at Travis CI, the number of old task definitions, and images of apps that run well. \`--deep\`, or the app’s name, has all looked at. While you watch, what CloudWatch charges for is asked every five minutes, and so is an instance that stays unwell in the same way.
`;

type AnyCheck = Pick<Check, 'id' | 'title' | 'problem' | 'why' | 'fix' | 'isMendable'>;

/** docs/checks.md, whole. */
export function checksPage(): string {
  const checks = allChecks;
  const groups = GROUPS.map((group) => {
    const own = checks.filter((check) => check.group === group);
    return own.length > 0 ? [`## ${group}`, '', ...own.map(entry)].join('\n') : '';
  });
  return [HEAD, ...groups.filter(Boolean), FOR_PROGRAMS].join('\n');
}

const FOR_PROGRAMS = `## For programs

\`doctor --json\` writes one document to stdout, and all else to stderr. A later version may add fields; where one goes or means something else, \`schema\` is another number.

| field | |
|---|---|
| \`schema\` | 1 |
| \`command\`, \`account\`, \`region\`, \`endpoint\` | What was looked at, and where: \`endpoint\` is an emulator’s, and absent for AWS. |
| \`checks\` | All that were made, in the order of this page, those of each app after the cluster’s. |
| \`causes\` | What does not work and follows from nothing else, the deepest first: \`id\` of the check, \`app\` where it is about one, and \`follows\`: the ids of what follows from it. |
| \`calls\` | To AWS: \`total\`, and those among them that are \`changing\` something. |
| \`seconds\` | For all of it. |

Each of \`checks\`:

| field | |
|---|---|
| \`id\`, \`group\`, \`title\` | As on this page; \`title\` says what holds when all is well. |
| \`problem\` | What holds instead, as on this page; for \`warn\` and \`fail\` alone. |
| \`app\` | Absent where the check is about the cluster. |
| \`status\` | \`pass\`, \`warn\`, \`fail\` or \`skip\`: the worst of its verdicts. |
| \`isUnable\` | \`true\` where it was kept from looking: by a permission that is lacking, or a fault. |
| \`verdicts\` | One for each thing it is about: \`status\`, \`evidence\`, \`fix\` where there is one, and as \`subject\` an instance, a host and the like; \`subjects\` where it is about several of them. |
| \`evidence\`, \`fix\` | Of the verdicts that made it what it is, in one text; \`fix\` for \`warn\` and \`fail\` alone. |
| \`seconds\` | How long it took. |

The exit code is 0 where nothing fails (with \`--strict\`: nor warns), 1 for findings, 2 where nothing could be looked at, 130 when interrupted.
`;

function entry({ id, title, problem, why, fix, isMendable }: AnyCheck): string {
  return `**\`${id}\`** ${title}. ${why}\nElse: ${problem}. Fix${isMendable ? ' (mendable)' : ''}: ${fix}\n`;
}
