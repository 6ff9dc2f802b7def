export interface Explained {
  cause: string;
  fix: string;
}

const KNOWN: [RegExp, Explained][] = [
  [
    /unable to place a task.+(insufficient|closest matching).+memory/i,
    {
      cause: 'No instance has enough memory left.',
      fix: 'Add an instance, or give the container less memory (mem_limit in deploy/docker-compose.yml).',
    },
  ],
  [
    /unable to place a task/i,
    {
      cause: 'No instance can take the task.',
      fix: 'Look at the instances: how many are there, and what they have left.',
    },
  ],
  [
    /failed ELB health checks/i,
    {
      cause: 'The app does not answer the load balancer’s health check.',
      fix: 'Look at the app’s logs, and whether it answers on the health check’s path.',
    },
  ],
  [
    /CannotPullContainer/i,
    {
      cause: 'The instance could not get the image.',
      fix: 'Look whether the image is in the registry, and deploy again.',
    },
  ],
  [
    /OutOfMemory/i,
    {
      cause: 'The container took more memory than it may.',
      fix: 'Raise mem_limit in deploy/docker-compose.yml and deploy again.',
    },
  ],
];

/** What AWS's words mean; undefined where they are not known. */
export function explainReason(text: string): Explained | undefined {
  return KNOWN.find(([pattern]) => pattern.test(text))?.[1];
}
