import { GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import type { Looking } from '../check.ts';

/** Of a quota: from here on there is little time left to ask AWS for more. */
export const NEARLY = 0.8;

/**
 * What of something the account may have in the Region; undefined where AWS does not say.
 * The codes are AWS's: `aws service-quotas list-service-quotas --service-code vpc`.
 */
export async function quotaOf(
  { aws }: Pick<Looking, 'aws'>,
  ServiceCode: string,
  QuotaCode: string,
): Promise<number | undefined> {
  const { Quota } = await aws.quotas.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }));
  return Quota?.Value;
}

/** Where one asks for more: the quota's own page, where its code is known. */
export function quotaPage(
  { region }: Pick<Looking, 'region'>,
  service: string,
  code?: string,
): string {
  const page = `https://${region}.console.aws.amazon.com/servicequotas/home/services/${service}/quotas`;
  return code ? `${page}/${code}` : page;
}
