import type { DeployReport } from '../commands/deploy/report.ts';

/** What the shape of the document is called; another shape would have another number. */
const SCHEMA = 1;

/** How a deploy ended, for programs. */
export function deployDocument(report: DeployReport): object {
  const { command, account, region, endpoint, target, definition, result, calls } = report;
  const { kind, seconds: _, ...more } = { seconds: 0, ...result };
  return {
    schema: SCHEMA,
    ...{ command, account, region, endpoint },
    ...{ cluster: target.cluster, service: target.service, image: report.image },
    digest: report.digest,
    before: definition.last,
    taskDefinition: report.revision,
    changes: definition.changes,
    unchanged: report.isUnchanged,
    result: kind,
    ...more,
    remarks: report.remarks,
    calls,
    seconds: Math.round(report.seconds * 1000) / 1000,
  };
}
