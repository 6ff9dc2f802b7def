import type { PolicyDocument } from '../../tasks/cluster/policies.ts';
import type { Place } from '../../tasks/cluster/scope.ts';

/** A statement as IAM may give it back: one of anything may stand without its list. */
interface Statement {
  Effect?: string;
  Action?: string | string[];
  Resource?: string | string[];
  Principal?: { Service?: string | string[] };
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** What a policy does not grant of what is wanted, or denies: "s3:GetObject on arn:…". */
export function lackingIn(document: object, { Statement: wanted }: PolicyDocument): string[] {
  const pairs = wanted.flatMap(({ Action, Resource }) =>
    Action.flatMap((action) => Resource.map((resource) => ({ action, resource }))),
  );
  const granted = (effect: string, { action, resource }: { action: string; resource: string }) =>
    statementsOf(document).some(
      (statement) =>
        statement.Effect === effect &&
        (effect === 'Allow' || !statement.Condition) &&
        some(statement.Action, (pattern) => matches(pattern, action, 'i')) &&
        some(statement.Resource, (pattern) => matches(pattern, resource)),
    );
  return pairs
    .filter((pair) => !granted('Allow', pair) || granted('Deny', pair))
    .map(({ action, resource }) => (resource === '*' ? action : `${action} on ${resource}`));
}

/** Whether a role may be taken on by that service, here: "ecs-tasks.amazonaws.com". */
export function trusts(document: object, service: string, place: Place): boolean {
  return statementsOf(document).some(
    ({ Effect, Action, Principal, Condition = {} }) =>
      Effect === 'Allow' &&
      some(Action, (pattern) => matches(pattern, 'sts:AssumeRole', 'i')) &&
      // China's Regions also take the name with their own ending.
      some(Principal?.Service, (named) => named.replace(/\.cn$/, '') === service) &&
      isMet(Condition, place),
  );
}

/** Whether it is our account and Region that a trust's conditions ask for; what else they ask for cannot be told. */
function isMet(conditions: NonNullable<Statement['Condition']>, place: Place): boolean {
  const { account, partition, region } = place;
  const ours: Record<string, string> = {
    'aws:sourceaccount': account,
    'aws:sourcearn': `arn:${partition}:ecs:${region}:${account}:`,
  };
  return Object.entries(conditions)
    .filter(([operator]) => /^(String|Arn)(Equals|Like)/.test(operator))
    .flatMap(([, keys]) => Object.entries(keys))
    .every(([key, patterns]) => {
      const known = ours[key.toLowerCase()];
      return (
        !known || some(patterns, (pattern) => matches(pattern, known) || pattern.startsWith(known))
      );
    });
}

function statementsOf(document: object): Statement[] {
  return [(document as { Statement?: Statement | Statement[] }).Statement ?? []].flat();
}

function some(patterns: string | string[] = [], test: (pattern: string) => boolean): boolean {
  return [patterns].flat().some(test);
}

/** IAM's wildcards; one in the text is a character like any other. */
function matches(pattern: string, text: string, flags = ''): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, flags).test(text);
}
