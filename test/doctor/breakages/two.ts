import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { lay } from '../../support/recorded/lay.ts';
import type { Clinic } from '../clinic.ts';
import type { Mend } from './breakage.ts';
import { crash } from './crash.ts';
import { withTemplate } from './template.ts';

/** Two things that go wrong at once, and have nothing to do with each other. */
export interface Coincidence {
  what: string;
  /** The checks that are to name one of them each. */
  causes: string[];
  happen(clinic: Clinic): Promise<Mend>;
}

const OUT_OF_MEMORY = {
  exitCode: 137,
  reason: 'OutOfMemoryError: Container killed due to memory usage',
};

export const two: Coincidence[] = [
  {
    what: 'a config bucket open to the public, and an app that takes too much memory',
    causes: ['app.stopped-tasks', 'cluster.bucket'],
    async happen(clinic) {
      const { s3 } = clinic.aws;
      const bucket = { Bucket: 'cob-digital-apps-config' };
      const { PublicAccessBlockConfiguration } = await s3.send(
        new GetPublicAccessBlockCommand(bucket),
      );
      await s3.send(new DeletePublicAccessBlockCommand(bucket));
      crash(clinic, OUT_OF_MEMORY);
      return () =>
        s3.send(new PutPublicAccessBlockCommand({ ...bucket, PublicAccessBlockConfiguration }));
    },
  },
  {
    what: 'user data of new instances that names another cluster, and an app that takes too much memory',
    causes: ['app.stopped-tasks', 'template.cluster-name'],
    async happen(clinic) {
      const text = '#!/bin/bash\necho ECS_CLUSTER=digitalApp >> /etc/ecs/ecs.config\n';
      const UserData = Buffer.from(text).toString('base64');
      lay<{ containerInstances: object[] }>(
        clinic.faults,
        'DescribeContainerInstances',
        (answer) => ({
          ...answer,
          containerInstances: answer.containerInstances.map((each) => ({
            ...each,
            healthStatus: { overallStatus: 'OK', details: [] },
          })),
        }),
      );
      crash(clinic, OUT_OF_MEMORY);
      return withTemplate(clinic.aws, () => ({ UserData }));
    },
  },
];
