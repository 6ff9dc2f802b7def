import type { EnvFile } from '../../env-file/parse.ts';
import type { Template } from '../../scaffold/templates.ts';
import type { Travis } from '../../travis/client.ts';
import type * as cluster from '../cluster/scope.ts';
import type { Running } from '../env.ts';
import { declaring } from '../resource.ts';
import type { AppAnswers } from './answers.ts';
import type { Cluster } from './cluster.ts';
import type { AppNames } from './names.ts';

export interface Place extends cluster.Place {
  names: cluster.Place['names'] & AppNames;
  /** What the app is added to. */
  cluster: Cluster;
  /** The names of all clusters that it could be added to. */
  clusters: string[];
  /** "owner/name" at GitHub. */
  slug: string;
  /** The app's repository on this machine. */
  dir: string;
  /** The file that an access key made here is kept in. */
  keyFile: string;
  /** The branches that git knows there, here and at the remote. */
  branches: string[];
  /** Whether git leaves .env alone there. */
  isEnvIgnored: boolean;
  /** Those of our files there that a person has changed, or that are a person's own. */
  changedFiles: string[];
  /** Whether a token for Travis CI is needed and was not found. */
  asksForToken: boolean;
}

export interface Answered extends Place {
  answers: AppAnswers;
  /** Absent where there is no token. */
  travis?: Travis;
  /** What goes into the app's repository. */
  templates: Template[];
  /** What is to be uploaded, read and checked, where the answers name a file. It holds secrets. */
  envFile?: EnvFile;
  /** Whether a container of the app answers: before that, an alarm would only cry. */
  isServing: boolean;
  /** Whether to wait for what AWS takes its time for. */
  wait: boolean;
}

export interface Env extends Answered, Running {}

/** What an app's resources are given. */
interface AppScope {
  place: Place;
  answered: Answered;
  env: Env;
}

export const { resource, resourceWhen } = declaring<AppScope>();
