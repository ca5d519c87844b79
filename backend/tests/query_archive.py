"""Runs a query file on an archive with DuckDB, and prints the rows as JSON."""

import json
import sys

import duckdb

query, archive = sys.argv[1:]
with open(query) as file:
    rows = duckdb.sql(file.read().replace("'archive/", f"'{archive}/")).fetchall()
print(json.dumps(rows))
