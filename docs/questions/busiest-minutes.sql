-- The 20 minutes with the most events: batches, events and games in progress per minute.
SELECT
    strftime(make_timestamp(received_at * 1000), '%Y-%m-%d %H:%M') AS minute,
    count(*) AS batches,
    sum(json_array_length(batch, '$.events')) AS events,
    count(DISTINCT game) AS games
FROM read_json('archive/*/*/*/*.json.gz', columns = {record: 'VARCHAR', game: 'VARCHAR', received_at: 'BIGINT', batch: 'JSON'})
WHERE record = 'events'
GROUP BY minute
ORDER BY events DESC, minute
LIMIT 20;
