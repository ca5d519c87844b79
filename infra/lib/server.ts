// The servers: containers behind a load balancer that only CloudFront can connect to. They do not run on Lambda,
// because live updates are responses that do not end.

import { Duration } from "aws-cdk-lib";
import { SubnetType } from "aws-cdk-lib/aws-ec2";
import { Repository } from "aws-cdk-lib/aws-ecr";
import {
  Cluster,
  ContainerImage,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  LogDrivers,
  OperatingSystemFamily,
  Secret as ContainerSecret,
} from "aws-cdk-lib/aws-ecs";
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  TargetType,
} from "aws-cdk-lib/aws-elasticloadbalancingv2";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Architecture } from "aws-cdk-lib/aws-lambda";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { removalPolicy } from "./retention.js";
import { makeLogs } from "./logs.js";
import { makeNetwork, type Network } from "./network.js";
import type { Settings } from "./settings.js";

const PORT = 8080;
const REGISTRY = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)[:@](.+)$/;

/** The network and the load balancer of the servers. */
export interface Entrance {
  network: Network;
  balancer: ApplicationLoadBalancer;
  targets: ApplicationTargetGroup;
}

/** Creates the network and the load balancer. `cloudFrontPrefixList` is the list of CloudFront's addresses. */
export function makeEntrance(scope: Construct, cloudFrontPrefixList: string): Entrance {
  const network = makeNetwork(scope, cloudFrontPrefixList, PORT);
  const balancer = new ApplicationLoadBalancer(scope, "Balancer", {
    vpc: network.vpc,
    internetFacing: false,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    securityGroup: network.balancer,
    dropInvalidHeaderFields: true,
    // Longer than the interval of 15 seconds between keep-alive messages in live updates.
    idleTimeout: Duration.seconds(60),
  });
  const targets = new ApplicationTargetGroup(scope, "Servers", {
    vpc: network.vpc,
    port: PORT,
    protocol: ApplicationProtocol.HTTP,
    targetType: TargetType.IP,
    healthCheck: { path: "/readyz", interval: Duration.seconds(10), timeout: Duration.seconds(5) },
    deregistrationDelay: Duration.seconds(30),
  });
  balancer.addListener("Http", {
    port: 80,
    protocol: ApplicationProtocol.HTTP,
    open: false,
    defaultTargetGroups: [targets],
  });
  return { network, balancer, targets };
}

/** Creates the containers behind the load balancer. */
export function makeServer(
  scope: Construct,
  settings: Settings,
  entrance: Entrance,
  image: string,
  environment: Record<string, string>,
  permissions: PolicyStatement[],
): FargateService {
  const { network, targets } = entrance;
  const task = makeTask(scope, settings);
  permissions.forEach((permission) => task.addToTaskRolePolicy(permission));
  task.addContainer("server", {
    image: imageOf(scope, image),
    command: ["serve"],
    environment: { ALIEN_HOST: "0.0.0.0", ALIEN_PORT: String(PORT), ALIEN_NO_PROCESS: "true", ...environment },
    secrets: { ALIEN_KEY: ContainerSecret.fromSecretsManager(makeKey(scope, settings)) },
    portMappings: [{ containerPort: PORT }],
    logging: LogDrivers.awsLogs({
      streamPrefix: "server",
      logGroup: makeLogs(scope, "ServerLogs", `/${settings.prefix}/server`),
    }),
  });
  const service = new FargateService(scope, "Server", {
    cluster: new Cluster(scope, "Cluster", { vpc: network.vpc, clusterName: settings.prefix }),
    serviceName: "server",
    taskDefinition: task,
    desiredCount: settings.count,
    assignPublicIp: true,
    vpcSubnets: { subnetType: SubnetType.PUBLIC },
    securityGroups: [network.containers],
    circuitBreaker: { rollback: true },
    minHealthyPercent: 100,
    healthCheckGracePeriod: Duration.minutes(1),
  });
  service.attachToApplicationTargetGroup(targets);
  return service;
}

function makeTask(scope: Construct, settings: Settings): FargateTaskDefinition {
  const arm = settings.architecture === Architecture.ARM_64;
  return new FargateTaskDefinition(scope, "Task", {
    family: `${settings.prefix}-server`,
    cpu: settings.cpu,
    memoryLimitMiB: settings.memory,
    runtimePlatform: {
      cpuArchitecture: arm ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
      operatingSystemFamily: OperatingSystemFamily.LINUX,
    },
  });
}

/** Creates the key that signs tokens. All servers share it, so that each accepts the tokens of the others. */
function makeKey(scope: Construct, settings: Settings): Secret {
  return new Secret(scope, "Key", {
    description: "The key with which the servers of Alien Attack sign tokens",
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
    removalPolicy: removalPolicy(settings),
  });
}

/** An image in ECR, with the permission to pull it, or an image of any other registry. */
function imageOf(scope: Construct, address: string): ContainerImage {
  const [, account, region, name, tag] = REGISTRY.exec(address) ?? [];
  if (!account || !name) return ContainerImage.fromRegistry(address);
  const repositoryArn = `arn:aws:ecr:${region}:${account}:repository/${name}`;
  const repository = Repository.fromRepositoryAttributes(scope, "Images", { repositoryArn, repositoryName: name });
  return ContainerImage.fromEcrRepository(repository, tag);
}
