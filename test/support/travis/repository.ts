import { randomUUID } from 'node:crypto';

/** A variable as it is stored: the value is what the build script gets behind `export NAME=`. */
export interface Stored {
  id: string;
  name: string;
  value: string;
  public: boolean;
  branch: string | null;
}

export interface Repository {
  /** "owner/name". */
  slug: string;
  /** Whether its builds are switched on. */
  active: boolean;
  /** What the token's owner may do there. */
  access: 'write' | 'read';
  variables: Stored[];
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: string | object;
}

export function create(repository: Repository, params: Partial<Stored>): Answer {
  const { name, value = '', public: shown = false, branch = null } = params;
  if (repository.access === 'read') return denied('create_env_var', 'repository');
  if (!name) return error(422, 'unprocessable_entity', 'Variable name is required');
  if (repository.variables.some((one) => one.name === name && one.branch === branch)) {
    return error(409, 'duplicate_resource', 'resource already exists');
  }
  const variable = { id: randomUUID(), name, value, public: shown, branch };
  repository.variables.push(variable);
  return { status: 201, body: shownVariable(repository, variable) };
}

/** As there, a changed variable becomes the last, and may become one that is there already. */
export function update(repository: Repository, id: string, params: Partial<Stored>): Answer {
  const { variables, access } = repository;
  const there = variables.findIndex((one) => one.id === id);
  if (there < 0) return missing('env_var');
  if (access === 'read') return denied('write', 'env_var');
  const variable = { ...variables[there]!, ...params };
  variables.splice(there, 1);
  variables.push(variable);
  return { status: 200, body: shownVariable(repository, variable) };
}

export function shownRepository({ slug, active, access }: Repository): object {
  return {
    '@type': 'repository',
    '@href': `/repo/${encodeURIComponent(slug)}`,
    '@representation': 'standard',
    '@permissions': { read: true, create_env_var: access === 'write' },
    name: slug.split('/')[1],
    slug,
    active,
  };
}

export function shownAll(repository: Repository): object {
  return {
    '@type': 'env_vars',
    '@href': `/repo/${encodeURIComponent(repository.slug)}/env_vars`,
    '@representation': 'standard',
    env_vars: repository.variables.map((variable) => shownVariable(repository, variable)),
  };
}

/** A private value is never told. */
function shownVariable({ slug, access }: Repository, variable: Stored): object {
  const { value, ...rest } = variable;
  return {
    '@type': 'env_var',
    '@href': `/repo/${encodeURIComponent(slug)}/env_var/${variable.id}`,
    '@representation': 'standard',
    '@permissions': { read: true, write: access === 'write' },
    ...rest,
    ...(variable.public ? { value } : {}),
  };
}

function denied(permission: string, resource: string): Answer {
  const message = `operation requires ${permission} access to ${resource}`;
  return error(403, 'insufficient_access', message, { permission, resource_type: resource });
}

export function missing(resource: string): Answer {
  const message = `${resource} not found (or insufficient access)`;
  return error(404, 'not_found', message, { resource_type: resource });
}

export function error(status: number, type: string, message: string, more: object = {}): Answer {
  return {
    status,
    body: { '@type': 'error', error_type: type, error_message: message, ...more },
  };
}
