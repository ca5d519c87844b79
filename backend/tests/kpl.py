"""AWS's own module for aggregated records. `read` turns a record, as base64, into JSON; `write` turns JSON into a record."""

import base64
import json
import sys

from aws_kinesis_agg import aggregator, deaggregator


def read(record):
    envelope = {
        "Data": base64.b64decode(record),
        "PartitionKey": "outer",
        "SequenceNumber": "1",
        "ApproximateArrivalTimestamp": 0,
    }
    parts = deaggregator.iter_deaggregate_records([envelope], data_format="Boto3")
    rows = []
    for part in (part["kinesis"] for part in parts):
        data = base64.b64decode(part["data"]).decode()
        rows.append([part["partitionKey"], part.get("explicitHashKey"), data])
    return json.dumps(rows)


def write(records):
    whole = aggregator.RecordAggregator()
    for key, explicit_hash, data in json.loads(records):
        whole.add_user_record(key, data.encode(), explicit_hash)
    _, _, contents = whole.clear_and_get().get_contents()
    return base64.b64encode(contents).decode()


print({"read": read, "write": write}[sys.argv[1]](sys.stdin.read()))
