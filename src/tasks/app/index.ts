import type { AnyResource } from '../resource.ts';
import { accessKey } from './access-key.ts';
import { alarmTopic } from './alarm-topic.ts';
import {
  errorsAlarm,
  healthyHostsAlarm,
  instanceCpuAlarm,
  instanceMemoryAlarm,
  memoryAlarm,
} from './alarms.ts';
import { cachePolicy } from './cache-policy.ts';
import { appCertificate } from './certificate.ts';
import { configObject } from './config-object.ts';
import { dashboard } from './dashboard.ts';
import { deployUser } from './deploy-user.ts';
import { distribution } from './distribution.ts';
import { hostedZones, hostRecords } from './dns.ts';
import { files } from './files.ts';
import { httpsListener, sniCertificate } from './https-listener.ts';
import { imageRepository } from './image-repository.ts';
import { replacedKey } from './replaced-key.ts';
import { httpRedirect, httpRule, httpsRule } from './rules.ts';
import { targetGroup } from './target-group.ts';
import { certificateIssued, validationRecords } from './validation.ts';
import { variables } from './variables.ts';

/** The guide's Per-Service Setup and Monitoring, in its order. */
export const appResources: AnyResource[] = [
  appCertificate,
  hostedZones,
  validationRecords,
  certificateIssued,
  hostRecords,
  cachePolicy,
  distribution,
  targetGroup,
  httpsListener,
  sniCertificate,
  httpRule,
  httpRedirect,
  httpsRule,
  imageRepository,
  deployUser,
  accessKey,
  configObject,
  ...files,
  ...variables,
  replacedKey,
  alarmTopic,
  healthyHostsAlarm,
  errorsAlarm,
  memoryAlarm,
  instanceCpuAlarm,
  instanceMemoryAlarm,
  dashboard,
];
