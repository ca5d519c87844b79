// The network of the servers.
//
// Containers are in public subnets and have public addresses, because they connect to Kinesis, SQS, Cognito and the
// image registry. Two addresses cost $7 a month. A NAT gateway in each zone would cost $65, and endpoints for these
// services more. The security group of the containers admits only the load balancer, which has no public address.

import {
  GatewayVpcEndpointAwsService,
  type IPeer,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import type { Construct } from "constructs";

export interface Network {
  vpc: Vpc;
  balancer: SecurityGroup;
  containers: SecurityGroup;
}

/**
 * Creates the network. The addresses in the prefix list `cloudFrontPrefixList` can connect to the load balancer on port
 * 80, and the load balancer can connect to the containers on `port`.
 */
export function makeNetwork(scope: Construct, cloudFrontPrefixList: string, port: number): Network {
  const vpc = new Vpc(scope, "Network", {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [
      { name: "containers", subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
      { name: "balancer", subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 26 },
    ],
    // Gateway endpoints cost nothing.
    gatewayEndpoints: {
      dynamodb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      s3: { service: GatewayVpcEndpointAwsService.S3 },
    },
  });
  const group = (id: string, description: string) =>
    new SecurityGroup(scope, id, { vpc, description, allowAllOutbound: false });
  const balancer = group("BalancerGroup", "Load balancer: from CloudFront");
  const containers = group("ContainerGroup", "Containers: from the load balancer");
  // A prefix list, because requests from CloudFront do not have addresses of this network.
  const cloudFront: IPeer = Peer.prefixList(cloudFrontPrefixList);
  balancer.addIngressRule(cloudFront, Port.tcp(80), "From CloudFront");
  balancer.addEgressRule(containers, Port.tcp(port), "To the containers");
  containers.addIngressRule(balancer, Port.tcp(port), "From the load balancer");
  containers.addEgressRule(Peer.anyIpv4(), Port.tcp(443), "To the services of AWS");
  return { vpc, balancer, containers };
}
