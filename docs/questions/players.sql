-- The 20 players with the most play time: games and seconds. A game lasts from its start to its last batch.
WITH records AS (
    SELECT *
    FROM read_json('archive/*/*/*/*.json.gz', columns = {record: 'VARCHAR', game: 'VARCHAR', player: 'VARCHAR', nickname: 'VARCHAR', opened_at: 'BIGINT', received_at: 'BIGINT'})
),
last_batches AS (
    SELECT game, max(received_at) AS last_at FROM records WHERE record = 'events' GROUP BY game
)
SELECT
    any_value(nickname) AS nickname,
    count(*) AS games,
    CAST(sum(last_at - opened_at) / 1000 AS INTEGER) AS seconds
FROM records JOIN last_batches USING (game)
WHERE record = 'opened'
GROUP BY player
ORDER BY seconds DESC, nickname
LIMIT 20;
