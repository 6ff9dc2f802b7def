import { DeletePublicAccessBlockCommand } from '@aws-sdk/client-s3';
import type { Broken } from '../clinic.ts';
import { deployKilled } from './crash.ts';
import { healthy, type Recording } from './recorded.ts';
import { withTemplate } from './template.ts';

/** Two things that go wrong at once, and have nothing to do with each other. */
export interface Coincidence {
  what: string;
  /** The checks that are to name one of them each. */
  causes: string[];
  happen(clinic: Broken): Promise<unknown>;
  recorded?: Recording[];
}

export const two: Coincidence[] = [
  {
    what: 'a config bucket open to the public, and an app that is killed again and again',
    causes: ['app.stopped-tasks', 'cluster.bucket'],
    async happen(clinic) {
      const bucket = { Bucket: 'cob-digital-apps-config' };
      await clinic.aws.s3.send(new DeletePublicAccessBlockCommand(bucket));
      await deployKilled(clinic);
    },
  },
  {
    what: 'user data of new instances that names another cluster, and an app that is killed again and again',
    causes: ['app.stopped-tasks', 'template.cluster-name'],
    async happen(clinic) {
      const text = '#!/bin/bash\necho ECS_CLUSTER=digitalApp >> /etc/ecs/ecs.config\n';
      const UserData = Buffer.from(text).toString('base64');
      await withTemplate(clinic.aws, () => ({ UserData }));
      await deployKilled(clinic);
    },
    recorded: [healthy],
  },
];
