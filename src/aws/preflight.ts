import {
  type EvaluationResult,
  GetRoleCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import type { Aws } from './clients.ts';
import { explain } from './errors.ts';
import type { Identity } from './identity.ts';

/** What a look beforehand says about permissions. */
export interface Preflight {
  /** IAM actions that seem to be denied. Advisory: AWS's own simulation knows no SCPs and no session policies. */
  denied: string[];
  /** Why nothing could be found out. */
  unknown?: string;
}

/** Asks AWS whether the caller may do that; never rejects, for the answer is advice. */
export async function preflight(
  { aws, identity }: { aws: Aws; identity: Identity },
  ActionNames: string[],
): Promise<Preflight> {
  // The root user may do everything, and AWS simulates it not.
  if (identity.caller.endsWith(':root')) return { denied: [] };
  try {
    const PolicySourceArn = await principalOf(aws, identity.caller);
    const { EvaluationResults = [] } = await aws.iam.send(
      new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames }),
    );
    return {
      denied: EvaluationResults.filter(isDenied).map(({ EvalActionName }) => EvalActionName!),
    };
  } catch (error) {
    return { denied: [], unknown: explain(error).answer };
  }
}

function isDenied({ EvalDecision }: EvaluationResult): boolean {
  return EvalDecision !== 'allowed';
}

/** A role's session is not a principal to AWS's simulation; its role is. */
async function principalOf(aws: Aws, caller: string): Promise<string> {
  const RoleName = /:assumed-role\/([^/]+)\//.exec(caller)?.[1];
  if (!RoleName) return caller;
  const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName }));
  return Role!.Arn!;
}
