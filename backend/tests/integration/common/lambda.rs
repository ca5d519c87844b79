//! AWS Lambda for the processor's function: a runtime API that delivers batches and takes responses, and a proxy to
//! DynamoDB that can deny calls. The event sources of the local AWS do not support responses that name failed records.

use std::{
    net::Ipv4Addr,
    process::Child,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_sdk_kinesis::types::{Record, ShardIteratorType::TrimHorizon};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::{
        Notify,
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    },
    task::JoinHandle,
};

use super::{
    aws::{self, LocalAws},
    now, process,
};

/// The time limit of an invocation, as configured in infra/.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The function, in a process of its own, on the shared AWS engines. Dropping it kills it.
pub struct Function {
    process: Child,
    runtime: Arc<RuntimeApi>,
    task: JoinHandle<()>,
    batches: UnboundedSender<(u32, Value)>,
    responses: UnboundedReceiver<(String, Value)>,
    invocations: u32,
}

/// The state of the runtime API and of the proxy to DynamoDB.
struct RuntimeApi {
    /// Notified when the function asks for a batch.
    is_ready: Notify,
    batches: tokio::sync::Mutex<UnboundedReceiver<(u32, Value)>>,
    responses: UnboundedSender<(String, Value)>,
    client: reqwest::Client,
    dynamodb: String,
    /// Calls to DynamoDB whose body contains this text are denied.
    denied: Mutex<Option<String>>,
}

impl Function {
    /// Starts the function, and waits until it asks for a batch. To start, it needs the tables.
    pub async fn start(aws: &LocalAws) -> Function {
        let (batches, batch_receiver) = unbounded_channel();
        let (response_sender, responses) = unbounded_channel();
        let runtime = Arc::new(RuntimeApi {
            is_ready: Notify::new(),
            batches: batch_receiver.into(),
            responses: response_sender,
            client: reqwest::Client::new(),
            dynamodb: aws.url().to_owned(),
            denied: Mutex::default(),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next_invocation))
            .route("/2018-06-01/runtime/{*path}", post(take_response))
            .fallback(forward_to_dynamodb)
            .with_state(Arc::clone(&runtime));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let process = spawn(aws, &address);
        let function = Function { process, runtime, task, batches, responses, invocations: 0 };
        tokio::time::timeout(TIMEOUT, function.runtime.is_ready.notified()).await.expect("the function did not start");
        function
    }

    /// Delivers a batch of records, and returns the function's response.
    pub async fn invoke(&mut self, records: &[Value]) -> Value {
        self.invocations += 1;
        self.batches.send((self.invocations, json!({"Records": records}))).unwrap();
        let received = tokio::time::timeout(TIMEOUT, self.responses.recv()).await;
        assert_eq!(self.process.try_wait().unwrap(), None, "the function ended");
        let (path, response) = received.expect("the function exceeded its time limit").unwrap();
        assert_eq!(path, format!("invocation/{}/response", self.invocations), "{response}");
        response
    }

    /// Denies calls to DynamoDB whose body contains `text`.
    pub fn deny_calls_with(&self, text: &str) {
        *self.runtime.denied.lock().unwrap() = Some(text.to_owned());
    }

    /// Denies no calls any more.
    pub fn allow_all_calls(&self) {
        *self.runtime.denied.lock().unwrap() = None;
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
        self.task.abort();
    }
}

fn spawn(aws: &LocalAws, runtime_address: &str) -> Child {
    let mut command = process::backend();
    command
        .arg("lambda")
        .envs(aws::variables(aws.url()))
        .env("AWS_ENDPOINT_URL_DYNAMODB", format!("http://{runtime_address}"))
        .env("AWS_LAMBDA_RUNTIME_API", runtime_address)
        .env("AWS_LAMBDA_FUNCTION_NAME", "processor")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024")
        .envs([("ALIEN_KINESIS", "shared"), ("ALIEN_DYNAMODB", "shared"), ("RUST_LOG", "warn")]);
    command.spawn().unwrap()
}

async fn next_invocation(State(runtime): State<Arc<RuntimeApi>>) -> impl IntoResponse {
    runtime.is_ready.notify_one();
    let (number, batch) = runtime.batches.lock().await.recv().await.unwrap();
    let deadline = now().after_millis(TIMEOUT.as_millis() as u64);
    let headers = [
        ("lambda-runtime-aws-request-id", number.to_string()),
        ("lambda-runtime-deadline-ms", deadline.0.to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-central-1:000000000000:function:processor".into()),
        ("lambda-runtime-trace-id", "Root=1-00000000-000000000000000000000000".into()),
    ];
    (headers, Json(batch))
}

async fn take_response(State(runtime): State<Arc<RuntimeApi>>, Path(path): Path<String>, body: String) -> StatusCode {
    runtime.responses.send((path, serde_json::from_str(&body).unwrap())).unwrap();
    StatusCode::ACCEPTED
}

/// Denied calls get the error of a missing permission, which clients do not retry.
async fn forward_to_dynamodb(State(runtime): State<Arc<RuntimeApi>>, mut headers: HeaderMap, body: String) -> Response {
    if runtime.denied.lock().unwrap().as_ref().is_some_and(|text| body.contains(text)) {
        return (StatusCode::BAD_REQUEST, r#"{"__type": "AccessDeniedException"}"#).into_response();
    }
    headers.remove(header::HOST);
    let response = runtime.client.post(&runtime.dynamodb).headers(headers).body(body).send().await.unwrap();
    (response.status(), response.bytes().await.unwrap()).into_response()
}

/// The records of a shard in the form in which an event source delivers them.
pub async fn records(aws: &LocalAws, shard: &str) -> Vec<Value> {
    let kinesis = aws.kinesis();
    let iterator = kinesis.get_shard_iterator().stream_name("shared").shard_id(shard).shard_iterator_type(TrimHorizon);
    let iterator = iterator.send().await.unwrap().shard_iterator.unwrap();
    let found = kinesis.get_records().shard_iterator(iterator).send().await.unwrap();
    found.records().iter().map(|record| event_of(shard, record)).collect()
}

fn event_of(shard: &str, record: &Record) -> Value {
    json!({
        "eventID": format!("{shard}:{}", record.sequence_number()),
        "eventName": "aws:kinesis:record",
        "eventSource": "aws:kinesis",
        "eventSourceARN": "arn:aws:kinesis:eu-central-1:000000000000:stream/shared",
        "eventVersion": "1.0",
        "awsRegion": "eu-central-1",
        "invokeIdentityArn": "arn:aws:iam::000000000000:role/processor",
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": record.partition_key(),
            "sequenceNumber": record.sequence_number(),
            "data": STANDARD.encode(record.data()),
            "approximateArrivalTimestamp": record.approximate_arrival_timestamp().unwrap().as_secs_f64(),
        },
    })
}
