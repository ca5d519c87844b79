"""Answers a question about an archive, both given as files, by DuckDB, as JSON."""

import json
import sys

import duckdb

question, archive = sys.argv[1:]
with open(question) as file:
    rows = duckdb.sql(file.read().replace("'archive/", f"'{archive}/")).fetchall()
print(json.dumps(rows))
