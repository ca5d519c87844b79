// Accounts: a Cognito user pool with groups for managers and players, and a client for the pages.

import { Aws, Duration } from "aws-cdk-lib";
import {
  AccountRecovery,
  CfnUserPoolGroup,
  Mfa,
  OAuthScope,
  UserPool,
  type UserPoolClient,
} from "aws-cdk-lib/aws-cognito";
import type { Construct } from "constructs";
import { removalPolicy } from "./retention.js";
import type { Settings } from "./settings.js";

export interface Identity {
  pool: UserPool;
  /** The URL of the issuer, as in the tokens. */
  issuer: string;
  /** The base URL of the sign-in page and of the token endpoint. */
  login: string;
}

export function makeIdentity(scope: Construct, settings: Settings): Identity {
  const pool = makePool(scope, settings);
  makeGroup(pool, "Managers", "Manage sessions, and monitor the flow of events", 1);
  makeGroup(pool, "Players", "Play games", 2);
  // The name must be unique among all AWS accounts in the region. The account's number makes it unique.
  const domainPrefix = settings.loginName ?? `${settings.prefix}-${Aws.ACCOUNT_ID}`;
  pool.addDomain("Login", { cognitoDomain: { domainPrefix } });
  return {
    pool,
    issuer: `https://cognito-idp.${Aws.REGION}.${Aws.URL_SUFFIX}/${pool.userPoolId}`,
    login: `https://${domainPrefix}.auth.${Aws.REGION}.amazoncognito.com`,
  };
}

/** Adds the client for the pages. Pages cannot keep a secret, so they use the authorization code flow with PKCE. */
export function makeClient(identity: Identity, settings: Settings, site: string): UserPoolClient {
  const callbackUrls = [...settings.callbacks, `${site}/account.html`];
  return identity.pool.addClient("Pages", {
    generateSecret: false,
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [OAuthScope.OPENID, OAuthScope.PROFILE],
      callbackUrls,
      logoutUrls: callbackUrls,
    },
    // Users sign in only on Cognito's page. With this value, the client allows no other flow than the refresh of tokens.
    authFlows: { userSrp: false },
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    accessTokenValidity: Duration.hours(1),
    idTokenValidity: Duration.hours(1),
    refreshTokenValidity: Duration.days(30),
  });
}

function makePool(scope: Construct, settings: Settings): UserPool {
  return new UserPool(scope, "Users", {
    userPoolName: settings.prefix,
    selfSignUpEnabled: true,
    signInAliases: { username: true, email: true },
    signInCaseSensitive: false,
    autoVerify: { email: true },
    standardAttributes: { email: { required: true, mutable: true } },
    passwordPolicy: {
      minLength: 12,
      requireLowercase: true,
      requireUppercase: true,
      requireDigits: true,
      requireSymbols: true,
      tempPasswordValidity: Duration.days(3),
    },
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    mfa: Mfa.OPTIONAL,
    mfaSecondFactor: { otp: true, sms: false },
    deletionProtection: !settings.discard,
    removalPolicy: removalPolicy(settings),
  });
}

function makeGroup(pool: UserPool, groupName: string, description: string, precedence: number) {
  new CfnUserPoolGroup(pool, groupName, { userPoolId: pool.userPoolId, groupName, description, precedence });
}
