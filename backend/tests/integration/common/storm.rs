//! A proxy between the server and the local AWS that does what networks and busy services do: it throttles, fails, fails
//! in part, delays, and cuts connections before and after the service has done its work.

use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering::Relaxed},
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

use super::{aws::LocalAws, kinesis::LocalKinesis};

/// How the targets of calls to Kinesis begin.
const KINESIS: &str = "Kinesis_20131202.";
const THROTTLED: &str = "ProvisionedThroughputExceededException";
const FAILED: &str = "InternalFailure";

/// The proxy. Dropping it ends it.
pub struct Storm {
    sky: Arc<Sky>,
    port: u16,
    task: JoinHandle<()>,
}

struct Sky {
    client: reqwest::Client,
    aws: String,
    kinesis: String,
    /// Of 100 calls, so many go wrong.
    percent: AtomicU32,
    told: Mutex<BTreeMap<&'static str, u64>>,
}

impl Storm {
    /// A calm one, for now, before a local Kinesis, and a local AWS for all else.
    pub async fn start(aws: &LocalAws, kinesis: &LocalKinesis) -> Storm {
        let sky = Sky {
            client: reqwest::Client::new(),
            aws: aws.url().to_owned(),
            kinesis: kinesis.url().to_owned(),
            percent: AtomicU32::new(0),
            told: Mutex::default(),
        };
        let sky = Arc::new(sky);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = Router::new().fallback(pass).with_state(Arc::clone(&sky));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Storm { sky, port, task }
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on so many of 100 calls go wrong.
    pub fn rage(&self, percent: u32) {
        self.sky.percent.store(percent, Relaxed);
    }

    /// From now on nothing goes wrong.
    pub fn calm(&self) {
        self.sky.percent.store(0, Relaxed);
    }

    /// What went wrong how often.
    pub fn told(&self) -> BTreeMap<&'static str, u64> {
        self.sky.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Storm {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(State(sky): State<Arc<Sky>>, headers: HeaderMap, body: Bytes) -> Response {
    let goes_wrong = random() % 100 < sky.percent.load(Relaxed);
    let what = if goes_wrong { random() % 6 } else { u32::MAX };
    let told = |what| *sky.told.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_default() += 1;
    match what {
        0 => {
            told("throttled");
            refuse(StatusCode::BAD_REQUEST, THROTTLED)
        }
        1 => {
            told("failed");
            refuse(StatusCode::INTERNAL_SERVER_ERROR, FAILED)
        }
        2 => {
            told("cut before");
            cut()
        }
        3 => {
            told("cut after");
            sky.forward(&headers, body).await;
            cut()
        }
        4 => {
            told("delayed");
            tokio::time::sleep(Duration::from_millis(u64::from(random() % 4_000))).await;
            sky.forward(&headers, body).await
        }
        5 if target(&headers).strip_prefix(KINESIS) == Some("PutRecords") => {
            told("failed in part");
            sky.forward_part(&headers, &body).await
        }
        5 => {
            told("throttled");
            refuse(StatusCode::BAD_REQUEST, THROTTLED)
        }
        _ => {
            told("passed");
            sky.forward(&headers, body).await
        }
    }
}

impl Sky {
    async fn forward(&self, headers: &HeaderMap, body: impl Into<reqwest::Body>) -> Response {
        let service = if target(headers).starts_with(KINESIS) { &self.kinesis } else { &self.aws };
        let mut headers = headers.clone();
        headers.remove(header::HOST);
        headers.remove(header::CONTENT_LENGTH);
        let Ok(answer) = self.client.post(service).headers(headers).body(body).send().await else {
            return cut();
        };
        let status = answer.status();
        let kind = answer.headers().get(header::CONTENT_TYPE).cloned();
        let bytes = answer.bytes().await.unwrap_or_default();
        (status, [(header::CONTENT_TYPE, kind.unwrap_or(HeaderValue::from_static("application/json")))], bytes)
            .into_response()
    }

    /// Lets some of the records through, and refuses the others.
    async fn forward_part(&self, headers: &HeaderMap, body: &[u8]) -> Response {
        let mut request: Value = serde_json::from_slice(body).unwrap();
        let records = request["Records"].as_array().cloned().unwrap_or_default();
        let passes: Vec<bool> = records.iter().map(|_| random().is_multiple_of(2)).collect();
        let through = records.into_iter().zip(&passes).filter_map(|(record, passes)| passes.then_some(record));
        request["Records"] = through.collect();
        let answer = self.forward(headers, request.to_string()).await;
        let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap_or_default();
        let mut answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let mut results = answer["Records"].as_array().cloned().unwrap_or_default().into_iter();
        let all = passes.iter().map(|passes| {
            let code = if random().is_multiple_of(2) { THROTTLED } else { FAILED };
            let refused = json!({"ErrorCode": code, "ErrorMessage": "not now"});
            if *passes { results.next().unwrap_or(refused) } else { refused }
        });
        answer["Records"] = all.collect();
        answer["FailedRecordCount"] = passes.iter().filter(|passes| !**passes).count().into();
        ([(header::CONTENT_TYPE, "application/x-amz-json-1.1")], answer.to_string()).into_response()
    }
}

/// What a call wants done.
fn target(headers: &HeaderMap) -> &str {
    headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default()
}

fn refuse(status: StatusCode, code: &str) -> Response {
    let body = json!({"__type": code, "message": "not now"}).to_string();
    (status, [(header::CONTENT_TYPE, "application/x-amz-json-1.1")], body).into_response()
}

/// An answer that breaks off.
fn cut() -> Response {
    let broken = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("cut")) });
    Response::new(Body::from_stream(broken))
}

fn random() -> u32 {
    getrandom::u32().unwrap()
}
