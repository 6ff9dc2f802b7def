import { UserError } from '../../errors.ts';
import { parseSlug } from '../../git.ts';
import { nearest } from '../../nearest.ts';
import type { AppAnswers } from '../../tasks/app/answers.ts';
import { serviceNameOf } from '../../tasks/app/names.ts';
import type { Place } from '../../tasks/env.ts';
import { matching, text } from '../parse.ts';
import type { AnyQuestion, Question as Every } from '../question.ts';

/** What is known before it is known which app is meant. */
export interface Beginning extends Place {
  /** "owner/name", as git has it. */
  slug?: string;
  /** The Region's clusters that were made by digital-apps. */
  clusters: string[];
}

type Question<K extends keyof AppAnswers> = Every<AppAnswers, K, Beginning>;

const repo: Question<'repo'> = {
  key: 'repo',
  page: 'Names',
  ask: 'Which repository at GitHub is it?',
  why: 'The app is called by its repository’s name, everywhere.',
  kind: 'text',
  parse: (input) => {
    const { owner, name } = parseSlug(text('repo')(input));
    return `${owner}/${name}`;
  },
  usual: 'the git remote `origin` of the folder',
  default: ({ place }) => place.slug ?? '',
};

const cluster: Question<'cluster'> = {
  key: 'cluster',
  page: 'Names',
  ask: 'Which cluster does it run in?',
  why: 'These are the clusters of this account and Region that digital-apps has made.',
  kind: 'text',
  arises: ({ place }) => place.clusters.length > 1,
  parse: text('cluster'),
  usual: 'the only one there is; of several it has to be given',
  default: () => '',
  choices: async ({ place }) => place.clusters.map((name) => ({ value: name, label: name })),
  async verify(value, { place }) {
    if (place.clusters.includes(value)) return;
    if (value === '') {
      throw new UserError(
        `There are several clusters in ${place.region}: ${place.clusters.join(', ')}.`,
        `Say which one it runs in, like --set cluster=${place.clusters[0]}.`,
      );
    }
    const near = nearest(value, place.clusters);
    throw new UserError(
      `There is no cluster ${value} made by digital-apps in ${place.region}.`,
      near ? `Did you mean ${near}?` : `There is ${place.clusters.join(', ')}.`,
    );
  },
};

const service: Question<'service'> = {
  key: 'service',
  page: 'Names',
  ask: 'What is the app called in the cluster?',
  why: 'By its repository’s name; one that runs beside it from another branch adds something, like -staging.',
  kind: 'text',
  parse(input) {
    const value = matching(
      'service',
      /^[A-Za-z0-9_.-]{1,255}$/,
      'ECS and ECR take letters, digits, hyphens and underscores',
    )(input);
    const fitting = serviceNameOf(value);
    if (fitting === value) return value;
    throw new UserError(
      `service: “${value}” will not do: ECR takes lower-case letters and digits, with single hyphens or underscores between them, 128 at most.`,
      `Take another name, or ${fitting}.`,
    );
  },
  usual: 'the repository’s name, made to fit where it has to be',
  default: ({ answers }) => serviceNameOf(answers.repo!.split('/')[1]!),
};

export const nameQuestions: AnyQuestion[] = [repo, cluster, service];
