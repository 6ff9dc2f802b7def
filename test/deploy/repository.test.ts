import { expect, test } from 'vitest';
import { wholeName } from '../../src/deploy/image/repository.ts';
import { UserError } from '../../src/errors.ts';

const registry = '123456789012.dkr.ecr.us-east-2.amazonaws.com';
const own = { registry, repository: 'digital-apps/permits' };
const IMAGE = `${registry}/digital-apps/permits`;
const DIGEST = `sha256:${'0a'.repeat(32)}`;

test.each([
  ['41-0a1b2c3', `${IMAGE}:41-0a1b2c3`],
  ['latest', `${IMAGE}:latest`],
  [DIGEST, `${IMAGE}@${DIGEST}`],
  ['permits:41-0a1b2c3', `${IMAGE}:41-0a1b2c3`],
  ['digital-apps/permits:41-0a1b2c3', `${IMAGE}:41-0a1b2c3`],
  [`permits@${DIGEST}`, `${IMAGE}@${DIGEST}`],
  [`permits:41@${DIGEST}`, `${IMAGE}:41@${DIGEST}`],
  [`${IMAGE}:41-0a1b2c3`, `${IMAGE}:41-0a1b2c3`],
  ['docker.io/library/nginx:1.29', 'docker.io/library/nginx:1.29'],
  ['localhost/permits:1', 'localhost/permits:1'],
  ['registry:5000/permits', 'registry:5000/permits'],
])('the image %s', (given, whole) => {
  expect(wholeName(own, given)).toBe(whole);
});

test.each([
  ['nginx:1.29', 'docker.io/library/nginx:1.29'],
  ['city/permits:41', 'docker.io/city/permits:41'],
  ['its:41', 'docker.io/library/its:41'],
])('the image %s is in no registry yet', (given, hub) => {
  const naming = () => wholeName(own, given);
  expect(naming).toThrow(UserError);
  expect(naming).toThrow(`--image ${given} does not say in which registry that is.`);
  try {
    naming();
  } catch (error) {
    expect((error as UserError).fix).toContain(`--image ${hub}.`);
  }
});
