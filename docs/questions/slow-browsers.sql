-- The 20 games with the slowest frames: 95th percentile and longest frame time, milliseconds.
WITH events AS (
    SELECT game, unnest(CAST(batch -> '$.events' AS JSON[])) AS event
    FROM read_json('archive/*/*/*/*.json.gz', columns = {record: 'VARCHAR', game: 'VARCHAR', batch: 'JSON'})
    WHERE record = 'events'
),
frames AS (
    SELECT game, CAST(event -> '$.what.frames.p95_ms' AS INTEGER) AS p95_ms, CAST(event -> '$.what.frames.max_ms' AS INTEGER) AS max_ms
    FROM events
)
SELECT game, max(p95_ms) AS p95_ms, max(max_ms) AS longest_ms
FROM frames
WHERE max_ms IS NOT NULL
GROUP BY game
ORDER BY p95_ms DESC, game
LIMIT 20;
