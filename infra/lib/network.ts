// The server's network.
//
// Containers stand in public subnets and have public addresses, so that they reach Kinesis, SQS, Cognito and the image:
// two addresses cost $7 a month, where a NAT gateway in each zone costs $65 and endpoints for all of these services more.
// Nobody reaches them from outside: their group lets in the load balancer alone, which itself has no public address.

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

/** `entrance` is who reaches the load balancer, on port 80; it reaches the containers on `port`. */
export function makeNetwork(scope: Construct, entrance: string, port: number): Network {
  const vpc = new Vpc(scope, "Network", {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [
      { name: "containers", subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
      { name: "balancer", subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 26 },
    ],
    // These two cost nothing.
    gatewayEndpoints: {
      dynamodb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      s3: { service: GatewayVpcEndpointAwsService.S3 },
    },
  });
  const group = (id: string, description: string) =>
    new SecurityGroup(scope, id, { vpc, description, allowAllOutbound: false });
  const balancer = group("BalancerGroup", "Load balancer: from CloudFront");
  const containers = group("ContainerGroup", "Containers: from the load balancer");
  // By its list, and not by the network's own addresses, which CloudFront's interfaces in it do not come from.
  const cloudFront: IPeer = Peer.prefixList(entrance);
  balancer.addIngressRule(cloudFront, Port.tcp(80), "From CloudFront");
  balancer.addEgressRule(containers, Port.tcp(port), "To the containers");
  containers.addIngressRule(balancer, Port.tcp(port), "From the load balancer");
  containers.addEgressRule(Peer.anyIpv4(), Port.tcp(443), "To the services of AWS");
  return { vpc, balancer, containers };
}
