import { Refusal, Unanswered } from './answer.ts';
import { type Access, Api } from './api.ts';
import { inWords, noAccess } from './errors.ts';
import { quote } from './shell.ts';
import {
  find,
  fromWire,
  type OnTheWire,
  type Variable,
  verified,
  type Wanted,
} from './variable.ts';

interface RepositoryOnTheWire {
  active: boolean;
  '@permissions'?: { create_env_var?: boolean };
}

const ATTEMPTS = 4;

/**
 * The environment variables of repositories at Travis CI. A slug is "owner/name". Changing calls
 * are made one at a time and 20 in 30 seconds at the most; further ones wait.
 * All methods throw StepFailed with what to do, and Interrupted.
 */
export class Travis {
  readonly #api: Api;

  constructor(access: Access) {
    this.#api = new Api(access);
  }

  /**
   * Whether the repository's builds are switched on.
   * @throws StepFailed also when its variables may not be set with this token.
   */
  async repository(slug: string): Promise<{ active: boolean }> {
    return this.#about(slug, async () => {
      const repository = (await this.#api.call('GET', path(slug))) as RepositoryOnTheWire;
      if (repository['@permissions']?.create_env_var === false) throw noAccess(slug);
      return { active: repository.active };
    });
  }

  async variables(slug: string): Promise<Variable[]> {
    return this.#about(slug, async () => {
      const answer = await this.#api.call('GET', `${path(slug)}/env_vars`);
      return (answer as { env_vars: OnTheWire[] }).env_vars.map(fromWire);
    });
  }

  /** Sets a variable that was not there. One that came to be meanwhile is changed. */
  async create(slug: string, wanted: Wanted): Promise<Variable> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#write('POST', `${path(slug)}/env_vars`, slug, wanted);
      } catch (error) {
        // Said again at once, what was carried out without an answer would be there twice.
        if (!mayBeThere(error) || attempt === ATTEMPTS) throw inWords(error, slug, wanted.name);
      }
      const there = find(await this.variables(slug), wanted);
      if (there) return this.update(slug, there.id, wanted);
      await this.#api.pause(attempt);
    }
  }

  /** Gives the variable with that id this name, value and visibility; its branch stays. */
  async update(slug: string, id: string, wanted: Wanted): Promise<Variable> {
    const there = `${path(slug)}/env_var/${encodeURIComponent(id)}`;
    return this.#about(slug, () => this.#write('PATCH', there, slug, wanted), wanted.name);
  }

  async #write(method: 'POST' | 'PATCH', path: string, slug: string, wanted: Wanted) {
    const value = quote(wanted.value);
    const body = {
      'env_var.name': wanted.name,
      'env_var.value': value,
      'env_var.public': wanted.public,
      'env_var.branch': method === 'POST' ? wanted.branch : undefined,
    };
    const answer = await this.#api.call(
      method,
      path,
      body,
      wanted.public ? [] : [value, wanted.value],
    );
    return verified(fromWire(answer as OnTheWire), wanted, slug);
  }

  async #about<Result>(slug: string, call: () => Promise<Result>, name?: string): Promise<Result> {
    try {
      return await call();
    } catch (error) {
      throw inWords(error, slug, name);
    }
  }
}

function path(slug: string): string {
  return `/repo/${encodeURIComponent(slug)}`;
}

function mayBeThere(error: unknown): boolean {
  return (
    error instanceof Unanswered || (error instanceof Refusal && error.type === 'duplicate_resource')
  );
}
