import { UserError } from '../../errors.ts';
import { autoscalingGroup } from '../../tasks/cluster/autoscaling-group.ts';
import { launchTemplate } from '../../tasks/cluster/launch-template.ts';
import { architectureOf, hasImage } from '../../tasks/cluster/lib/lookups.ts';
import { matching, wholeNumber } from '../parse.ts';
import type { AnyQuestion, Choice } from '../question.ts';
import type { Question } from './question.ts';

const instanceType: Question<'instance-type'> = {
  key: 'instance-type',
  page: 'Instances',
  ask: 'Which instance type?',
  why: 'Its memory is shared by the containers it runs; types with a g after the digit are ARM and need ARM images.',
  kind: 'text',
  parse: matching(
    'instance-type',
    /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/,
    'a type is written like t3.small',
  ),
  usual: 'what stands, else `t3.small`',
  default: ({ standing }) => standing.get(launchTemplate)?.data.instanceType ?? 't3.small',
  choices: async ({ standing }) => withStanding(standing.get(launchTemplate)?.data.instanceType),
  open: true,
  async verify(value, { place }) {
    await architectureOf(place.aws, value);
  },
};

/** The types that fit small apps; the price classes are of one another. */
const USUAL_TYPES: [type: string, cpus: number, memory: number, price: string][] = [
  ['t3.small', 2, 2, 'lowest price, bursts'],
  ['t3.medium', 2, 4, 'low price, bursts'],
  ['t3.large', 2, 8, 'middle price, bursts'],
  ['t3.xlarge', 4, 16, 'high price, bursts'],
  ['t4g.small', 2, 2, 'lowest price, bursts, ARM'],
  ['t4g.medium', 2, 4, 'low price, bursts, ARM'],
  ['t4g.large', 2, 8, 'middle price, bursts, ARM'],
  ['m7i.large', 2, 8, 'middle price, steady'],
  ['m7i.xlarge', 4, 16, 'high price, steady'],
  ['m7g.large', 2, 8, 'middle price, steady, ARM'],
  ['c7i.large', 2, 4, 'middle price, much CPU'],
  ['r7i.large', 2, 16, 'high price, much memory'],
];

function withStanding(stands: string | undefined): Choice<string>[] {
  const usual = USUAL_TYPES.map(([value, cpus, memory, price]) => ({
    value,
    label: `${value.padEnd(11)} ${cpus} vCPU  ${String(memory).padStart(2)} GiB  ${price}`,
  }));
  if (!stands || usual.some(({ value }) => value === stands)) return usual;
  return [{ value: stands, label: `${stands}  as it stands` }, ...usual];
}

const ami: Question<'ami'> = {
  key: 'ami',
  page: 'Instances',
  ask: 'Which image do instances start from?',
  why: 'AWS renews its image for ECS every few weeks; “recommended” is the newest at each run.',
  kind: 'text',
  parse: matching(
    'ami',
    /^(recommended|ami-[0-9a-f]{8,17})$/,
    'say recommended, or an id like ami-0abc…',
  ),
  usual: '`recommended`: AWS’s current ECS image on Amazon Linux 2023',
  default: () => 'recommended',
  async verify(value, { place }) {
    if (value === 'recommended' || (await hasImage(place.aws, value))) return;
    throw new UserError(
      `There is no image ${value} in ${place.region}.`,
      'Leave it at --set ami=recommended.',
    );
  },
};

const diskSize: Question<'disk-size'> = {
  key: 'disk-size',
  page: 'Instances',
  ask: 'How large is each instance’s disk, in GiB?',
  why: 'Images and container layers fill it beside the system; AWS’s image wants 30 at the least.',
  kind: 'number',
  parse: wholeNumber('disk-size', 30, 16_384),
  usual: 'what stands, else `30`',
  default: ({ standing }) => standing.get(launchTemplate)?.data.diskSize ?? 30,
};

const min: Question<'min'> = {
  key: 'min',
  page: 'Instances',
  ask: 'How many instances at the least?',
  why: 'The group never goes below this.',
  kind: 'number',
  parse: wholeNumber('min', 0, 1000),
  usual: 'what stands, else `1`',
  default: ({ standing, answers }) =>
    standing.get(autoscalingGroup)?.size.min ?? Math.min(1, answers.desired ?? 1, answers.max ?? 1),
};

const desired: Question<'desired'> = {
  key: 'desired',
  page: 'Instances',
  ask: 'How many instances to start with?',
  why: 'Two, in different zones, survive the loss of one. Once the group stands, its number is left to you.',
  kind: 'number',
  parse: wholeNumber('desired', 1, 1000),
  usual: 'what stands, else `2`',
  default: ({ standing, answers: { min: least = 1, max: most = 1000 } }) =>
    Math.min(Math.max(standing.get(autoscalingGroup)?.desired ?? 2, least, 1), most),
};

const max: Question<'max'> = {
  key: 'max',
  page: 'Instances',
  ask: 'How many instances at the most?',
  why: 'A bound for what scaling can cost.',
  kind: 'number',
  parse: wholeNumber('max', 1, 1000),
  usual: 'what stands, else `4`, or DESIRED if that is more',
  default: ({ standing, answers: { desired: wanted = 1 } }) =>
    standing.get(autoscalingGroup)?.size.max ?? Math.max(4, wanted),
};

export const instanceQuestions: AnyQuestion[] = [instanceType, ami, diskSize, min, desired, max];
