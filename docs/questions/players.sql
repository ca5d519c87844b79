-- Who has played how often, and for how long? A game lasts from its ticket to its last batch.
WITH records AS (
    SELECT *
    FROM read_json('archive/*/*/*/*.json.gz', columns = {record: 'VARCHAR', game: 'VARCHAR', player: 'VARCHAR', nickname: 'VARCHAR', opened_at: 'BIGINT', received_at: 'BIGINT'})
),
heard AS (
    SELECT game, max(received_at) AS last_at FROM records WHERE record = 'events' GROUP BY game
)
SELECT
    any_value(nickname) AS nickname,
    count(*) AS games,
    CAST(sum(last_at - opened_at) / 1000 AS INTEGER) AS seconds
FROM records JOIN heard USING (game)
WHERE record = 'opened'
GROUP BY player
ORDER BY seconds DESC, nickname
LIMIT 20;
