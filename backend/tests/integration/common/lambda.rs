//! AWS Lambda, as far as the processor's function sees it: a runtime API that brings it batches and takes its answers, and
//! a way to the tables that can be closed. The event sources of the local AWS do not know answers that name what is to be
//! brought again.

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
use backend::clock;
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

use super::aws::{self, LocalAws};

/// When AWS ends the function, as infra/ has it.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The function, in a process of its own, on what servers share. Dropping it kills it.
pub struct Function {
    process: Child,
    cloud: Arc<Cloud>,
    task: JoinHandle<()>,
    batches: UnboundedSender<(u32, Value)>,
    answers: UnboundedReceiver<(String, Value)>,
    delivered: u32,
}

/// What the function finds there.
struct Cloud {
    /// It asks for a batch.
    asked: Notify,
    batches: tokio::sync::Mutex<UnboundedReceiver<(u32, Value)>>,
    answers: UnboundedSender<(String, Value)>,
    client: reqwest::Client,
    dynamodb: String,
    denied: Mutex<Option<String>>,
}

impl Function {
    /// Starts it, and waits until it asks for something to do: until then it needs the tables.
    pub async fn start(aws: &LocalAws) -> Function {
        let (batches, brought) = unbounded_channel();
        let (taken, answers) = unbounded_channel();
        let cloud = Arc::new(Cloud {
            asked: Notify::new(),
            batches: brought.into(),
            answers: taken,
            client: reqwest::Client::new(),
            dynamodb: aws.url().to_owned(),
            denied: Mutex::default(),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(bring))
            .route("/2018-06-01/runtime/{*what}", post(take))
            .fallback(pass)
            .with_state(Arc::clone(&cloud));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let mut command = super::backend();
        command
            .arg("lambda")
            .envs(aws::variables(aws.url()))
            .env("AWS_ENDPOINT_URL_DYNAMODB", format!("http://{address}"))
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", "processor")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024")
            .envs([("ALIEN_KINESIS", "shared"), ("ALIEN_DYNAMODB", "shared"), ("RUST_LOG", "warn")]);
        let process = command.spawn().unwrap();
        let function = Function { process, cloud, task, batches, answers, delivered: 0 };
        tokio::time::timeout(TIMEOUT, function.cloud.asked.notified()).await.expect("it starts");
        function
    }

    /// What it answers to a batch.
    pub async fn deliver(&mut self, records: &[Value]) -> Value {
        self.delivered += 1;
        self.batches.send((self.delivered, json!({"Records": records}))).unwrap();
        let answer = tokio::time::timeout(TIMEOUT, self.answers.recv()).await;
        assert_eq!(self.process.try_wait().unwrap(), None, "it goes on");
        let (what, answer) = answer.expect("it answers before its time is over").unwrap();
        assert_eq!(what, format!("invocation/{}/response", self.delivered), "{answer}");
        answer
    }

    /// From now on all calls to DynamoDB fail that have this in them.
    pub fn deny(&self, what: &str) {
        *self.cloud.denied.lock().unwrap() = Some(what.to_owned());
    }

    /// From now on none does.
    pub fn allow(&self) {
        *self.cloud.denied.lock().unwrap() = None;
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

async fn bring(State(cloud): State<Arc<Cloud>>) -> impl IntoResponse {
    cloud.asked.notify_one();
    let (number, batch) = cloud.batches.lock().await.recv().await.unwrap();
    let ends = clock::now().after_millis(TIMEOUT.as_millis() as u64);
    let headers = [
        ("lambda-runtime-aws-request-id", number.to_string()),
        ("lambda-runtime-deadline-ms", ends.0.to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-central-1:000000000000:function:processor".into()),
        ("lambda-runtime-trace-id", "Root=1-00000000-000000000000000000000000".into()),
    ];
    (headers, Json(batch))
}

async fn take(State(cloud): State<Arc<Cloud>>, Path(what): Path<String>, answer: String) -> StatusCode {
    cloud.answers.send((what, serde_json::from_str(&answer).unwrap())).unwrap();
    StatusCode::ACCEPTED
}

/// What is denied is refused as where a right is missing: nobody tries that again at once.
async fn pass(State(cloud): State<Arc<Cloud>>, mut headers: HeaderMap, body: String) -> Response {
    if cloud.denied.lock().unwrap().as_ref().is_some_and(|what| body.contains(what)) {
        return (StatusCode::BAD_REQUEST, r#"{"__type": "AccessDeniedException"}"#).into_response();
    }
    headers.remove(header::HOST);
    let answer = cloud.client.post(&cloud.dynamodb).headers(headers).body(body).send().await.unwrap();
    (answer.status(), answer.bytes().await.unwrap()).into_response()
}

/// What is on a shard, as an event source brings it.
pub async fn records(aws: &LocalAws, shard: &str) -> Vec<Value> {
    let kinesis = aws.kinesis();
    let start = kinesis.get_shard_iterator().stream_name("shared").shard_id(shard).shard_iterator_type(TrimHorizon);
    let start = start.send().await.unwrap().shard_iterator.unwrap();
    let found = kinesis.get_records().shard_iterator(start).send().await.unwrap();
    let bring = |record: &Record| {
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
    };
    found.records().iter().map(bring).collect()
}
