import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { showWhere } from '../../src/plain/where.ts';
import { written } from '../support/written.ts';

test('on a narrow terminal an address stays beside its label, and no long name is broken', () => {
  const shown = written((page) => {
    showWhere(page, {
      ...{ command: 'deploy', account: '123456789012', region: 'us-east-2', sandbox: false },
      caller: 'arn:aws:iam::123456789012:user/jane',
      endpoint: 'http://127.0.0.1:45805',
    });
    page.wrapped('App       permits, in the cluster digitalApps', { hanging: 10 });
    page.wrapped('deploying  12 s  puts permits:20261123145805 into service', { hanging: 20 });
  }, 40);
  expect(stripVTControlCharacters(shown).split('\n')).toEqual([
    'digital-apps deploy',
    'Account   123456789012, as user/jane',
    'Region    us-east-2',
    'Endpoint  http://127.0.0.1:45805 (not',
    '    AWS)',
    'App       permits, in the cluster',
    '    digitalApps',
    'deploying  12 s  puts',
    '    permits:20261123145805 into service',
    '',
  ]);
});
