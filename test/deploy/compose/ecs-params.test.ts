import { describe, expect, test } from 'vitest';
import { checkEcsParams } from '../../../src/deploy/compose/ecs-params.ts';

const HEAD = 'version: 1\ntask_definition:\n  ecs_network_mode: bridge\n';

function refusal(text: string): string {
  try {
    checkEcsParams(text, 'ecs-params.yml');
  } catch (error) {
    const { message, fix } = error as Error & { fix?: string };
    return `${message} ${fix}`;
  }
  return '';
}

describe('an ecs-params.yml', () => {
  test('that says nothing more than is so here anyway is left where it is', () => {
    expect(refusal(`${HEAD}  services:\n    web:\n      essential: true\n`)).toBe('');
  });

  test.each([
    [
      'services:\n    web:\n      mem_limit: 512m',
      6,
      'task_definition.services.web.mem_limit',
      'Write mem_limit',
    ],
    [
      'services: {web: {init_process_enabled: true}}',
      4,
      'task_definition.services.web.init_process_enabled',
      'init: true',
    ],
    ['services: {web: {essential: false}}', 4, 'task_definition.services.web.essential', 'true'],
    ['services: {web: {secrets: []}}', 4, 'task_definition.services.web.secrets', '--env-file'],
    ['task_role_arn: arn:aws:iam::1:role/own', 4, 'task_definition.task_role_arn', 'that role'],
    ['docker_volumes: []', 4, 'task_definition.docker_volumes', 'under volumes'],
    ['task_sise: {}', 4, 'task_definition.task_sise', 'Did you mean task_size?'],
  ])('%s is said with its line, and where it belongs', (lines, line, key, instead) => {
    const said = refusal(`${HEAD}  ${lines}\n`);
    expect(said).toContain(`ecs-params.yml:${line}: ${key}: `);
    expect(said).toContain(instead);
  });

  test('with what is for running a task alone', () => {
    expect(refusal('run_params: {network_configuration: {}}')).toContain('Fargate');
  });
});
