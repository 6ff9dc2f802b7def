import { resolve } from 'node:path';
import { readEnvFile } from '../../env-file/read.ts';
import { UserError } from '../../errors.ts';
import { deployedBranch, installsEcsCli } from '../../scaffold/travis-yml.ts';
import { installEcsCli, travisYml } from '../../tasks/app/files.ts';
import { imageRepository, KEEP_IMAGES } from '../../tasks/app/image-repository.ts';
import { serviceNameOf } from '../../tasks/app/names.ts';
import { isToken } from '../../travis/token.ts';
import { list, matching, text, wholeNumber, yesOrNo } from '../parse.ts';
import type { AnyQuestion } from '../question.ts';
import { accessKey } from './access-key.ts';
import type { Question } from './question.ts';

const keepImages: Question<'keep-images'> = {
  key: 'keep-images',
  page: 'Delivery',
  ask: 'How many of its container images are kept?',
  why: 'Older ones are deleted by the registry itself; keep enough to go back to.',
  kind: 'number',
  parse: wholeNumber('keep-images', 1, 100_000),
  usual: `what stands, else \`${KEEP_IMAGES}\``,
  default: ({ standing }) => standing.get(imageRepository)?.keepImages ?? KEEP_IMAGES,
};

const envFile: Question<'env-file'> = {
  key: 'env-file',
  page: 'Configuration',
  ask: 'Which .env file is uploaded for production?',
  why: 'It goes to the config bucket, encrypted, and the app reads it at start; its values are never shown. With none, what is there stays.',
  kind: 'text',
  parse(input) {
    const value = text('env-file')(input);
    return value === 'none' ? value : resolve(value);
  },
  usual: '`none`: what is there stays',
  default: () => 'none',
  async verify(value) {
    if (value !== 'none') await readEnvFile(value);
  },
};

const gitignore: Question<'gitignore'> = {
  key: 'gitignore',
  page: 'Configuration',
  ask: 'Add .env to .gitignore?',
  why: 'So that no secret is committed by mistake.',
  kind: 'yes-no',
  arises: ({ place }) => !place.isEnvIgnored,
  parse: yesOrNo('gitignore'),
  usual: '`yes`',
  default: () => true,
};

const deployWith: Question<'deploy-with'> = {
  key: 'deploy-with',
  page: 'Repository',
  ask: 'What does the deploy script work with?',
  why: 'digital-apps itself, or the guide’s ecs-cli, which AWS has archived.',
  kind: 'text',
  parse: matching('deploy-with', /^(digital-apps|ecs-cli)$/, 'say digital-apps or ecs-cli') as (
    input: unknown,
  ) => 'digital-apps' | 'ecs-cli',
  usual: 'what stands, else `digital-apps`',
  default({ standing }) {
    const travis = standing.get(travisYml);
    // The installer stays behind in an app that deploys with digital-apps since.
    const isUsed = standing.get(installEcsCli) && (!travis || installsEcsCli(travis.text));
    return isUsed ? 'ecs-cli' : 'digital-apps';
  },
  choices: async () => [
    { value: 'digital-apps', label: 'digital-apps' },
    { value: 'ecs-cli', label: 'ecs-cli, as the guide has it' },
  ],
};

const branch: Question<'branch'> = {
  key: 'branch',
  page: 'Repository',
  ask: 'Which branch is deployed?',
  why: 'Travis CI deploys every build of it that passes.',
  kind: 'text',
  parse: matching(
    'branch',
    /^(?![-/.])(?!.*(\.\.|\/\/|@\{))[^\s~^:?*[\]\\\p{Cc}]{1,200}(?<![/.])$/u,
    'that is no name of a branch',
  ),
  usual:
    'what `.travis.yml` says, else `develop`, or `main` where git knows no `develop`; for NAME-staging, beside the app that is called NAME as its repository, `staging`',
  default: ({ place, standing }) => {
    const beside = `${serviceNameOf(place.slug.split('/')[1]!)}-`;
    const { service } = place.names;
    // The first one’s branch would deploy both.
    if (service.startsWith(beside)) return service.slice(beside.length);
    const deployed = deployedBranch(standing.get(travisYml)?.text ?? '');
    if (deployed) return deployed;
    const { branches } = place;
    const isUsual = branches.length === 0 || branches.includes('develop');
    return isUsual
      ? 'develop'
      : (['main', 'master'].find((name) => branches.includes(name)) ?? 'develop');
  },
};

const replaceFiles: Question<'replace-files'> = {
  key: 'replace-files',
  page: 'Repository',
  ask: 'Which of these files may be replaced?',
  why: 'They are there already and are not ours, or were changed since. The plan shows each difference.',
  kind: 'list',
  arises: ({ place }) => place.changedFiles.length > 0,
  parse: (input) => (input === 'none' ? [] : list('replace-files')(input)),
  usual: '`none`',
  default: () => [],
  choices: async ({ place }) => place.changedFiles.map((path) => ({ value: path, label: path })),
  async verify(paths, { place }) {
    const stray = paths.find((path) => !place.changedFiles.includes(path));
    if (!stray) return;
    throw new UserError(
      `replace-files: ${stray} is not among the files that were changed.`,
      place.changedFiles.length > 0 ? `These are: ${place.changedFiles.join(', ')}.` : undefined,
    );
  },
};

const travisToken: Question<'travis-token'> = {
  key: 'travis-token',
  page: 'Travis',
  ask: 'What is your token for Travis CI?',
  why: 'With it the variables are set there now; without, they are printed. Find it at app.travis-ci.com/account/preferences. It is not kept.',
  kind: 'secret',
  arises: ({ place }) => place.asksForToken,
  parse(input) {
    const value = typeof input === 'string' && input.trim() ? input.trim() : 'none';
    if (isToken(value)) return value;
    throw new UserError('travis-token: that is no token.');
  },
  usual: '`TRAVIS_TOKEN`, else the one of the Travis CLI, else none: the variables are printed',
  default: () => 'none',
};

export const deliveryQuestions: AnyQuestion[] = [
  keepImages,
  accessKey,
  envFile,
  gitignore,
  deployWith,
  branch,
  replaceFiles,
  travisToken,
];
