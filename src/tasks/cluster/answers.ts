/** All that `init-cluster` must know from a person. src/questions has the wording and the checks. */
export interface ClusterAnswers {
  'account-prefix': string;
  'cluster-prefix': string;
  'bucket-prefix': string;
  bucket: string;
  'instance-type': string;
  /** "recommended", or the id of an image to stay on. */
  ami: string;
  /** In GiB. */
  'disk-size': number;
  /** "new", or the id of a VPC to use. */
  vpc: string;
  /** Of a new VPC. */
  'vpc-cidr': string;
  /** Of a new VPC: a subnet is made in each. */
  zones: string[];
  /** Of an existing VPC. */
  subnets: string[];
  /** Who may connect by SSH. */
  'ssh-cidrs': string[];
  'container-insights': boolean;
  /** "new", "none", or the name of a pair to use. */
  'key-pair': string;
  /** Whether a new pair's private half goes into ssh-agent. */
  'ssh-add': boolean;
  min: number;
  desired: number;
  max: number;
  /** "none", or the ARN of an issued certificate. */
  certificate: string;
}
