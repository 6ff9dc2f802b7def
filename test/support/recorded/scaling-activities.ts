/** What Auto Scaling notes when an instance does not start, in AWS's words. */
export const LAUNCH_MESSAGES = {
  vcpu: 'You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit. Launching EC2 instance failed.',
  zone: 'Your requested instance type (t3.small) is not supported in your requested Availability Zone (us-east-2c). Please retry your request by not specifying an Availability Zone or choosing us-east-2a, us-east-2b. Launching EC2 instance failed.',
  image: "The image id '[ami-0431e16160be68c04]' does not exist. Launching EC2 instance failed.",
  keyPair: "The key pair 'digitalApps' does not exist. Launching EC2 instance failed.",
  capacity:
    'We currently do not have sufficient t3.small capacity in the Availability Zone you requested (us-east-2a). Our system will be working on provisioning additional capacity. Launching EC2 instance failed.',
  securityGroup:
    "The security group 'sg-0abc' does not exist in VPC 'vpc-0def'. Launching EC2 instance failed.",
  subnet: "The subnet ID 'subnet-0abc' does not exist. Launching EC2 instance failed.",
  profile:
    'Value (digitalAppsInstanceRole) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name. Launching EC2 instance failed.',
  disk: 'Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: Client.InternalError: Client error on launch',
  unknown: 'Something that nobody has met before. Launching EC2 instance failed.',
};

export interface RecordedActivity {
  status: 'Failed' | 'Successful' | 'InProgress';
  message?: string;
  /** Hours ago. */
  ago?: number;
  description?: string;
}

/** DescribeScalingActivities' answer, with these activities, the newest first. */
export function scalingActivities(activities: RecordedActivity[]): string {
  const members = activities.map(({ status, message, ago = 0, description }, index) => {
    const at = new Date(Date.now() - ago * 3_600_000).toISOString();
    return `<member>
      <ActivityId>5b8f8a3c-0000-4000-8000-00000000000${index}</ActivityId>
      <AutoScalingGroupName>digitalApps</AutoScalingGroupName>
      <Description>${description ?? 'Launching a new EC2 instance.  Status Reason: see below'}</Description>
      <Cause>At ${at} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 1 to 2.</Cause>
      <StartTime>${at}</StartTime><EndTime>${at}</EndTime>
      <StatusCode>${status}</StatusCode>
      ${message ? `<StatusMessage>${message}</StatusMessage>` : ''}
      <Progress>100</Progress>
      <Details>{"Subnet ID":"subnet-0abc","Availability Zone":"us-east-2a"}</Details>
    </member>`;
  });
  return `<DescribeScalingActivitiesResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">
    <DescribeScalingActivitiesResult><Activities>${members.join('')}</Activities></DescribeScalingActivitiesResult>
    <ResponseMetadata><RequestId>7c6e177f-f082-11e1-ac58-3714bEXAMPLE</RequestId></ResponseMetadata>
  </DescribeScalingActivitiesResponse>`;
}
