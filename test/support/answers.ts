/** Every answer to a new cluster's questions but these, as flags. */
export function allBut(...asked: string[]): string[] {
  const answers: Record<string, string> = {
    'account-prefix': 'digital',
    'cluster-prefix': 'digitalApps',
    'bucket-prefix': 'cob',
    bucket: 'cob-digital-apps-config',
    'instance-type': 't3.small',
    ami: 'recommended',
    'disk-size': '30',
    min: '1',
    desired: '2',
    max: '4',
    vpc: 'new',
    'vpc-cidr': '10.20.0.0/16',
    zones: 'us-east-2a,us-east-2b',
    'ssh-cidrs': 'none',
    'key-pair': 'none',
    'container-insights': 'no',
    certificate: 'none',
  };
  return Object.entries(answers)
    .filter(([key]) => !asked.includes(key))
    .flatMap(([key, value]) => ['--set', `${key}=${value}`]);
}
