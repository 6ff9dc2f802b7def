import type { Rule } from './rules.ts';

/**
 * What AWS answers for a while after something was made, or when it is busy, by name. None of it
 * is retried by the SDK except throttling and server errors. Use: `inject(presets.vpcNotFound)`, or
 * `inject({ ...presets.vpcNotFound, times: 3 })`.
 */
export const presets = {
  instanceProfileInvalid: {
    operation: /^autoscaling\.(Create|Update)AutoScalingGroup$/,
    code: 'ValidationError',
    message:
      'You must use a valid fully-formed launch template. Value (digitalAppsInstance) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name',
  },
  autoScalingRoleNotReady: {
    operation: 'CreateAutoScalingGroup',
    status: 500,
    code: 'ServiceLinkedRoleFailure',
    message: 'The service-linked role is not ready for use.',
  },
  autoScalingBusy: {
    operation: /^autoscaling\.(Create|Update)AutoScalingGroup$/,
    status: 500,
    code: 'ResourceContention',
    message: 'You already have a pending update to an Auto Scaling resource.',
  },
  vpcNotFound: {
    operation:
      /^ec2\.(ModifyVpcAttribute|CreateSubnet|AttachInternetGateway|CreateRouteTable|CreateSecurityGroup)$/,
    code: 'InvalidVpcID.NotFound',
    message: "The vpc ID 'vpc-00000000000000000' does not exist",
  },
  subnetNotFound: {
    operation: /^ec2\.(ModifySubnetAttribute|AssociateRouteTable)$/,
    code: 'InvalidSubnetID.NotFound',
    message: "The subnet ID 'subnet-00000000000000000' does not exist",
  },
  internetGatewayNotFound: {
    operation: /^ec2\.(AttachInternetGateway|CreateRoute)$/,
    code: 'InvalidInternetGatewayID.NotFound',
    message: "The internetGateway ID 'igw-00000000000000000' does not exist",
  },
  routeTableNotFound: {
    operation: /^ec2\.(CreateRoute|AssociateRouteTable)$/,
    code: 'InvalidRouteTableID.NotFound',
    message: "The routeTable ID 'rtb-00000000000000000' does not exist",
  },
  securityGroupNotFound: {
    operation: /^ec2\.AuthorizeSecurityGroup(In|E)gress$/,
    code: 'InvalidGroup.NotFound',
    message: "The security group 'sg-00000000000000000' does not exist",
  },
  launchTemplateNotFound: {
    operation: 'CreateAutoScalingGroup',
    code: 'ValidationError',
    message:
      'You must use a valid fully-formed launch template. The launch template does not exist.',
  },
  bucketNotFound: {
    operation: /^s3\.Put(PublicAccessBlock|Bucket\w+)$/,
    status: 404,
    code: 'NoSuchBucket',
    message: 'The specified bucket does not exist',
  },
  bucketBusy: {
    operation: /^s3\.(CreateBucket|Put(PublicAccessBlock|Bucket\w+))$/,
    status: 409,
    code: 'OperationAborted',
    message:
      'A conflicting conditional operation is currently in progress against this resource. Please try again.',
  },
  logGroupBusy: {
    operation: /^logs\.(CreateLogGroup|PutRetentionPolicy)$/,
    code: 'OperationAbortedException',
    message:
      'A conflicting operation is currently in progress against this resource. Please try again.',
  },
  roleNotFound: {
    operation: /^iam\.(AttachRolePolicy|AddRoleToInstanceProfile|PutRolePolicy)$/,
    status: 404,
    code: 'NoSuchEntity',
    message: 'The role with name digitalAppsInstance cannot be found.',
  },
  iamBusy: {
    operation: /^iam\.(Create|Attach|Add|Put|Tag|Update)/,
    status: 409,
    code: 'ConcurrentModification',
    message:
      'The request was rejected because multiple requests to change this object were submitted simultaneously. Please try again.',
  },
  ecsRoleNotReady: {
    operation: /^ecs\.(CreateCluster|CreateService|PutClusterCapacityProviders)$/,
    code: 'InvalidParameterException',
    message:
      'Unable to assume the service linked role. Please verify that the ECS service linked role exists.',
  },
  priorityInUse: {
    operation: 'CreateRule',
    code: 'PriorityInUse',
    message: 'The specified priority is in use.',
  },
  targetGroupNotFound: {
    operation: /^elasticloadbalancing\.(CreateRule|ModifyRule|ModifyTargetGroupAttributes)$/,
    code: 'TargetGroupNotFound',
    message: 'One or more target groups not found',
  },
  certificateNotFound: {
    operation: /^elasticloadbalancing\.(AddListenerCertificates|CreateListener)$/,
    code: 'CertificateNotFound',
    message:
      "Certificate ARN 'arn:aws:acm:us-east-2:123456789012:certificate/00000000-fa17-4000-8000-000000000000' is not valid",
  },
  /** Right after it was issued, as it is while it is pending. */
  certificateUnsupported: {
    operation: /^elasticloadbalancing\.(AddListenerCertificates|CreateListener)$/,
    code: 'UnsupportedCertificate',
    message:
      "The certificate 'arn:aws:acm:us-east-2:123456789012:certificate/00000000-fa17-4000-8000-000000000000' must have a fully-qualified domain name, a supported signature, and a supported key size.",
  },
  userNotFound: {
    operation: /^iam\.(CreateAccessKey|AttachUserPolicy|TagUser)$/,
    status: 404,
    code: 'NoSuchEntity',
    message: 'The user with name digitalTravis cannot be found.',
  },
  /** Somebody else made it a moment before: the call is carried out, and refused. */
  repositoryTaken: {
    operation: 'ecr.CreateRepository',
    after: true,
    code: 'RepositoryAlreadyExistsException',
    message:
      "The repository with name 'digital/app' already exists in the registry with id '123456789012'",
  },
  repositoryNotFound: {
    operation: 'ecr.PutLifecyclePolicy',
    code: 'RepositoryNotFoundException',
    message:
      "The repository with name 'digital/app' does not exist in the registry with id '123456789012'",
  },
  dnsThrottled: {
    operation: /^route53\./,
    code: 'Throttling',
    message: 'Rate exceeded',
  },
  /** Another change of the same records is not through yet. The SDK retries this one too. */
  dnsBusy: {
    operation: 'route53.ChangeResourceRecordSets',
    code: 'PriorRequestNotComplete',
    message: 'The request was rejected because Route 53 was still processing a prior request.',
  },
  cdnThrottled: {
    operation: /^cloudfront\./,
    code: 'Throttling',
    message: 'Rate exceeded',
  },
  cdnNotVerified: {
    operation: /^cloudfront\.CreateDistribution/,
    status: 403,
    code: 'AccessDenied',
    message:
      'Your account must be verified before you can add new CloudFront resources. To verify your account, please contact AWS Support and include this error message.',
  },
  /** Somebody else changed the distribution since it was read. */
  cdnChanged: {
    operation: 'cloudfront.UpdateDistribution',
    status: 412,
    code: 'PreconditionFailed',
    message:
      "The request failed because it didn't meet the preconditions in one or more request-header fields.",
  },
  objectSlowDown: {
    operation: /^s3\.\w+Object$/,
    status: 503,
    code: 'SlowDown',
    message: 'Please reduce your request rate.',
  },
  throttled: {
    operation: /./,
    code: 'Throttling',
    message: 'Rate exceeded',
  },
  unavailable: {
    operation: /./,
    status: 503,
    code: 'ServiceUnavailable',
    message: 'The service is temporarily unavailable.',
  },
  connectionReset: { operation: /./, reset: true },
  /** The call is carried out, and its answer is lost. */
  answerLost: { operation: /^\w+\.(Create|Import)/, reset: true, after: true },
} satisfies Record<string, Rule>;
