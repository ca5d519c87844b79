//! A Cognito user pool on the local AWS. It is used by plain requests, because a few calls do not justify another SDK.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::{Client, Method, header};
use rsa::{RsaPrivateKey, pkcs1::EncodeRsaPrivateKey, pkcs8::DecodePrivateKey};
use serde_json::{Value, json};
use shared::{
    api::{CallerView, Tokens},
    time::Timestamp,
};

use super::{TestServer, aws::LocalAws};

const PASSWORD: &str = "Not-a-secret-1";

/// A user pool with the groups Managers and Players, and with a client for the game.
pub struct UserPool<'a> {
    aws: &'a LocalAws,
    id: String,
    /// The ID of the client.
    pub client: String,
    /// The issuer in its tokens.
    pub issuer: String,
    /// Its public keys, as JSON Web Keys.
    pub keys: Vec<Value>,
}

/// The tokens of a user who signed in.
pub struct UserTokens {
    pub access: String,
    pub id: String,
    pub refresh: String,
}

impl UserPool<'_> {
    /// Creates a user pool.
    pub async fn create(aws: &LocalAws) -> UserPool<'_> {
        let pool = call(aws, "CreateUserPool", json!({"PoolName": "aliens"})).await;
        let id = text(&pool["UserPool"]["Id"]);
        let discovery: Value = get(&discovery(aws, &id)).await;
        let keys: Value = get(&text(&discovery["jwks_uri"])).await;
        let keys = keys["keys"].as_array().unwrap().clone();
        let mut pool = UserPool { aws, id, client: String::new(), issuer: text(&discovery["issuer"]), keys };
        for group in ["Managers", "Players"] {
            pool.call("CreateGroup", json!({"GroupName": group})).await;
        }
        pool.client = pool.create_client("game").await;
        pool
    }

    /// Creates a client of the pool and returns its ID.
    pub async fn create_client(&self, name: &str) -> String {
        let flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
        let client = self.call("CreateUserPoolClient", json!({"ClientName": name, "ExplicitAuthFlows": flows})).await;
        text(&client["UserPoolClient"]["ClientId"])
    }

    /// Starts a server that leaves accounts to this user pool.
    pub async fn start_server(&self) -> TestServer {
        let discovery = discovery(self.aws, &self.id);
        let issuer = ["--oidc-issuer", &self.issuer, "--oidc-client", &self.client];
        TestServer::start(&[&issuer[..], &["--oidc-discovery", &discovery]].concat()).await
    }

    /// Creates a user in a group.
    pub async fn create_user(&self, name: &str, group: &str) {
        let email = json!([{"Name": "email", "Value": format!("{name}@aliens.example")}]);
        self.call("AdminCreateUser", json!({"Username": name, "UserAttributes": email})).await;
        let password = json!({"Username": name, "Password": PASSWORD, "Permanent": true});
        self.call("AdminSetUserPassword", password).await;
        self.call("AdminAddUserToGroup", json!({"Username": name, "GroupName": group})).await;
    }

    /// Signs a user in, for a client.
    pub async fn sign_in(&self, name: &str, client: &str) -> UserTokens {
        let credentials = json!({"USERNAME": name, "PASSWORD": PASSWORD});
        let request = json!({"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": credentials});
        let tokens = &call(self.aws, "InitiateAuth", request).await["AuthenticationResult"];
        let [access, id, refresh] = ["AccessToken", "IdToken", "RefreshToken"].map(|name| text(&tokens[name]));
        UserTokens { access, id, refresh }
    }

    /// Creates a user in a group and signs the user in. Returns the tokens in the form that the pages store.
    pub async fn create_signed_in(&self, server: &TestServer, name: &str, group: &str) -> Tokens {
        self.create_user(name, group).await;
        let UserTokens { access, refresh, .. } = self.sign_in(name, &self.client).await;
        let caller: CallerView = server.call(Method::GET, "/v1/accounts/mine", Some(&access), None).await;
        Tokens {
            name: name.parse().unwrap(),
            player: caller.player,
            nickname: name.parse().unwrap(),
            role: caller.role,
            access_token: access,
            expires_at: Timestamp(u64::MAX),
            refresh_token: refresh,
        }
    }

    /// The private key of access tokens. Cognito itself never discloses it.
    pub fn private_key(&self) -> EncodingKey {
        let file = self.aws.state().join(format!("cognito-pool-keys/{}-access.pem", self.id));
        let key = RsaPrivateKey::from_pkcs8_pem(&std::fs::read_to_string(file).unwrap()).unwrap();
        EncodingKey::from_rsa_der(key.to_pkcs1_der().unwrap().as_bytes())
    }

    async fn call(&self, action: &str, mut body: Value) -> Value {
        body["UserPoolId"] = json!(self.id);
        call(self.aws, action, body).await
    }
}

/// A token that names `key_id` as its key, signed by `key`.
pub fn sign(key_id: &str, claims: &Value, key: &EncodingKey) -> String {
    encode(&Header { kid: Some(key_id.to_owned()), ..Header::new(Algorithm::RS256) }, claims, key).unwrap()
}

fn discovery(aws: &LocalAws, pool: &str) -> String {
    format!("{}/{pool}/.well-known/openid-configuration", aws.url())
}

async fn call(aws: &LocalAws, action: &str, body: Value) -> Value {
    let request = Client::new()
        .post(aws.url())
        .header("x-amz-target", format!("AWSCognitoIdentityProviderService.{action}"))
        .header(header::CONTENT_TYPE, "application/x-amz-json-1.1")
        .body(body.to_string());
    let response = request.send().await.unwrap();
    let (status, text) = (response.status(), response.text().await.unwrap());
    assert!(status.is_success(), "{action} {body}: {status} {text}");
    serde_json::from_str(&text).unwrap()
}

async fn get(address: &str) -> Value {
    Client::new().get(address).send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
