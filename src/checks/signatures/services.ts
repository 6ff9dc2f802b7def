import { DEPTH, type Signature } from './signature.ts';

const { task, wrapper } = DEPTH;

const BIGGER =
  'Add an instance (aws autoscaling set-desired-capacity), take a bigger type (digital-apps init-cluster --set instance-type=TYPE --replace-instances), or ask for less in the task definition.';

/** What ECS notes about a service that it cannot run as wanted. */
export const SERVICES: Signature[] = [
  {
    id: 'placement.no-instances',
    pattern:
      /^(?:\(service \S+\) was unable to place a task .*)?No Container Instances were found in your (?:cluster|capacity provider)/,
    level: 'task',
    cause: 'The cluster has no instance that is registered.',
    fix: 'See what the checks of instances and agents say: they come first.',
    precedence: task - 9,
  },
  {
    id: 'placement.agent',
    pattern: /^\(service \S+\) was unable to place a task .*encountered error "AGENT"|^AGENT$/,
    level: 'task',
    cause: 'The agent of the instance that has room is not connected.',
    fix: 'See what the checks of agents say; restarting often helps: aws ssm start-session --target INSTANCE_ID, then sudo systemctl restart ecs',
    precedence: task - 8,
  },
  {
    id: 'placement.memory',
    pattern:
      /^\(service \S+\) was unable to place a task .*has insufficient memory available|^RESOURCE:MEMORY/,
    level: 'task',
    cause: 'No instance has enough memory left for another task.',
    fix: BIGGER,
    precedence: task - 7,
  },
  {
    id: 'placement.cpu',
    pattern:
      /^\(service \S+\) was unable to place a task .*has insufficient CPU units available|^RESOURCE:CPU/,
    level: 'task',
    cause: 'No instance has enough CPU left for another task.',
    fix: BIGGER,
    precedence: task - 7,
  },
  {
    id: 'placement.port',
    pattern:
      /^\(service \S+\) was unable to place a task .*is already using a port required by your task|^RESOURCE:PORTS|^Bind for \S+ failed: port is already allocated|^port is already allocated/,
    level: 'task',
    cause: 'The task asks for a fixed port of its instance, which another one has.',
    fix: 'Set the host port to 0 in deploy/docker-compose.yml (ports: "0:3000"), then deploy.',
    precedence: task - 7,
  },
  {
    id: 'placement.attribute',
    pattern:
      /^\(service \S+\) was unable to place a task .*(?:is missing an attribute required by your task|encountered error "ATTRIBUTE")|^ATTRIBUTE$/,
    level: 'task',
    cause:
      'No instance can do what the task asks for: a logging driver, a kernel feature, a processor.',
    fix: 'ECS_AVAILABLE_LOGGING_DRIVERS in the user data names the drivers; compare requiresAttributes of the task definition with the instance’s attributes in the ECS console.',
    precedence: task - 7,
  },
  {
    id: 'service.crash-loop',
    pattern: /^\(service \S+\) is unable to consistently start tasks successfully/,
    level: 'task',
    cause:
      'The app’s tasks end again and again; their stopped containers pile up on the instances.',
    fix: 'Read the app’s log and the reason of a stopped task, mend the app, then deploy.',
    precedence: wrapper,
  },
  {
    id: 'service.health-code',
    pattern:
      /^\(service \S+\).*is unhealthy in \(?target-group \S+ due to \(reason Health checks failed with these codes/,
    level: 'task',
    cause: 'The app answers its health check with an error.',
    fix: 'Look at the health check’s path: digital-apps add-app --set health-check=/PATH, or mend what the app answers there.',
    precedence: task + 1,
  },
  {
    id: 'service.health-timeout',
    pattern:
      /^\(service \S+\).*is unhealthy in \(?target-group \S+ due to \(reason (?:Request timed out|Health checks failed\))/,
    level: 'task',
    cause:
      'The app does not answer its health check: it listens on another port or address, starts slowly, or the security group is in the way.',
    fix: 'The app must listen on 0.0.0.0 and the container port of its task definition; digital-apps init-cluster puts the security group right.',
    precedence: task + 1,
  },
  {
    id: 'service.health-failed',
    pattern: /^Task failed ELB health checks in/,
    level: 'task',
    cause: 'The load balancer’s health check of the app failed, so ECS stopped the task.',
    fix: 'Look at the target group’s health check, and at the app’s log.',
    precedence: wrapper + 1,
  },
  {
    id: 'service.target-group',
    pattern: /^\(service \S+\) failed to (?:de)?register targets in \(?target-group/,
    level: 'task',
    cause:
      'ECS could not tell the load balancer about the app’s tasks: its role, or the target group is gone.',
    fix: 'Run digital-apps init-cluster for the roles and digital-apps add-app for the target group.',
    precedence: task,
  },
  {
    id: 'service.rolled-back',
    pattern: /^\(service \S+\) \(deployment \S+\) deployment failed: tasks failed to/,
    level: 'task',
    cause: 'The new version’s tasks failed again and again, so ECS gave the deployment up.',
    fix: 'Read the reason of a stopped task and the app’s log, mend the app, then deploy.',
    precedence: wrapper + 4,
  },
  {
    id: 'service.throttled',
    pattern: /^\(service \S+\) operations are being throttled\b/,
    level: 'task',
    cause: 'AWS slows ECS down, as the account makes more calls in this Region than it may.',
    fix: 'Wait: ECS tries again by itself. Where it goes on, ask AWS Support for higher rates of API calls.',
    precedence: wrapper,
  },
  {
    id: 'service.no-leeway',
    pattern: /^\(service \S+\) was unable to stop or start tasks during a deployment\b/,
    level: 'task',
    cause:
      'The service’s minimumHealthyPercent and maximumPercent leave ECS no task to stop or start.',
    fix: 'Set them as digital-apps deploy does: aws ecs update-service --cluster CLUSTER_NAME --service SERVICE_NAME --deployment-configuration "deploymentCircuitBreaker={enable=true,rollback=true},minimumHealthyPercent=100,maximumPercent=200"',
    precedence: task,
  },
  {
    id: 'service.steady',
    pattern: /^\(service \S+\) has reached a steady state/,
    level: 'task',
    cause: 'The service runs as wanted.',
    fix: 'Nothing to do.',
    precedence: wrapper,
    benign: true,
  },
];
