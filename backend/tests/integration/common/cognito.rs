//! A user pool at the local AWS's Cognito, by plain requests: its SDK would be one more to compile, for a few calls.

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

/// A user pool whose groups are Managers and Players, with a client for the game.
pub struct UserPool<'a> {
    aws: &'a LocalAws,
    id: String,
    /// The client.
    pub app: String,
    /// The issuer, as its tokens name it.
    pub issuer: String,
    /// The set of its public keys.
    pub keys: Vec<Value>,
}

/// What somebody who signs in gets.
pub struct SignedIn {
    pub access: String,
    pub id: String,
    pub refresh: String,
}

impl UserPool<'_> {
    /// Makes one.
    pub async fn create(aws: &LocalAws) -> UserPool<'_> {
        let pool = call(aws, "CreateUserPool", json!({"PoolName": "aliens"})).await;
        let id = text(&pool["UserPool"]["Id"]);
        let discovery: Value = get(&discovery(aws, &id)).await;
        let keys: Value = get(&text(&discovery["jwks_uri"])).await;
        let keys = keys["keys"].as_array().unwrap().clone();
        let mut pool = UserPool { aws, id, app: String::new(), issuer: text(&discovery["issuer"]), keys };
        for group in ["Managers", "Players"] {
            pool.call("CreateGroup", json!({"GroupName": group})).await;
        }
        pool.app = pool.client("game").await;
        pool
    }

    /// One more client of the pool.
    pub async fn client(&self, name: &str) -> String {
        let flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
        let client = self.call("CreateUserPoolClient", json!({"ClientName": name, "ExplicitAuthFlows": flows})).await;
        text(&client["UserPoolClient"]["ClientId"])
    }

    /// A server whose accounts are here.
    pub fn server(&self) -> TestServer {
        let discovery = discovery(self.aws, &self.id);
        let issuer = ["--oidc-issuer", &self.issuer, "--oidc-client", &self.app];
        TestServer::start(&[&issuer[..], &["--oidc-discovery", &discovery]].concat())
    }

    /// Somebody new in a group.
    pub async fn user(&self, name: &str, group: &str) {
        let email = json!([{"Name": "email", "Value": format!("{name}@aliens.example")}]);
        self.call("AdminCreateUser", json!({"Username": name, "UserAttributes": email})).await;
        let password = json!({"Username": name, "Password": PASSWORD, "Permanent": true});
        self.call("AdminSetUserPassword", password).await;
        self.call("AdminAddUserToGroup", json!({"Username": name, "GroupName": group})).await;
    }

    /// Signs in at a client.
    pub async fn sign_in(&self, name: &str, client: &str) -> SignedIn {
        let who = json!({"USERNAME": name, "PASSWORD": PASSWORD});
        let asked = json!({"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": who});
        let given = &call(self.aws, "InitiateAuth", asked).await["AuthenticationResult"];
        let [access, id, refresh] = ["AccessToken", "IdToken", "RefreshToken"].map(|name| text(&given[name]));
        SignedIn { access, id, refresh }
    }

    /// Somebody new in a group, signed in to a server, as its pages keep it.
    pub async fn signed_in(&self, server: &TestServer, name: &str, group: &str) -> Tokens {
        self.user(name, group).await;
        let SignedIn { access, refresh, .. } = self.sign_in(name, &self.app).await;
        let caller: CallerView = server.told(Method::GET, "/v1/accounts/mine", Some(&access), None).await;
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

    /// The key that the pool signs access tokens with, which in the cloud nobody gets to see.
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

/// A token that says it was signed by the key of that name.
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
    let answer = request.send().await.unwrap();
    let (status, said) = (answer.status(), answer.text().await.unwrap());
    assert!(status.is_success(), "{action} {body}: {status} {said}");
    serde_json::from_str(&said).unwrap()
}

async fn get(address: &str) -> Value {
    Client::new().get(address).send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
