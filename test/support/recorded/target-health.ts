import type { Faults } from '../faults.ts';

interface Health {
  state: string;
  reason?: string;
  description?: string;
  /** The instance; one that is not there where none is named. */
  id?: string;
}

/** What DescribeTargetHealth says of targets that a load balancer really checks. */
export function recordTargetHealth(faults: Faults, targets: Health[]): void {
  const members = targets.map(
    ({ state, reason, description, id }, index) =>
      `<member><HealthCheckPort>${32768 + index}</HealthCheckPort>` +
      `<Target><Id>${id ?? `i-0123456789abcdef${index}`}</Id><Port>${32768 + index}</Port></Target>` +
      `<TargetHealth><State>${state}</State>${tag('Reason', reason)}${tag('Description', description)}</TargetHealth></member>`,
  );
  const xml =
    '<DescribeTargetHealthResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/">' +
    `<DescribeTargetHealthResult><TargetHealthDescriptions>${members.join('')}</TargetHealthDescriptions></DescribeTargetHealthResult>` +
    '<ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ResponseMetadata></DescribeTargetHealthResponse>';
  faults.inject({
    operation: 'elasticloadbalancing.DescribeTargetHealth',
    times: Number.POSITIVE_INFINITY,
    rewrite: () => xml,
  });
}

function tag(name: string, text: string | undefined): string {
  return text === undefined ? '' : `<${name}>${text}</${name}>`;
}
