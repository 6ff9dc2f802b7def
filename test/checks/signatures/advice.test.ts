import { expect, test } from 'vitest';
import type { Looking } from '../../../src/checks/check.ts';
import { adviceFor } from '../../../src/checks/signatures/advice.ts';
import { SIGNATURES } from '../../../src/checks/signatures/index.ts';
import { namesOf, USUAL_PREFIXES } from '../../../src/tasks/cluster/names.ts';

const looking = {
  region: 'us-west-2',
  names: namesOf(USUAL_PREFIXES),
  aws: { connection: { profile: 'city' } },
} as Looking;
const of = { instance: 'i-0abc', vpc: 'vpc-0abc', service: 'parks' };

/** Each line for the AWS CLI, to the end of its advice or of its sentence. */
const LINE = /\baws [a-z\d]+ [a-z].*?(?=\baws [a-z]|$)/g;

test('each line for the AWS CLI says in which Region, and for whom', () => {
  const lines = SIGNATURES.flatMap(({ fix }) => adviceFor(fix, looking, of).match(LINE) ?? []);
  expect(lines.length).toBeGreaterThan(20);
  for (const line of lines) {
    expect(line.split(' --region us-west-2 --profile city')).toHaveLength(2);
    expect(line).not.toMatch(/(?:INSTANCE|VPC)_ID|(?:CLUSTER|SERVICE)_NAME/);
  }
});

test('what is advised has the names of what it is for, or of what is to be put there', () => {
  const fix = 'aws ec2 terminate-instances --instance-ids INSTANCE_ID; sudo systemctl restart ecs';
  const here = '--region us-west-2 --profile city';
  expect(adviceFor(fix, looking, of)).toBe(
    `aws ec2 terminate-instances ${here} --instance-ids i-0abc; sudo systemctl restart ecs`,
  );
  expect(adviceFor(fix, looking, {})).toContain('--instance-ids INSTANCE_ID;');
});
