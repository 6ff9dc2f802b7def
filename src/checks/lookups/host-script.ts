/** What is asked of an instance's shell, each part under a heading of its own. */
const PARTS = {
  disks: 'df -P -x tmpfs -x devtmpfs -x overlay -x squashfs',
  inodes: 'df -Pi -x tmpfs -x devtmpfs -x overlay -x squashfs',
  memory: 'free -m',
  services: 'systemctl is-active docker ecs',
  metadata: 'curl -s -m 5 localhost:51678/v1/metadata',
  init: 'tail -c 1500 /var/log/ecs/ecs-init.log',
  // Old agents write into a file an hour. Last, since Systems Manager keeps the first 24,000 characters.
  log: 'tail -c 20000 "$(ls -t /var/log/ecs/ecs-agent.log* | head -n 1)"',
};

type Part = keyof typeof PARTS;

const HEADING = /^=== digital-apps (\w+) ===$/;

/** Reads, and changes nothing. It needs root, as Systems Manager gives it. */
export const HOST_SCRIPT: string[] = Object.entries(PARTS).flatMap(([part, command]) => [
  `echo; echo '=== digital-apps ${part} ==='`,
  `${command} 2>/dev/null || true`,
]);

/** What an instance says of itself. */
export interface HostReport {
  /** In percent, by mount point, of bytes or of files, whichever is more. */
  disks: Record<string, number>;
  /** In MiB; absent where it was not told. */
  memory?: { total: number; available: number };
  /** "active" or what else systemd says. */
  services?: { docker: string; ecs: string };
  /** The cluster that its agent has joined. */
  cluster?: string;
  /** The end of ecs-init's log, and of the agent's. */
  init: string;
  log: string;
}

/** Undefined where this is not what our script writes. */
export function hostReport(output: string): HostReport | undefined {
  const parts = partsOf(output);
  if (!parts.has('log')) return undefined;
  const text = (part: Part) => parts.get(part)?.join('\n').trim() ?? '';
  const [docker, ecs] = text('services').split('\n');
  const [, total, available] = /^Mem: +(\d+) .* (\d+)$/m.exec(text('memory')) ?? [];
  return {
    disks: worst(usage(text('disks')), usage(text('inodes'))),
    memory: total ? { total: Number(total), available: Number(available) } : undefined,
    services: docker && ecs ? { docker, ecs } : undefined,
    cluster: /"Cluster" ?: ?"([^"]*)"/.exec(text('metadata'))?.[1],
    init: text('init'),
    log: text('log'),
  };
}

function partsOf(output: string): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of output.split('\n')) {
    const heading = HEADING.exec(line.trim())?.[1];
    if (heading) {
      current = [];
      parts.set(heading, current);
    } else {
      current?.push(line);
    }
  }
  return parts;
}

/** By mount point: "/dev/nvme0n1p1 31444972 12000000 19444972 39% /". */
function usage(df: string): Record<string, number> {
  const lines = df.matchAll(/^\S+ .*?(\d+)% (\/.*)$/gm);
  return Object.fromEntries([...lines].map(([, percent, mount]) => [mount, Number(percent)]));
}

function worst(...usages: Record<string, number>[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const [mount, percent] of usages.flatMap((each) => Object.entries(each))) {
    all[mount] = Math.max(all[mount] ?? 0, percent);
  }
  return all;
}
