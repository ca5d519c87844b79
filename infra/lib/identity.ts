// Accounts: a user pool, in which managers are a group, and the game's pages as its one client.

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
import { removal } from "./keep.js";
import type { Settings } from "./settings.js";

export interface Identity {
  pool: UserPool;
  /** Whose word the server takes for who somebody is. */
  issuer: string;
  /** Where one signs in and gets tokens. */
  login: string;
}

export function makeIdentity(scope: Construct, settings: Settings): Identity {
  const pool = makePool(scope, settings);
  makeGroup(pool, "Managers", "Open and close sessions, and watch the flow of events", 1);
  makeGroup(pool, "Players", "Play", 2);
  // Names are unique in a region, across all accounts.
  const domainPrefix = settings.loginName ?? `${settings.prefix}-${Aws.ACCOUNT_ID}`;
  pool.addDomain("Login", { cognitoDomain: { domainPrefix } });
  return {
    pool,
    issuer: `https://cognito-idp.${Aws.REGION}.${Aws.URL_SUFFIX}/${pool.userPoolId}`,
    login: `https://${domainPrefix}.auth.${Aws.REGION}.amazoncognito.com`,
  };
}

/** The pages, which can keep no secret: they get tokens for a code, and prove by PKCE that they asked for it. */
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
    // No way around the page to sign in: naming one flow leaves but it and the refresh.
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
    removalPolicy: removal(settings),
  });
}

function makeGroup(pool: UserPool, groupName: string, description: string, precedence: number) {
  new CfnUserPoolGroup(pool, groupName, { userPoolId: pool.userPoolId, groupName, description, precedence });
}
