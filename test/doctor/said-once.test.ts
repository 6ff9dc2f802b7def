import { describe, expect, test } from 'vitest';
import { fail, warn } from '../../src/checks/check.ts';
import { changesSince, type Diagnosis, diagnosisOf } from '../../src/checks/diagnosis.ts';
import type { Finding } from '../../src/checks/examine.ts';
import { clusterChecks } from '../../src/commands/doctor/checks.ts';
import { autoscalingGroup } from '../../src/tasks/cluster/autoscaling-group.ts';
import { clusterResources } from '../../src/tasks/cluster/index.ts';
import { keyPair } from '../../src/tasks/cluster/key-pair.ts';
import { launchTemplate } from '../../src/tasks/cluster/launch-template.ts';
import { routeTable } from '../../src/tasks/cluster/route-table.ts';
import type { AnyResource } from '../../src/tasks/resource.ts';
import { CHECKS, check, finding } from './fakes.ts';

const route = { ...CHECKS.route, judges: [[routeTable]] satisfies [AnyResource][] };
const drift = check('cluster.drift', 'Cluster', 'The cluster is as init-cluster made it');
const about = { calls: { total: 1, changing: 0 }, seconds: 1 };

const NO_ROUTE = finding(route, 'fail', [['no route']]);
const ROUTE = finding(route, 'pass', [['a route']]);
const NO_DRIFT = finding(drift, 'pass', [['as made']]);

function drifted(...parts: [resource: AnyResource, field: string][]): Finding {
  const verdicts = parts.map(([resource, field]) => ({
    ...(field === 'id' ? fail : warn)(`${resource.name} ${field}`),
    part: { resource, field },
  }));
  const status = parts.some(([, field]) => field === 'id') ? 'fail' : 'warn';
  return { check: drift, status, verdicts, seconds: 1 };
}

const diagnose = (...findings: Finding[]) => diagnosisOf(findings, about);
const idsOf = (causes: Diagnosis['causes']) => causes.map(({ finding: { check } }) => check.id);
const evidence = (findings: Finding[]) =>
  findings.flatMap(({ verdicts }) => verdicts).map((verdict) => verdict.evidence);

describe('drift', () => {
  test('is not told of what another check has found wrong', () => {
    const changed = drifted([routeTable, 'wayOut']);
    const { causes, warnings, findings } = diagnose(changed, NO_ROUTE);
    expect(idsOf(causes)).toEqual(['network.route']);
    expect(causes[0]?.follows).toEqual([]);
    expect(warnings).toEqual([]);
    expect(findings).toContain(changed);
  });

  test('is told of what that check finds well, or does not look at', () => {
    const wayOut = drifted([routeTable, 'wayOut']);
    expect(diagnose(wayOut, ROUTE).warnings).toEqual([wayOut]);
    expect(diagnose(wayOut).warnings).toEqual([wayOut]);
    const grace = drifted([autoscalingGroup, 'gracePeriod']);
    expect(diagnose(grace, NO_ROUTE).warnings).toEqual([grace]);
  });

  test('is told without what another has said, and is as bad as the rest of it', () => {
    const both = drifted([routeTable, 'id'], [autoscalingGroup, 'gracePeriod']);
    const { causes, warnings } = diagnose(both, NO_ROUTE);
    expect(idsOf(causes)).toEqual(['network.route']);
    expect(evidence(warnings)).toEqual(['Autoscaling group gracePeriod']);
  });

  test('is a cause of its own, whatever else is wrong', () => {
    const { causes } = diagnose(drifted([routeTable, 'id'], [keyPair, 'id']), NO_ROUTE);
    expect(idsOf(causes).sort()).toEqual(['cluster.drift', 'network.route']);
    expect(causes.flatMap(({ finding }) => evidence([finding]))).not.toContain('Route table id');
  });

  test('is told field by field: a path is told with the field it leads into', () => {
    const imds = { ...CHECKS.joined, judges: [[launchTemplate, 'data.metadataTokens']] as never };
    const found = finding(imds, 'warn', [['IMDSv1']]);
    const left = (field: string) => {
      const { warnings } = diagnose(drifted([launchTemplate, field]), found);
      return warnings.filter(({ check }) => check === drift).length;
    };
    expect(['data.metadataTokens', 'data.metadataTokens.more', 'data'].map(left)).toEqual([
      0, 0, 1,
    ]);
    expect(left('data.metadataTokensToo')).toBe(1);
  });
});

test('who watches is not told of drift that another check has told of, nor twice of the rest', () => {
  const changes = (before: Diagnosis, now: Diagnosis) =>
    changesSince(before, now).map(({ check }) => check.id);
  const well = diagnose(ROUTE, NO_DRIFT);
  const broken = diagnose(NO_ROUTE, drifted([routeTable, 'wayOut']));
  expect(changes(well, broken)).toEqual(['network.route']);
  expect(changes(broken, broken)).toEqual([]);
  const more = diagnose(NO_ROUTE, drifted([routeTable, 'wayOut'], [keyPair, 'id']));
  expect(changes(broken, more)).toEqual(['cluster.drift']);
  expect(changes(more, more)).toEqual([]);
  const drift = diagnose(ROUTE, drifted([routeTable, 'wayOut']));
  expect(changes(broken, drift)).toEqual(['network.route', 'cluster.drift']);
});

test('what checks judge are parts of the cluster, and fields that can differ', () => {
  const wrong = clusterChecks.flatMap(({ id, judges = [] }) =>
    judges.flatMap(([resource, ...fields]) => {
      const known = ['id', ...Object.keys(resource.set)];
      const strange = fields.filter((field) => !known.includes(field.split('.')[0]!));
      if (!clusterResources.includes(resource)) strange.unshift('no part of the cluster');
      return strange.map((what) => `${id}: ${resource.name} ${what}`);
    }),
  );
  expect(wrong).toEqual([]);
});
