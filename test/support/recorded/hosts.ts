/** What an Amazon Linux 2023 instance answers to the doctor's script, and to ECS. */
export interface RecordedHost {
  /** In percent, of the root disk. */
  disk?: number;
  inodes?: number;
  /** In MiB, of 1908. */
  available?: number;
  docker?: string;
  ecs?: string;
  cluster?: string;
  init?: string;
  log?: string;
}

/** Each part as the named command prints it. */
export function hostOutput({
  disk = 39,
  inodes = 2,
  available = 1263,
  docker = 'active',
  ecs = 'active',
  cluster = 'digitalApps',
  init = 'level=info time=2026-11-23T09:00:01Z msg="pre-start"',
  log = '',
}: RecordedHost = {}): string {
  const metadata = {
    Cluster: cluster,
    ContainerInstanceArn: `arn:aws:ecs:us-east-2:123456789012:container-instance/${cluster}/0c1d2e3f`,
    Version: 'Amazon ECS Agent - v1.100.0 (f00dfeed)',
  };
  const parts = {
    disks: `Filesystem       1024-blocks     Used Available Capacity Mounted on
/dev/nvme0n1p1      31376364 12236782  19139582      ${disk}% /
/dev/nvme0n1p128       10202     1310      8892      13% /boot/efi`,
    inodes: `Filesystem          Inodes  IUsed    IFree IUse% Mounted on
/dev/nvme0n1p1    15692736 134541 15558195    ${inodes}% /
/dev/nvme0n1p128         0      0        0     - /boot/efi`,
    memory: `               total        used        free      shared  buff/cache   available
Mem:            1908         488         211           0        1208        ${available}
Swap:              0           0           0`,
    services: `${docker}\n${ecs}`,
    metadata: ecs === 'active' ? JSON.stringify(metadata) : '',
    init,
    log,
  };
  return Object.entries(parts)
    .map(([part, text]) => `\n=== digital-apps ${part} ===\n${text}`)
    .join('\n');
}

/** Lays another standard output over GetCommandInvocation's answer. */
export function commandOutput(output: string): (body: string) => string {
  return (body) => JSON.stringify({ ...JSON.parse(body), StandardOutputContent: output });
}

/** DescribeInstanceInformation's answer where Systems Manager knows of no instance. */
export function noManagedInstances(): string {
  return JSON.stringify({ InstanceInformationList: [] });
}

interface ContainerInstance {
  ec2InstanceId: string;
}

/** Lays that over what DescribeContainerInstances tells of the instance; of the first one if none is named. */
export function containerInstance(changes: object, id?: string): (body: string) => string {
  return (body) => {
    const answer = JSON.parse(body) as { containerInstances: ContainerInstance[] };
    const containerInstances = answer.containerInstances.map((each, index) =>
      (id ? each.ec2InstanceId === id : index === 0) ? { ...each, ...changes } : each,
    );
    return JSON.stringify({ ...answer, containerInstances });
  };
}

/** Lays that state over what DescribeInstances tells of the instance: "shutting-down". */
export function instanceState(state: string, id: string): (body: string) => string {
  const of = new RegExp(`(<instanceId>${id}</instanceId>.*?<instanceState>.*?<name>)[^<]+`, 'gs');
  return (body) => body.replace(of, `$1${state}`);
}

/** Lays that over what DescribeAutoScalingGroups tells of where the instance is in its life: "Terminating:Wait". */
export function lifecycle(state: string, id: string): (body: string) => string {
  return (body) =>
    body.replace(/<member>(?:(?!<member>).)*?<\/member>/gs, (member) =>
      member.includes(`<InstanceId>${id}<`)
        ? member.replace(/(?<=<LifecycleState>)[^<]+/, state)
        : member,
    );
}

/** As the agent reports it where Docker does not answer (CONTAINER_INSTANCE_HEALTH). */
export const IMPAIRED = {
  healthStatus: {
    overallStatus: 'IMPAIRED',
    details: [{ type: 'CONTAINER_RUNTIME', status: 'IMPAIRED', lastUpdated: 1795428000 }],
  },
};

/** As the agent reports it where all is well. */
export const HEALTHY = {
  healthStatus: {
    overallStatus: 'OK',
    details: [
      {
        ...{ type: 'CONTAINER_RUNTIME', status: 'OK' },
        ...{ lastUpdated: 1795428000, lastStatusChange: 1795420000 },
      },
    ],
  },
};
