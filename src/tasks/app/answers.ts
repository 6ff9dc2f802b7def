/** What can be watched beside the healthy containers. */
export const MONITORED = ['errors', 'memory', 'instances', 'dashboard'] as const;
export type Monitored = (typeof MONITORED)[number];

/** All that `add-app` must know from a person. src/questions/app has the wording and the checks. */
export interface AppAnswers {
  /** "owner/name" at GitHub. */
  repo: string;
  /** The name of the cluster that the app runs in. */
  cluster: string;
  /** What ECS, logs and the config bucket call the app. */
  service: string;
  /** The names that browsers ask for; the first is the app's own. */
  host: string[];
  /** The path that answers 200 when the app is well. */
  'health-check': string;
  /** "request", "none", or the ARN of an issued certificate. */
  certificate: string;
  /** Whether HTTP answers with a redirect to HTTPS. */
  'https-only': boolean;
  /** Whether CloudFront stands before the app's assets. */
  cdn: boolean;
  /** "none", or the address that mail goes to when an alarm goes off. */
  'alarm-email': string;
  /** What is watched beside the healthy containers. */
  monitoring: Monitored[];
  /** How many images are kept. */
  'keep-images': number;
  /** "new", "own-user", "replace-AKIA…", or the id of a key whose secret was kept. */
  'access-key': string;
  /** "none", or the path of the .env file to upload. */
  'env-file': string;
  'deploy-with': 'digital-apps' | 'ecs-cli';
  /** The branch that Travis CI deploys. */
  branch: string;
  /** Of the files that a person changed, those that may be replaced. */
  'replace-files': string[];
  /** Whether .env is added to .gitignore. */
  gitignore: boolean;
  /** "none", or what opens Travis CI's API; a secret. */
  'travis-token': string;
}
