//! A proxy between the server and the local AWS that injects faults: it throttles calls, fails them in whole or in part,
//! delays them, and cuts connections before and after the service has carried out the call.

use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use super::{aws::LocalAws, kinesis::LocalKinesis, random::Random};

/// The prefix of the targets of calls to Kinesis.
const KINESIS: &str = "Kinesis_20131202.";
const THROTTLED: &str = "ProvisionedThroughputExceededException";
const FAILED: &str = "InternalFailure";
const MAX_DELAY_MILLIS: u64 = 4_000;

/// A fault that the proxy injects into a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The call is refused because of its rate.
    Throttle,
    /// The call is refused with an internal error.
    Fail,
    /// The connection is cut; the service does not get the call.
    CutBefore,
    /// The service carries out the call; its response is cut off.
    CutAfter,
    /// The call is carried out later.
    Delay,
    /// Some records of a `PutRecords` call are refused. Other calls are throttled.
    FailPart,
}

impl Fault {
    /// All faults.
    pub const ALL: [Fault; 6] =
        [Fault::Throttle, Fault::Fail, Fault::CutBefore, Fault::CutAfter, Fault::Delay, Fault::FailPart];
}

/// The proxy. Dropping it ends it.
pub struct FaultProxy {
    upstream: Arc<Upstream>,
    port: u16,
    task: JoinHandle<()>,
}

struct Upstream {
    client: reqwest::Client,
    aws: String,
    kinesis: String,
    /// How many of 100 calls get a fault.
    fault_percent: AtomicU64,
    random: Mutex<Random>,
    injected: Mutex<BTreeMap<Fault, u64>>,
}

impl FaultProxy {
    /// Starts a proxy without faults, in front of a local Kinesis, and of a local AWS for the other services.
    pub async fn start(aws: &LocalAws, kinesis: &LocalKinesis) -> FaultProxy {
        let upstream = Arc::new(Upstream {
            client: reqwest::Client::new(),
            aws: aws.url().to_owned(),
            kinesis: kinesis.url().to_owned(),
            fault_percent: AtomicU64::new(0),
            random: Mutex::new(Random::new("the fault proxy")),
            injected: Mutex::default(),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = Router::new().fallback(handle).with_state(Arc::clone(&upstream));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        FaultProxy { upstream, port, task }
    }

    /// The URL of the proxy.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on `percent` of 100 calls get a fault.
    pub fn set_fault_percent(&self, percent: u64) {
        self.upstream.fault_percent.store(percent, Relaxed);
    }

    /// How often each fault was injected.
    pub fn injected(&self) -> BTreeMap<Fault, u64> {
        self.upstream.injected.lock().unwrap().clone()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn handle(State(upstream): State<Arc<Upstream>>, headers: HeaderMap, body: Bytes) -> Response {
    match upstream.draw_fault(&headers) {
        None => upstream.forward(&headers, body).await,
        Some(Fault::Throttle) => refuse(StatusCode::BAD_REQUEST, THROTTLED),
        Some(Fault::Fail) => refuse(StatusCode::INTERNAL_SERVER_ERROR, FAILED),
        Some(Fault::CutBefore) => cut(),
        Some(Fault::CutAfter) => {
            upstream.forward(&headers, body).await;
            cut()
        }
        Some(Fault::Delay) => {
            tokio::time::sleep(Duration::from_millis(upstream.random_below(MAX_DELAY_MILLIS))).await;
            upstream.forward(&headers, body).await
        }
        Some(Fault::FailPart) => upstream.forward_part(&headers, &body).await,
    }
}

impl Upstream {
    fn random_below(&self, limit: u64) -> u64 {
        self.random.lock().unwrap().below(limit)
    }

    /// Draws whether a call gets a fault, and which one, and counts it.
    fn draw_fault(&self, headers: &HeaderMap) -> Option<Fault> {
        if self.random_below(100) >= self.fault_percent.load(Relaxed) {
            return None;
        }
        let has_parts = target(headers).strip_prefix(KINESIS) == Some("PutRecords");
        let fault = match Fault::ALL[self.random_below(Fault::ALL.len() as u64) as usize] {
            Fault::FailPart if !has_parts => Fault::Throttle,
            fault => fault,
        };
        *self.injected.lock().unwrap().entry(fault).or_default() += 1;
        Some(fault)
    }

    async fn forward(&self, headers: &HeaderMap, body: impl Into<reqwest::Body>) -> Response {
        let service = if target(headers).starts_with(KINESIS) { &self.kinesis } else { &self.aws };
        let mut headers = headers.clone();
        headers.remove(header::HOST);
        headers.remove(header::CONTENT_LENGTH);
        let Ok(response) = self.client.post(service).headers(headers).body(body).send().await else {
            return cut();
        };
        let status = response.status();
        let kind = response.headers().get(header::CONTENT_TYPE).cloned();
        let bytes = response.bytes().await.unwrap_or_default();
        (status, [(header::CONTENT_TYPE, kind.unwrap_or(HeaderValue::from_static("application/json")))], bytes)
            .into_response()
    }

    /// Forwards some of the records and refuses the others.
    async fn forward_part(&self, headers: &HeaderMap, body: &[u8]) -> Response {
        let mut request: Value = serde_json::from_slice(body).unwrap();
        let records = request["Records"].as_array().cloned().unwrap_or_default();
        let passes: Vec<bool> = records.iter().map(|_| self.random_below(2) == 0).collect();
        let passing = records.into_iter().zip(&passes).filter_map(|(record, passes)| passes.then_some(record));
        request["Records"] = passing.collect();
        let response = self.forward(headers, request.to_string()).await;
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default();
        let mut response: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let mut results = response["Records"].as_array().cloned().unwrap_or_default().into_iter();
        let all = passes.iter().map(|passes| {
            let code = if self.random_below(2) == 0 { THROTTLED } else { FAILED };
            let refused = json!({"ErrorCode": code, "ErrorMessage": "refused by the fault proxy"});
            if *passes { results.next().unwrap_or(refused) } else { refused }
        });
        response["Records"] = all.collect();
        response["FailedRecordCount"] = passes.iter().filter(|passes| !**passes).count().into();
        ([(header::CONTENT_TYPE, "application/x-amz-json-1.1")], response.to_string()).into_response()
    }
}

/// The service and the action of a call.
fn target(headers: &HeaderMap) -> &str {
    headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default()
}

fn refuse(status: StatusCode, code: &str) -> Response {
    let body = json!({"__type": code, "message": "refused by the fault proxy"}).to_string();
    (status, [(header::CONTENT_TYPE, "application/x-amz-json-1.1")], body).into_response()
}

/// A response whose body ends with an error.
fn cut() -> Response {
    let broken = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("cut")) });
    Response::new(Body::from_stream(broken))
}
