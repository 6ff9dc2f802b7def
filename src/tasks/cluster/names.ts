/** Every name that is derived, in one place; the guide's naming rules with the three prefixes as answers. */
export interface Prefixes {
  /** Before what the whole account shares, "digital" in the guide. */
  account: string;
  /** Before what is the cluster's own, "digitalApps" in the guide; the cluster's name itself. */
  cluster: string;
  /** Before what is unique in the world, "cob" in the guide. */
  bucket: string;
}

/** The guide’s, which are taken where nobody says otherwise. */
export const USUAL_PREFIXES: Prefixes = {
  account: 'digital',
  cluster: 'digitalApps',
  bucket: 'cob',
};

export type Names = ReturnType<typeof namesOf>;

export function namesOf({ account, cluster, bucket }: Prefixes) {
  return {
    cluster,
    /** S3 takes no capitals, so "digitalApps" becomes "digital-apps". */
    bucket: `${bucket}-${kebab(cluster)}-config`,
    /** Of container images: a registry takes no capitals either. */
    repositoryNamespace: kebab(cluster),
    logGroup: cluster,
    network: cluster,
    loadBalancer: cluster,
    loadBalancerSecurityGroup: `${cluster}LoadBalancer`,
    instanceSecurityGroup: `${cluster}Instances`,
    instanceRole: `${cluster}InstanceRole`,
    serviceRole: `${cluster}ServiceRole`,
    taskRole: `${cluster}TaskRole`,
    configReadPolicy: `${cluster}ConfigRead`,
    deployPolicy: `${cluster}Deploy`,
    travisUser: `${account}Travis`,
    keyPair: cluster,
    launchTemplate: cluster,
    autoscalingGroup: cluster,
    instanceCpuAlarm: `${kebab(cluster)}/instance-cpu`,
    instanceMemoryAlarm: `${kebab(cluster)}/instance-memory`,
    dashboard: cluster,
  };
}

/** Of the alarm for an app's healthy containers; CI may write it, and no other. */
export function healthyHostsAlarmOf(namespace: string, service: string): string {
  return `${namespace}/${service}/healthy-hosts`;
}

function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}
