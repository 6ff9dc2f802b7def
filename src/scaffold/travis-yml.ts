import { isDeepStrictEqual } from 'node:util';
import { isScalar, isSeq, type Node, stringify } from 'yaml';
import { UserError } from '../errors.ts';
import {
  BEFORE_DEPLOY,
  deployedBranches,
  deploys,
  isSameCommand,
  listOf,
  runsBefore,
  says,
  scopesOf,
  startsDocker,
  type Wanted,
  withWanted,
} from './travis-config.ts';
import { type Parsed, parse, TRAVIS_YML } from './travis-parse.ts';
import {
  appendItem,
  insert,
  linesOf,
  pairOf,
  removeItem,
  sourceOf,
  startWithComments,
} from './yaml-text.ts';

/**
 * A .travis.yml that deploys the branch, made of the app's own: every line that is not concerned
 * stays byte for byte, and so does the whole text when it says all this already.
 * @param template what an app without one gets, filled in for that branch.
 * @throws UserError when it is no YAML, or written so that only a person can put this in.
 */
export function mergeTravisYml(
  existing: string | undefined,
  template: string,
  wanted: Wanted,
): string {
  if (!existing?.trim()) return template;
  if (existing.startsWith(BOM)) return BOM + mergeTravisYml(existing.slice(1), template, wanted);
  const { root, config } = parse(existing);
  if (!root) return insert(existing, existing.length, template);
  if (says(config, wanted)) return existing;
  const merged = edited(existing, template, wanted);
  const outcome = merged && attempt(() => parse(merged).config);
  const meant = withWanted(config, parse(template).config, wanted);
  if (outcome && isDeepStrictEqual(outcome, meant) && says(outcome, wanted)) return merged;
  throw byHand(config, template, wanted);
}

/** The branch that a .travis.yml deploys, of several the first. */
export function deployedBranch(text: string): string | undefined {
  return attempt(() => deployedBranches(parse(text).config))?.[0];
}

/** Whether a deploy has ecs-cli installed first; also where the text is no YAML. */
export function installsEcsCli(text: string): boolean {
  return attempt(() => runsBefore(parse(text).config, BEFORE_DEPLOY)) ?? true;
}

/** Whether Travis CI starts Docker for the builds of that .travis.yml. */
export function hasDocker(text: string): boolean {
  return attempt(() => startsDocker(parse(text).config)) ?? false;
}

/** The branches that a .travis.yml deploys, as far as it names them. */
export function branchesDeployed(text: string): string[] {
  return attempt(() => deployedBranches(parse(text).config)) ?? [];
}

const BOM = '\ufeff';

/** undefined when a part of it did not come out as YAML. */
function edited(existing: string, template: string, wanted: Wanted): string | undefined {
  const { branch, beforeDeploy } = wanted;
  return attempt(() => {
    const text = deploys(parse(existing).config, branch)
      ? existing
      : withDeploy(existing, template);
    if (!beforeDeploy) return withoutLine(text);
    return runsBefore(parse(text).config, beforeDeploy) ? text : withLine(text, beforeDeploy);
  });
}

function withDeploy(text: string, template: string): string {
  const { root, config } = parse(template);
  const ours = pairOf(root, 'deploy')!;
  const theirs = pairOf(parse(text).root, 'deploy');
  if (!theirs) {
    const isAiry = /\n[ \t]*\r?\n/.test(text) && !/\n[ \t]*\r?\n$/.test(text);
    return insert(text, text.length, `${isAiry ? '\n' : ''}${sourceOf(template, ours)}`);
  }
  const entry = isSeq<Node>(ours.value) ? ours.value.items[0]! : ours.value!;
  const inline = stringify(listOf(config.deploy)[0], { collectionStyle: 'flow', lineWidth: 0 });
  return appendItem(text, theirs, { lines: linesOf(template, entry), inline: inline.trim() });
}

function withLine(text: string, line: string): string {
  const { root } = parse(text);
  const before = pairOf(root, 'before_deploy');
  if (before) return appendItem(text, before, { lines: [line], inline: line });
  const deploy = pairOf(root, 'deploy');
  const at = deploy ? startWithComments(text, deploy.key) : text.length;
  return insert(text, at, `before_deploy:\n- ${line}\n`);
}

function withoutLine(text: string): string {
  const { root, config } = parse(text);
  for (const { path } of scopesOf(config)) {
    const pair = pairOf(path.length > 0 ? root?.getIn(path) : root, 'before_deploy');
    const items = isSeq<Node>(pair?.value) ? pair.value.items : [pair?.value];
    const index = items.findIndex(
      (item) => isScalar(item) && isSameCommand(item.value, BEFORE_DEPLOY),
    );
    if (pair && index >= 0) return withoutLine(removeItem(text, pair, index));
  }
  return text;
}

function byHand(config: Parsed['config'], template: string, wanted: Wanted): UserError {
  const { branch, beforeDeploy } = wanted;
  const deploy = pairOf(parse(template).root, 'deploy')!;
  const isTooMuch = !beforeDeploy && runsBefore(config, BEFORE_DEPLOY);
  const todo = [
    ...(isTooMuch ? [`Take ${BEFORE_DEPLOY} out of before_deploy.`] : []),
    ...(beforeDeploy && !runsBefore(config, beforeDeploy)
      ? [`Add ${beforeDeploy} to before_deploy.`]
      : []),
    ...(deploys(config, branch)
      ? []
      : [`Add this entry to deploy:\n${sourceOf(template, deploy)}`]),
  ];
  return new UserError(
    `${TRAVIS_YML} is written in a way that cannot be changed without touching the rest of it.`,
    `Change it yourself, and run this again. ${todo.join('\n')}`.trimEnd(),
  );
}

/** What it answers; undefined where the text is no YAML. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}
