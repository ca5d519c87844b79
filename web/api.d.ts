// Generated from backend/openapi.json by `npm run generate`. Do not edit.

export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns 200 while the server runs. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns the server's metrics in Prometheus' text format. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns 200 while the server can accept and process events. Returns 503 while it stops, if its processor has ended or
         *     has been behind for ten seconds, or if a newer server wrote records that this one cannot process.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Creates an account and signs in.
         * @description The server chooses the account name. The response contains it.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewAccount"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Tokens"];
                    };
                };
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns the caller's player ID and role. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CallerView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/mine/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes the caller's password and revokes all other tokens of the account. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChangePassword"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Tokens"];
                    };
                };
                /** @description The token or the current password is wrong */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description This server uses an external issuer for accounts; see `GET /v1/identity` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns the server's time, so that a browser can estimate the offset of its own clock. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Clock"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/codes/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns the session with a join code. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    code: components["schemas"]["JoinCode"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionView"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/codes/{code}/qr.svg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns a QR code of the address that joins a session, as SVG. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    code: components["schemas"]["JoinCode"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/svg+xml": string;
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns up to 100 records that could not be processed, oldest first, for managers. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeadLetters"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{place}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Appends a record that could not be processed to the stream again, for managers.
         * @description If the record still cannot be processed, it becomes a dead letter at a new position.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    place: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/flow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns the counters of processed events, for managers. The difference of two responses gives rates. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FlowView"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/games": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Starts a game and returns its ticket: the seed, the tuning and the token for sending events.
         * @description Where all games of a session have the same seed, a ticket that is issued before they may start has a commitment in place
         *     of the seed. The session then reveals the seed.
         *
         *     A player has at most one ticket without ticks. In a session, a further request returns the same game with another start
         *     and token, and the earlier token is no longer valid. In open play it does so after some seconds. A game of a session
         *     counts as an attempt from its first ticks on.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewGame"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Ticket"];
                    };
                };
                /** @description The nickname or token is invalid, the client has another version, or the session refuses; `detail` says why */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/games/{game}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns a game as far as it has been processed. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    game: components["schemas"]["GameId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["GameView"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Takes a game off the standings, or lets it rank again, for managers. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    game: components["schemas"]["GameId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RankDecision"];
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/v1/games/{game}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Appends a batch of a game's events durably.
         * @description The response says which events are durable and contains the game token for the next batch. A client that missed a
         *     response sends the same batch again with the older token.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description `Bearer` and the game's newest `game_token`, from the ticket or the last response */
                    authorization: string;
                };
                path: {
                    game: components["schemas"]["GameId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Ack"];
                    };
                };
                /** @description Invalid or expired token, or the game's ticket was issued again */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The token is for another game */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Events before this batch are missing; send again from `expected_seq`. Or no attempt is left */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is larger than 64 KiB */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The batch is invalid; `detail` says why */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The server is busy, or ticks of the batch are not due yet; try again after `Retry-After` seconds */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The events are not durable; try again after `Retry-After` seconds */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/games/{game}/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns how a game was played, for managers: figures of the buttons and of their time, marks where no hand plays so, and
         *     the last decision of a manager about the game.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    game: components["schemas"]["GameId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["GameFigures"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/games/{game}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns the replay of a game: its seed, tuning and buttons.
         * @description The game's player, managers, and big screens with a viewer token of the game's session get all buttons. For everyone
         *     else the log is some seconds behind the game, and complete that long after its end; `delay_seconds` says how many.
         *
         *     Where all games of a session have the same seed, nobody gets a replay before they may start, and the public none before
         *     the session is closed.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    game: components["schemas"]["GameId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["GameReplay"];
                    };
                };
                /** @description The token is invalid; a request without a token gets a delayed log */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description All games of the session have the same seed, and it is not closed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description All games of the session have the same seed, and they have not started */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description The game was played by other rules, so this server cannot replay it */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/identity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns how users sign in: with a password on this server, or at an external OpenID Connect issuer. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["IdentityView"];
                    };
                };
                /** @description The external issuer is not available; try again later */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns server-sent events with the current state of a session, and again whenever it changes.
         * @description The events are named `session`, `seats` and `standings`; their data is `SessionView`, `Seats` and `Standings` as JSON.
         *     Open play has `standings` only.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The session. Default: open play. */
                    session?: components["schemas"]["SessionId"];
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/players/{player}/games": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns the newest 100 games of a player, newest first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    player: components["schemas"]["PlayerId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PlayerGames"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns open sessions, newest first. Managers get all sessions. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Sessions"];
                    };
                };
            };
        };
        put?: never;
        /** Creates a session, for managers. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Plan"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionView"];
                    };
                };
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns a session. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    session: components["schemas"]["SessionId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionView"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/admission": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Changes which new players can join a session, for managers.
         * @description Players who have a seat keep it, and come back without an approval. With `open`, waiting players get seats with their
         *     next heartbeats.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    session: components["schemas"]["SessionId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChangeAdmission"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionView"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/games": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns a page of up to 100 games of a session, newest first, for managers. */
        get: {
            parameters: {
                query?: {
                    /** @description The number of games to skip: `next` of the last response. */
                    after?: number;
                };
                header?: never;
                path: {
                    session: components["schemas"]["SessionId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionGames"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/games.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns all games of a session as CSV, for managers. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    session: components["schemas"]["SessionId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/moves": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Opens, starts, extends, closes or reopens a session, for managers.
         * @description `moves` of the session lists the moves that are allowed now.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    session: components["schemas"]["SessionId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Move"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionView"];
                    };
                };
                /** @description The session does not allow this move now */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/seats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns every player who ever had a seat in a session or waits for one, for managers. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    session: components["schemas"]["SessionId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Seats"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Takes a seat in a session, or asks for one.
         * @description A caller without a token becomes a new guest. The response contains the guest's token. If new players need an approval,
         *     a new player waits: `approval` is `waiting` until a manager approves, and heartbeats return when that is.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    session: components["schemas"]["SessionId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Join"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Seated"];
                    };
                };
                /** @description The session does not admit guests, or a manager has removed the player */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description All seats or the nickname are taken, too many players wait, or the session is locked or not open */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/seats/mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keeps the caller's seat, or the place of a waiting caller. Browsers call this every five seconds. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    session: components["schemas"]["SessionId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OwnSeat"];
                    };
                };
                /** @description The caller lost the seat or was just approved, and all seats are taken */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Frees the caller's seat. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    session: components["schemas"]["SessionId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/seats/{player}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Approves, renames, removes or readmits a player, for managers.
         * @description A player who is approved or readmitted takes a seat with the next heartbeat, while one is free.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    session: components["schemas"]["SessionId"];
                    player: components["schemas"]["PlayerId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SeatChange"];
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/v1/sessions/{session}/viewer-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Issues a viewer token for a session, for managers.
         * @description With it, a big screen shows the session's games without a delay. Session `0000000000000000` is open play.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    session: components["schemas"]["SessionId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ViewerToken"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/standings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns a page of a session's standings, or the standings around a player. */
        get: {
            parameters: {
                query?: {
                    /** @description The number of standings, 1 to 100. */
                    top?: number;
                    /** @description The number of standings to skip: `next` of the last response. */
                    after?: number;
                    /** @description A player, to return the standings around that player's instead. */
                    around?: components["schemas"]["PlayerId"];
                    /** @description The session. Default: open play. */
                    session?: components["schemas"]["SessionId"];
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Standings"];
                    };
                };
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/standings.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns all standings of a session as CSV. */
        get: {
            parameters: {
                query?: {
                    /** @description The session. Default: open play. */
                    session?: components["schemas"]["SessionId"];
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in to an account and returns its tokens. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Tokens"];
                    };
                };
                /** @description Wrong name or password */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description This server uses an external issuer for accounts; see `GET /v1/identity` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many attempts; try again in a minute */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Revokes all tokens of the caller's account. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description This server uses an external issuer for accounts; see `GET /v1/identity` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchanges a refresh token for new tokens.
         * @description Each refresh token can be used once.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Refresh"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Tokens"];
                    };
                };
                /** @description The refresh token is unknown, used, expired or revoked; sign in again */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description This server uses an external issuer for accounts; see `GET /v1/identity` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tuning": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns the tuning of the next game of open play. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Tuning"];
                    };
                };
            };
        };
        put?: never;
        /** Parses and checks a tuning in TOML, for managers who plan a session. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "text/plain": string;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Tuning"];
                    };
                };
                /** @description The tuning is invalid; `detail` has a line for each error */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description The name to sign in with: 1 to 32 of the characters a-z, 0-9 and `-`. Other players do not see it.
         * @example ada-4821
         */
        AccountName: string;
        /** @description Response of `POST /v1/games/{game}/events`: the progress of the game's events. */
        Ack: {
            /**
             * @description Game token for the `Authorization: Bearer` header of the next events. It expires no later than the token of
             *     the ticket.
             */
            game_token: string;
            /**
             * Format: int64
             * @description Lag of the first button of the batch: the time from when it was due until the server received it, milliseconds. 0 if
             *     no button is held in the batch. In a real-time session a game with a larger lag than bad Wi-Fi causes does not rank.
             */
            lag_millis?: number;
            /** @description The next expected event number. All events with lower numbers are durable, so the client can discard them. */
            next_seq: components["schemas"]["Seq"];
        };
        /**
         * @description Which new players can join a session. A manager can change it at any time.
         * @enum {string}
         */
        Admission: "open" | "approval" | "locked";
        /**
         * @description Whether a player may take a seat.
         * @enum {string}
         */
        Approval: "approved" | "waiting";
        /** @description Consecutive events of one game. The first has the number `first_seq`, and each next event the next number. */
        Batch: {
            /** @description 1 to 64 events. */
            events: components["schemas"]["Event"][];
            /** @description Number of the first event. */
            first_seq: components["schemas"]["Seq"];
            /**
             * Format: int32
             * @description Version of the batch format. The server accepts version 1.
             */
            schema: number;
        };
        /**
         * @description How the invaders drop bombs.
         * @enum {string}
         */
        Bombing: "random" | "patterned";
        /**
         * @description One of the player's buttons.
         * @enum {string}
         */
        Button: "left" | "right" | "fire";
        /** @description Figures of one button. */
        ButtonFigures: {
            /**
             * Format: int32
             * @description That length in ticks, 1 to 32; 0 without a hold.
             */
            even_hold_ticks: number;
            /**
             * Format: int32
             * @description Holds of the most frequent length.
             */
            even_holds: number;
            /**
             * Format: int32
             * @description Most presses in a row at exactly equal distances of at most a quarter of a second.
             */
            even_presses: number;
            /**
             * Format: int32
             * @description Presses that ended. The following figures describe them.
             */
            holds: number;
            /**
             * Format: int32
             * @description Median of the ticks of a hold, rounded down, 1 to 32; 0 without a hold.
             */
            median_hold: number;
            /**
             * Format: int32
             * @description Share of the changes of all buttons that came at a distance which is no multiple of that length, percent. It is
             *     0 on a device whose frames are that long, and for a length of a single tick or of more than a fifth of a second.
             */
            off_grid_percent: number;
            /**
             * Format: int32
             * @description Most presses in a window of ten seconds.
             */
            peak_presses: number;
            /**
             * Format: int32
             * @description Presses.
             */
            presses: number;
            /**
             * Format: int32
             * @description Holds of one or two ticks.
             */
            short_holds: number;
            /**
             * Format: int32
             * @description Ticks of the shortest hold, 1 to 32; 0 without a hold. 32 stands for 32 and more.
             */
            shortest_hold: number;
            /**
             * Format: int32
             * @description Holds of a single tick.
             */
            single_tick_holds: number;
        };
        /** @description Run-length encoded buttons in base64 without padding */
        ButtonLog: string;
        /** @description Response of `GET /v1/accounts/mine`: the caller, identified by the access token. */
        CallerView: {
            /** @description The player whose games the caller plays. */
            player: components["schemas"]["PlayerId"];
            /** @description Role of the caller. */
            role: components["schemas"]["Role"];
        };
        /** @description Request of `PUT /v1/sessions/{session}/admission`: changes which new players can join. */
        ChangeAdmission: {
            /** @description Which new players can join from now on. */
            admission: components["schemas"]["Admission"];
        };
        /** @description Request of `PUT /v1/accounts/mine/password`: changes the password and signs out all other browsers. */
        ChangePassword: {
            /** @description The new password. */
            new: components["schemas"]["Password"];
            /** @description The current password. */
            old: components["schemas"]["Password"];
        };
        /** @description Response of `GET /v1/clock`: the server's clock. A browser estimates its clock's offset from it. */
        Clock: {
            /** @description The current time. */
            now: components["schemas"]["Timestamp"];
        };
        /** @description A record that the processor could not process. */
        DeadLetterView: {
            /** @description Position of the record on the stream. */
            place: string;
            /** @description Why the record could not be processed. */
            reason: string;
        };
        /** @description Response of `GET /v1/dead-letters`: records that the processor could not process. */
        DeadLetters: {
            /** @description At most 100 dead letters, oldest first. */
            letters: components["schemas"]["DeadLetterView"][];
        };
        /** @description A manager's decision about a game. */
        DecisionView: {
            /** @description When the manager decided. */
            decided_at: components["schemas"]["Timestamp"];
            /** @description The manager. */
            decided_by: components["schemas"]["PlayerId"];
            /** @description The decision. */
            decision: components["schemas"]["RankDecision"];
        };
        /** @description An event of a game, reported by the browser. */
        Event: {
            /** @description Ticks played when the event occurred. For `buttons`, the ticks played before the first tick of the log. */
            tick: components["schemas"]["Tick"];
            /** @description The kind of event, with its data. */
            what: components["schemas"]["EventKind"];
        };
        /** @description The kinds of events. Only `buttons`, `hash` and `over` affect the result. The other kinds describe the browser. */
        EventKind: {
            /** @description The buttons of the next ticks. */
            buttons: components["schemas"]["ButtonLog"];
        } | {
            /** @description The hash of the browser's state after `tick` ticks. The server compares it with its own. */
            hash: components["schemas"]["StateHash"];
        } | {
            /** @description The game is over. Has the hash of the final state. */
            over: components["schemas"]["StateHash"];
        } | {
            /** @description Frame times since the previous event of this kind. */
            frames: {
                /**
                 * Format: int32
                 * @description Frames drawn.
                 */
                count: number;
                /**
                 * Format: int32
                 * @description Longest frame time, milliseconds.
                 */
                max_ms: number;
                /**
                 * Format: int32
                 * @description Median frame time, milliseconds.
                 */
                p50_ms: number;
                /**
                 * Format: int32
                 * @description 95th percentile of the frame times, milliseconds.
                 */
                p95_ms: number;
            };
        } | {
            /** @description The page became playable. */
            loaded: {
                /**
                 * Format: int32
                 * @description Time since navigation, milliseconds.
                 */
                ms: number;
            };
        } | "paused" | "resumed" | {
            /** @description An error occurred in the browser. Has the message, at most 500 characters. */
            error: string;
        } | "left";
        /** @description Response of `GET /v1/flow`: progress counters over all shards and processors, since the tables were created. */
        FlowView: {
            /**
             * Format: int64
             * @description Number of dead letters, at most 100.
             */
            dead_letters: number;
            /**
             * Format: int64
             * @description Number of events processed. An event counts each time it is received.
             */
            events: number;
            /**
             * Format: int64
             * @description Time from receiving the last processed batch to processing it, milliseconds.
             */
            lag_millis: number;
            /** @description The current time of the server. */
            now: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description Number of games rejected.
             */
            rejected: number;
        };
        /** @description Response of `GET /v1/games/{game}/figures`: how the game was played and what a manager decided, for managers. */
        GameFigures: {
            decision?: components["schemas"]["DecisionView"] | null;
            hand?: components["schemas"]["HandFigures"] | null;
            /** @description The marks: figures that no hand reaches. */
            marks: components["schemas"]["MarkView"][];
            /** @description Figures of the time in which the game was played. */
            pace: components["schemas"]["PaceFigures"];
        };
        /**
         * @description The ID of one game of one player.
         * @example 00c0ffee00c0ffee
         */
        GameId: string;
        /** @description Response of `GET /v1/games/{game}/replay`: the replay of a game, as far as the caller may read it. */
        GameReplay: components["schemas"]["Replay"] & {
            /**
             * Format: int32
             * @description Seconds by which the log is behind the game. 0 if the caller gets all processed buttons.
             */
            delay_seconds: number;
        };
        /** @description The result of a game. More points are better, then more lives, then fewer shots. */
        GameResult: {
            /**
             * Format: int32
             * @description Lives left.
             */
            lives: number;
            /**
             * Format: int32
             * @description Points.
             */
            score: number;
            /**
             * Format: int32
             * @description Rockets fired.
             */
            shots: number;
        };
        /** @description Response of `GET /v1/games/{game}`: a game with its verified progress. */
        GameView: {
            /** @description The game. */
            game: components["schemas"]["GameId"];
            hash?: components["schemas"]["StateHash"] | null;
            /**
             * @description Whether part of the game does not count: it was played after the session ended or after the player began another
             *     game, or was received after the grace period.
             */
            late: boolean;
            /**
             * Format: int32
             * @description The level that the player reached, from 1.
             */
            level: number;
            /** @description Number of events processed, which is the next event number. */
            next_seq: components["schemas"]["Seq"];
            /** @description Nickname of the player. */
            nickname: components["schemas"]["Nickname"];
            /** @description When the game started. */
            opened_at: components["schemas"]["Timestamp"];
            /**
             * Format: int32
             * @description Time played divided by time passed, percent. 100 is real time. Pauses, a slow machine and deliberate slowing
             *     down of the game lower it.
             */
            pace_percent: number;
            /** @description The player. */
            player: components["schemas"]["PlayerId"];
            /** @description Whether the game ranks if its verdict allows it. */
            rank: components["schemas"]["RankStatus"];
            /** @description Whether this server can replay the game. It cannot replay games of other rules; their results stay. */
            replayable: boolean;
            /** @description The result so far, from the server's replay. */
            run: components["schemas"]["GameResult"];
            /** @description The session of the game. */
            session: components["schemas"]["SessionId"];
            /** @description Number of ticks played. */
            tick: components["schemas"]["Tick"];
            /** @description Hash of the tuning. */
            tuning_hash: components["schemas"]["TuningHash"];
            /** @description Name of the tuning. */
            tuning_name: string;
            /** @description When the server last received events of the game. */
            updated_at: components["schemas"]["Timestamp"];
            /** @description The verdict on the game. */
            verdict: components["schemas"]["Verdict"];
        };
        /** @description Figures of a game's buttons, and of the rockets that they fired, in the ticks in which buttons have an effect. Countdowns and respawns are left out. */
        HandFigures: {
            /**
             * Format: int32
             * @description Ticks in which the held buttons changed.
             */
            changes: number;
            /**
             * Format: int32
             * @description Ticks in which the held buttons changed, right after a tick in which they changed.
             */
            consecutive_changes: number;
            /** @description Figures of the button that fires. */
            fire: components["schemas"]["ButtonFigures"];
            /** @description Figures of the button that moves the ship left. */
            left: components["schemas"]["ButtonFigures"];
            /**
             * Format: int32
             * @description Changes of the ship's direction (left, none, right).
             */
            moves: number;
            /**
             * Format: int32
             * @description Most presses of all buttons in a window. Windows of ten seconds follow each other; the last, incomplete one does
             *     not count.
             */
            peak_presses: number;
            /** @description Figures of the button that moves the ship right. */
            right: components["schemas"]["ButtonFigures"];
            /**
             * Format: int32
             * @description Rockets that hit an invader or the mystery ship.
             */
            rocket_hits: number;
            /**
             * Format: int32
             * @description Rockets fired.
             */
            rockets: number;
            /**
             * Format: int32
             * @description Directions that lasted a single tick. A stop of a single tick between left and right does not count, because it
             *     is how a hand changes between two keys.
             */
            single_tick_moves: number;
            /**
             * Format: int32
             * @description Ticks of play with input.
             */
            ticks: number;
        };
        /** @description A figure that no hand reaches. Its text is the reason: the figure and its bound. */
        HandMark: {
            /** @description The button. */
            button: components["schemas"]["Button"];
            /** @enum {string} */
            code: "presses";
            /**
             * Format: int32
             * @description Presses in ten seconds.
             */
            presses: number;
        } | {
            /** @enum {string} */
            code: "presses_in_all";
            /**
             * Format: int32
             * @description Presses in ten seconds.
             */
            presses: number;
        } | {
            /** @description The button. */
            button: components["schemas"]["Button"];
            /** @enum {string} */
            code: "single_tick_holds";
            /**
             * Format: int32
             * @description Number of holds.
             */
            holds: number;
            /**
             * Format: int32
             * @description Share of the holds that lasted a single tick.
             */
            percent: number;
        } | {
            /** @enum {string} */
            code: "single_tick_moves";
            /**
             * Format: int32
             * @description Number of changes of direction.
             */
            moves: number;
            /**
             * Format: int32
             * @description Share of the changes of direction.
             */
            percent: number;
        } | {
            /** @description The button. */
            button: components["schemas"]["Button"];
            /** @enum {string} */
            code: "even_presses";
            /**
             * Format: int32
             * @description Presses in a row.
             */
            presses: number;
        } | {
            /** @description The button. */
            button: components["schemas"]["Button"];
            /** @enum {string} */
            code: "even_holds";
            /**
             * Format: int32
             * @description Number of all holds.
             */
            holds: number;
            /**
             * Format: int32
             * @description Share of the holds of that length.
             */
            percent: number;
            /**
             * Format: int32
             * @description Length of these holds, in ticks.
             */
            ticks: number;
        } | {
            /** @enum {string} */
            code: "rocket_hits";
            /**
             * Format: int32
             * @description Share of the rockets that hit.
             */
            percent: number;
            /**
             * Format: int32
             * @description Number of rockets.
             */
            rockets: number;
        } | {
            /** @enum {string} */
            code: "pace";
            /**
             * Format: int32
             * @description Time played divided by time passed, percent.
             */
            percent: number;
        } | {
            /** @enum {string} */
            code: "lag";
            /**
             * Format: int64
             * @description The largest delay, milliseconds.
             */
            millis: number;
        } | {
            /** @enum {string} */
            code: "lag_sum";
            /**
             * Format: int64
             * @description The sum of all increases of the delay, milliseconds.
             */
            millis: number;
        } | {
            /** @enum {string} */
            code: "bulk";
            /**
             * Format: int32
             * @description Share of the ticks, percent.
             */
            percent: number;
        } | {
            /** @enum {string} */
            code: "parallel_games";
            /**
             * Format: int32
             * @description Games at the same time, this one included.
             */
            games: number;
        } | {
            /** @enum {string} */
            code: "practice";
            /**
             * Format: int64
             * @description Time from the first start to the last, milliseconds.
             */
            millis: number;
        };
        /** @description Response of `GET /v1/identity`: how to sign in. */
        IdentityView: {
            /** @enum {string} */
            by: "password";
        } | (components["schemas"]["OidcView"] & {
            /** @enum {string} */
            by: "oidc";
        });
        /** @description Request of `POST /v1/sessions/{session}/seats`: joins a session. */
        Join: {
            /** @description Nickname, visible to other players. It must be unique in the session. */
            nickname: components["schemas"]["Nickname"];
        };
        /**
         * @description The code to join a session: six letters and digits, without 0, 1, I and O, which look alike.
         * @example K7QF2M
         */
        JoinCode: string;
        /** @description The kind of a session: the number of attempts of each player, and the time limit. */
        Kind: "multiple_trials" | "single_trial" | {
            /** @description Unlimited attempts within a time limit. The best game of each player counts. */
            time_constrained: {
                /**
                 * Format: int32
                 * @description Time limit from the start of the session, minutes, 1 to 43200 (30 days).
                 */
                minutes: number;
            };
        };
        /**
         * @description A move that a manager can make, without its parameters. Only the schedule settles a session.
         * @enum {string}
         */
        ManagerMove: "open" | "start" | "extend" | "close" | "reopen";
        /**
         * @description How the formation marches.
         * @enum {string}
         */
        MarchStyle: "together" | "in_turn";
        /** @description A mark with its reason. */
        MarkView: components["schemas"]["HandMark"] & {
            /** @description The reason: the figure and its bound. */
            reason: string;
        };
        /** @description A move: a change of the stage by a manager or by the schedule. */
        Move: {
            /** @enum {string} */
            move: "open";
        } | {
            /** @enum {string} */
            move: "start";
        } | {
            /**
             * Format: int32
             * @description Additional time, minutes, 1 to 43200 (30 days).
             */
            minutes: number;
            /** @enum {string} */
            move: "extend";
        } | {
            /** @enum {string} */
            move: "close";
        } | {
            /** @enum {string} */
            move: "settle";
        } | {
            /** @enum {string} */
            move: "reopen";
        };
        /** @description Request of `POST /v1/accounts`: a new account. */
        NewAccount: {
            /** @description Nickname, visible to other players. */
            nickname: components["schemas"]["Nickname"];
            /** @description Password of the account. */
            password: components["schemas"]["Password"];
        };
        /** @description Request of `POST /v1/games`: a new game. */
        NewGame: {
            /** @description Nickname of the player. In a session, the nickname of the player's seat is used instead. */
            nickname: components["schemas"]["Nickname"];
            /** @description Player token of an earlier ticket, so that the game counts for the same player. A new player if omitted. */
            player_token?: string | null;
            /**
             * Format: int32
             * @description Version of the client's rules. The server refuses a client of another version. Not checked if omitted.
             */
            rules_version?: number | null;
            session?: components["schemas"]["SessionId"] | null;
        };
        /**
         * @description A nickname: 1 to 20 visible characters of any script, in Unicode's NFC.
         *
         *     It can contain emoji and markup, so a page must escape it. Invisible characters, direction changes and stacked
         *     accents are rejected.
         * @example Ada
         */
        Nickname: string;
        /** @description An OpenID Connect issuer and its endpoints, for the authorization code flow with PKCE. */
        OidcView: {
            /** @description URL of the page to sign in. */
            authorization_endpoint: string;
            /** @description Client ID of this game at the issuer. */
            client: string;
            /** @description URL of the page to sign out. Omitted if the issuer has none. */
            end_session_endpoint?: string | null;
            /** @description URL of the issuer. */
            issuer: string;
            /** @description URL to exchange an authorization code for tokens, and to refresh them. */
            token_endpoint: string;
        };
        /** @description Response of `PUT /v1/sessions/{session}/seats/mine`: the caller's seat after the heartbeat. */
        OwnSeat: {
            /** @description Whether the caller has the seat, or waits until a manager approves. */
            approval: components["schemas"]["Approval"];
        };
        /** @description Figures of how a game's ticks arrived at the server. The server computes them; see [`super::pace_marks`]. */
        PaceFigures: {
            /**
             * Format: int32
             * @description Ticks that arrived in batches of several seconds of play, percent of all ticks, 0 to 100.
             */
            bulk_percent: number;
            /**
             * Format: int64
             * @description Sum of all increases of the delay of a batch by half a second or more, milliseconds: the time for which the game
             *     stood still or fell behind.
             */
            lag_sum_millis: number;
            /**
             * Format: int64
             * @description Largest time from when a button was due until it was received, milliseconds. In a real-time session a game with a
             *     larger one than bad Wi-Fi causes does not rank.
             */
            max_button_lag_millis: number;
            /**
             * Format: int64
             * @description Largest delay of a batch behind the time when its last tick was due, milliseconds.
             */
            max_lag_millis: number;
            /**
             * Format: int32
             * @description Time played divided by time passed, percent, 0 to 100. 100 is real time.
             */
            pace_percent: number;
            /**
             * Format: int32
             * @description Most games of the player that were played at the same time, this one included.
             */
            parallel_games: number;
            /**
             * Format: int64
             * @description Time from the first start of the game's ticket to the start with which it was played, milliseconds. The ticket shows
             *     the seed, so the player could practise the game in this time. 0 if the ticket was issued once.
             */
            practice_millis: number;
        };
        /**
         * Format: password
         * @description A password: at least 8 characters and at most 256 bytes. Logs do not show it.
         */
        Password: string;
        /** @description A session plan: the settings of a session. */
        Plan: {
            /** @description Which new players can join. All if omitted. */
            admission?: components["schemas"]["Admission"];
            closes_at?: components["schemas"]["Timestamp"] | null;
            /** @description Whether guests can join. True if omitted. */
            guests?: boolean;
            /** @description Number of attempts and time limit. */
            kind: components["schemas"]["Kind"];
            /** @description Name of the session, 1 to 60 characters. */
            name: components["schemas"]["SessionName"];
            opens_at?: components["schemas"]["Timestamp"] | null;
            /** @description Whether games rank only if their buttons come in real time, for contests with prizes. Otherwise any pace ranks. */
            real_time?: boolean;
            /**
             * Format: int32
             * @description Number of seats, at least 1. Unlimited if omitted.
             */
            seats?: number | null;
            /** @description Whether all games of the session have the same seed. It is secret until the games may start. */
            shared_seed?: boolean;
            /** @description Whether all players start together when the manager starts the session. */
            synchronised?: boolean;
            tuning?: components["schemas"]["Tuning"] | null;
        };
        /** @description Response of `GET /v1/players/{player}/games`: the games of a player, newest first. */
        PlayerGames: {
            /** @description At most 100 games. */
            games: components["schemas"]["GameView"][];
        };
        /**
         * @description The ID of a player. It does not depend on the nickname.
         * @example 00c0ffee00c0ffee
         */
        PlayerId: string;
        /** @description The body of every response with a status of 400 or above (RFC 9457, `application/problem+json`). */
        Problem: {
            /** @description The kind of problem, for programs. */
            code: components["schemas"]["ProblemCode"];
            /** @description What is wrong and what to do, for people. */
            detail: string;
            expected_seq?: components["schemas"]["Seq"] | null;
        };
        /**
         * @description The kinds of problems.
         * @enum {string}
         */
        ProblemCode: "bad_request" | "bad_token" | "wrong_game" | "forbidden" | "bad_sign_in" | "sign_in_elsewhere" | "seats_taken" | "nickname_taken" | "locked" | "not_approved" | "wrong_stage" | "no_trial_left" | "removed" | "conflict" | "not_found" | "not_replayable" | "gap" | "too_early" | "outdated_client" | "other_version" | "too_large" | "too_slow" | "busy" | "internal";
        /** @description Request of `PATCH /v1/games/{game}`: a manager decides whether a game ranks. The last decision applies. */
        RankDecision: {
            /** @description Takes the game off the standings. Has the reason, which everybody can read. */
            unrank: components["schemas"]["Reason"];
        } | "rank";
        /** @description Whether a game ranks if its verdict allows it. */
        RankStatus: {
            /** @enum {string} */
            status: "ranked";
        } | {
            /** @description The cause. */
            cause: components["schemas"]["UnrankedCause"];
            /** @enum {string} */
            status: "unranked";
        };
        /** @description A standing with its rank. */
        Ranked: components["schemas"]["Standing"] & {
            newest?: components["schemas"]["GameId"] | null;
            /**
             * Format: int32
             * @description The rank, from 1.
             */
            rank: number;
        };
        /**
         * @description The reason of a manager's decision: 1 to 200 characters without control characters.
         * @example played by a program
         */
        Reason: string;
        /** @description Request of `POST /v1/tokens/refresh`, which issues new tokens, and of `POST /v1/tokens/revoke`, which signs out. */
        Refresh: {
            /** @description The refresh token of the last response. Each can be used once. */
            refresh_token: string;
        };
        /** @description The reason why the server rejects a game. */
        RejectionReason: {
            /** @enum {string} */
            code: "ahead_of_time";
            /** @description Ticks played. */
            played: components["schemas"]["Tick"];
            /** @description Ticks that fit into the time since the start of the game. */
            possible: components["schemas"]["Tick"];
        } | {
            /** @description First tick of the changed button log. */
            at: components["schemas"]["Tick"];
            /** @enum {string} */
            code: "rewritten";
        } | {
            /** @enum {string} */
            code: "broken_log";
            /** @description The end of the previous button log. */
            expected: components["schemas"]["Tick"];
            /** @description The first tick of the button log. */
            got: components["schemas"]["Tick"];
        } | {
            /** @description The tick of the compared hash. */
            at: components["schemas"]["Tick"];
            /** @enum {string} */
            code: "hash_mismatch";
        } | {
            /** @description The tick of the report. */
            at: components["schemas"]["Tick"];
            /** @enum {string} */
            code: "not_over";
        } | {
            /** @description The tick at which the game ended. */
            at: components["schemas"]["Tick"];
            /** @enum {string} */
            code: "past_end";
        } | {
            /** @enum {string} */
            code: "too_long";
        };
        /** @description A replay: everything needed to play a game again. */
        Replay: {
            /** @description The buttons of each tick. */
            log: components["schemas"]["ButtonLog"];
            /**
             * Format: int32
             * @description Version of the rules that the game was played by.
             */
            rules_version: number;
            /** @description Seed of the game's random generator. */
            seed: components["schemas"]["Seed"];
            /** @description The tuning of the game. */
            tuning: components["schemas"]["Tuning"];
        };
        /**
         * @description The role of a caller. It decides which requests the server allows.
         * @enum {string}
         */
        Role: "guest" | "player" | "manager";
        /** @description Request of `PATCH /v1/sessions/{session}/seats/{player}`: moderates a player. */
        SeatChange: {
            /** @description Changes the nickname of the player. */
            rename: components["schemas"]["Nickname"];
        } | {
            /** @description Removes the player from the session. Has the reason, which the player can see. */
            remove: string;
        } | "readmit" | "approve";
        /** @description A player of a session. */
        SeatView: {
            /** @description Whether the player has a seat, or waits until a manager approves. */
            approval: components["schemas"]["Approval"];
            /** @description Nickname, visible to other players. */
            nickname: components["schemas"]["Nickname"];
            /** @description The player. */
            player: components["schemas"]["PlayerId"];
            /** @description Whether the player's browser sent a heartbeat within the last 30 seconds. If not, the seat is free. */
            present: boolean;
            /** @description Why a manager removed the player. Omitted if the player is not removed. */
            removed?: string | null;
            /** @description Role of the player. */
            role: components["schemas"]["Role"];
            /**
             * Format: int32
             * @description Number of games with ticks.
             */
            trials: number;
        };
        /** @description Response of `POST /v1/sessions/{session}/seats`: the seat that the player took, or waits for. */
        Seated: {
            /** @description Whether the player has the seat, or waits until a manager approves. */
            approval: components["schemas"]["Approval"];
            /** @description The player of the seat. */
            player: components["schemas"]["PlayerId"];
            /** @description Player token of a guest, for the `Authorization: Bearer` header. Omitted for accounts. */
            player_token?: string | null;
            /** @description The session. */
            session: components["schemas"]["SessionView"];
        };
        /** @description Response of `GET /v1/sessions/{session}/seats`: the players of a session. */
        Seats: {
            /** @description The players in the order in which they joined. */
            seats: components["schemas"]["SeatView"][];
        };
        /**
         * @description Seed of the game's random generator. The server chooses it.
         * @example 00c0ffee00c0ffee
         */
        Seed: string;
        /** @description The commitment to a seed: SHA-256 of the 16 bytes of its nonce and the 8 bytes of the seed, big-endian. */
        SeedCommitment: string;
        /** @description Random bytes that are hashed together with a seed, so that nobody finds the seed by trying. */
        SeedNonce: string;
        /**
         * Format: int32
         * @description The number of an event within its game. Numbers start at 0 and have no gaps.
         */
        Seq: number;
        /** @description Response of `GET /v1/sessions/{session}/games`: a page of the games of a session, newest first. */
        SessionGames: {
            /** @description At most 100 games. */
            games: components["schemas"]["GameView"][];
            /**
             * Format: int32
             * @description The value of the query parameter `after` for the next page; null on the last page.
             */
            next?: number | null;
        };
        /**
         * @description The ID of a session.
         * @example 00c0ffee00c0ffee
         */
        SessionId: string;
        /**
         * @description The name of a session: 1 to 60 characters without control characters.
         * @example Friday cup
         */
        SessionName: string;
        /** @description A session, as every caller can see it. */
        SessionView: components["schemas"]["Stage"] & {
            /** @description Which new players can join. */
            admission: components["schemas"]["Admission"];
            closes_at?: components["schemas"]["Timestamp"] | null;
            /** @description Code to join the session. */
            code: components["schemas"]["JoinCode"];
            /** @description Whether guests can join. */
            guests: boolean;
            /** @description Number of attempts and time limit. */
            kind: components["schemas"]["Kind"];
            /** @description The moves that a manager can make now. */
            moves: components["schemas"]["ManagerMove"][];
            /** @description Name of the session. */
            name: components["schemas"]["SessionName"];
            opens_at?: components["schemas"]["Timestamp"] | null;
            /** @description Whether games rank only if their buttons come in real time. */
            real_time: boolean;
            revealed_seed?: components["schemas"]["SharedSeed"] | null;
            /**
             * Format: int32
             * @description Number of taken seats.
             */
            seated: number;
            /**
             * Format: int32
             * @description Number of seats; null if unlimited.
             */
            seats?: number | null;
            seed_commitment?: components["schemas"]["SeedCommitment"] | null;
            /** @description The session. */
            session: components["schemas"]["SessionId"];
            /** @description Whether all games have the same seed. */
            shared_seed: boolean;
            /** @description Whether all players start together. */
            synchronised: boolean;
            /** @description Name of the tuning. */
            tuning_name: string;
            /**
             * Format: int32
             * @description Number of players that wait for approval.
             */
            waiting: number;
        };
        /** @description Response of `GET /v1/sessions`: all sessions that are not closed. Managers also get the closed ones. */
        Sessions: {
            /** @description The sessions, newest first. */
            sessions: components["schemas"]["SessionView"][];
        };
        /** @description The seed that all games of a session share, with the nonce of its commitment. */
        SharedSeed: {
            /** @description Nonce of the commitment. */
            nonce: components["schemas"]["SeedNonce"];
            /** @description Seed of each game's random generator. */
            seed: components["schemas"]["Seed"];
        };
        /** @description Request of `POST /v1/tokens`: signs in. */
        SignIn: {
            /** @description Name of the account. */
            name: components["schemas"]["AccountName"];
            /** @description Password of the account. */
            password: components["schemas"]["Password"];
        };
        /**
         * @description The set of sprites. It decides the size of the ship and the invaders, and the spacing of the formation.
         * @enum {string}
         */
        Sprites: "large" | "small";
        /** @description The stage of a session. */
        Stage: {
            /** @enum {string} */
            stage: "planned";
        } | {
            /** @enum {string} */
            stage: "lobby";
        } | {
            ends_at?: components["schemas"]["Timestamp"] | null;
            /** @enum {string} */
            stage: "running";
            /** @description When games start at the earliest. In the future before a common start. */
            starts_at: components["schemas"]["Timestamp"];
        } | {
            /** @description End of the grace period. */
            settles_at: components["schemas"]["Timestamp"];
            /** @enum {string} */
            stage: "closing";
        } | {
            /** @description When the standings became final. Events received later are stored, but do not count. */
            settled_at: components["schemas"]["Timestamp"];
            /** @enum {string} */
            stage: "closed";
        };
        /** @description A player's standing: the best game of the player in a session. */
        Standing: {
            /** @description The best game. */
            game: components["schemas"]["GameId"];
            /**
             * Format: int32
             * @description The level that the player reached, from 1.
             */
            level: number;
            /** @description The nickname of the player in that game. */
            nickname: components["schemas"]["Nickname"];
            /** @description The player. */
            player: components["schemas"]["PlayerId"];
            /**
             * @description When the server received the events with which that game reached its result. Of two equal results, the one that
             *     was reached first ranks first.
             */
            reached_at?: components["schemas"]["Timestamp"];
            /** @description The result of that game. */
            run: components["schemas"]["GameResult"];
            /** @description Hash of the tuning. */
            tuning_hash: components["schemas"]["TuningHash"];
            /** @description Name of the tuning. */
            tuning_name: string;
            /** @description When the server last received events of that game. */
            updated_at: components["schemas"]["Timestamp"];
            /** @description The verdict on that game. */
            verdict: components["schemas"]["Verdict"];
        };
        /**
         * @description Response of `GET /v1/standings`: a page of a session's standings. The `standings` events of `GET /v1/live` have the
         *     same data.
         */
        Standings: {
            /**
             * Format: int32
             * @description The value of the query parameter `after` for the next page; null on the last page.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Number of players with a standing.
             */
            players: number;
            /** @description The standings of this page, best first. */
            standings: components["schemas"]["Ranked"][];
        };
        /**
         * @description The hash of a game's state. The server compares the browser's hash with its own.
         * @example 00c0ffee00c0ffee
         */
        StateHash: string;
        /**
         * Format: int32
         * @description Ticks since the start of a game, 60 per second.
         */
        Tick: number;
        /** @description Response of `POST /v1/games`: a ticket, with everything a client needs to play one game. */
        Ticket: components["schemas"]["TicketSeed"] & {
            /** @description The game. */
            game: components["schemas"]["GameId"];
            /** @description Game token for the `Authorization: Bearer` header of the game's first events. */
            game_token: string;
            /**
             * @description When the game starts, by the server's clock: when the ticket was issued, or at the common start of the session.
             *     The server accepts no tick before its time.
             */
            opened_at: components["schemas"]["Timestamp"];
            /** @description The player. */
            player: components["schemas"]["PlayerId"];
            /** @description Player token for the next ticket of the same player. */
            player_token: string;
            /** @description Whether the game ranks only if its buttons come in real time. Its clock then runs on while the game is paused. */
            real_time?: boolean;
            /**
             * Format: int32
             * @description Version of the rules that the server verifies the game with.
             */
            rules_version: number;
            /** @description The complete tuning. */
            tuning: components["schemas"]["Tuning"];
            /** @description Hash of the tuning. */
            tuning_hash: components["schemas"]["TuningHash"];
        };
        /** @description The seed of a ticket. Where all games of a session have the same seed, it is secret until they may start. */
        TicketSeed: {
            /** @description Seed of the game's random generator. */
            seed: components["schemas"]["Seed"];
        } | {
            /** @description Commitment to the secret seed, which the session reveals when the games may start. */
            seed_commitment: components["schemas"]["SeedCommitment"];
        };
        /**
         * Format: int64
         * @description A point in time: milliseconds since 1970-01-01 UTC.
         */
        Timestamp: number;
        /** @description The tokens of a signed-in account, with its name, player, nickname and role. */
        Tokens: {
            /** @description Access token for the `Authorization: Bearer` header. */
            access_token: string;
            /** @description When the access token expires. */
            expires_at: components["schemas"]["Timestamp"];
            /** @description Name of the account, to sign in with. */
            name: components["schemas"]["AccountName"];
            /** @description Nickname, visible to other players. */
            nickname: components["schemas"]["Nickname"];
            /** @description The player of the account. */
            player: components["schemas"]["PlayerId"];
            /** @description Refresh token for `POST /v1/tokens/refresh`. It can be used once. */
            refresh_token: string;
            /** @description Role of the account. */
            role: components["schemas"]["Role"];
        };
        /**
         * @description The parameters of a game. An omitted parameter has its default, the value of preset classic.
         *
         *     Names and defaults follow the original, dwmkerr/spaceinvaders, and its AWS workshop. Reading a tuning
         *     validates it: a value out of range is an error.
         */
        Tuning: {
            /**
             * Format: double
             * @description Speed of the fastest bomb, pixels per second.
             * @default 50
             */
            bomb_max_velocity: number;
            /**
             * Format: double
             * @description Speed of the slowest bomb, pixels per second.
             * @default 50
             */
            bomb_min_velocity: number;
            /**
             * Format: double
             * @description Bombs per second for each front-rank invader.
             * @default 0.05
             */
            bomb_rate: number;
            /**
             * @description How the invaders drop bombs.
             * @default random
             */
            bombing: components["schemas"]["Bombing"];
            /**
             * @description Whether the game draws bounding boxes. It does not affect the rules.
             * @default false
             */
            debug_mode: boolean;
            /**
             * Format: double
             * @description Score that gives one extra life; 0 means none.
             * @default 0
             */
            extra_life_score: number;
            /**
             * Format: double
             * @description Ticks per second. The original has 50; this game always has 60, with the same speeds per second.
             * @default 60
             */
            fps: number;
            /**
             * Format: double
             * @description Time for which the formation stops after an invader is hit, seconds.
             * @default 0
             */
            freeze_seconds: number;
            /**
             * Format: double
             * @description Height of the playfield, pixels.
             * @default 300
             */
            game_height: number;
            /**
             * Format: double
             * @description Width of the playfield, pixels.
             * @default 400
             */
            game_width: number;
            /**
             * Format: double
             * @description Increase of the march speed at each turn at an edge, pixels per second.
             * @default 0
             */
            invader_acceleration: number;
            /**
             * Format: double
             * @description Distance by which the formation drops at an edge, pixels.
             * @default 20
             */
            invader_drop_distance: number;
            /**
             * Format: double
             * @description Columns of invaders at level 0, rounded up to a whole number.
             * @default 10
             */
            invader_files: number;
            /**
             * Format: double
             * @description March speed at the start of level 0, pixels per second.
             * @default 25
             */
            invader_initial_velocity: number;
            /**
             * Format: double
             * @description Rows of invaders at level 0, rounded up to a whole number.
             * @default 5
             */
            invader_ranks: number;
            /**
             * Format: double
             * @description With march = "in_turn": distance that the last invader moves to the right, pixels.
             * @default 3
             */
            last_march_step: number;
            /**
             * Format: double
             * @description Points for clearing a level, multiplied by the level's number; a whole number.
             * @default 50
             */
            level_bonus: number;
            /**
             * Format: double
             * @description Growth per level of bomb rate and bomb speeds, as a fraction; the march speed grows 1.5 times as much.
             * @default 0.2
             */
            level_difficulty_multiplier: number;
            /**
             * Format: double
             * @description Level beyond which fire rate, rows and columns stop growing.
             * @default 25
             */
            limit_level_increase: number;
            /**
             * @description How the formation marches.
             * @default together
             */
            march: components["schemas"]["MarchStyle"];
            /**
             * Format: double
             * @description With march = "in_turn": distance that an invader moves sideways, pixels.
             * @default 2
             */
            march_step: number;
            /**
             * Format: double
             * @description Time between two mystery ships, seconds; 0 means none.
             * @default 0
             */
            mystery_seconds: number;
            /**
             * @description The name that players and the scoreboard see, 1 to 32 printable ASCII characters.
             * @default classic
             */
            name: string;
            /**
             * Format: double
             * @description Points for an invader of the two lowest rows, a whole number.
             * @default 5
             */
            points_per_invader: number;
            /**
             * Format: double
             * @description Additional points for every two rows further up, a whole number.
             * @default 0
             */
            points_rise: number;
            /**
             * Format: double
             * @description Time without new bombs after the ship respawns, seconds.
             * @default 0
             */
            quiet_seconds: number;
            /**
             * Format: double
             * @description Time for which the game stops after the ship is hit, seconds.
             * @default 0
             */
            respawn_seconds: number;
            /**
             * Format: double
             * @description Maximum number of rockets per second at level 0.
             * @default 2
             */
            rocket_max_fire_rate: number;
            /**
             * Format: double
             * @description Speed of the player's rockets, pixels per second.
             * @default 120
             */
            rocket_velocity: number;
            /**
             * Format: double
             * @description Maximum number of rockets in flight.
             * @default 24
             */
            rockets_at_once: number;
            /**
             * Format: double
             * @description Number of shields between the ship and the invaders. Each level starts with whole shields.
             * @default 0
             */
            shields: number;
            /**
             * Format: double
             * @description Speed of the ship, pixels per second.
             * @default 120
             */
            ship_speed: number;
            /**
             * @description The set of sprites. It decides the size of the ship and the invaders.
             * @default large
             */
            sprites: components["schemas"]["Sprites"];
            /**
             * @description The height of the lowest row's centres above the bottom edge at the start of each level, pixels, 0 to
             *     600, at most 16 levels. After the last level the list repeats from its second entry. If the list is
             *     empty, the top row starts at the upper edge.
             * @default []
             */
            wave_heights: number[];
        };
        /**
         * @description The hash of a tuning: XXH3 over its styles, its parameters in their documented order and its wave heights, in
         *     millionths.
         * @example 00c0ffee00c0ffee
         */
        TuningHash: string;
        /** @description Why a game does not rank although its verdict allows it. */
        UnrankedCause: {
            /** @enum {string} */
            code: "manager";
            /** @description The manager's reason. */
            reason: components["schemas"]["Reason"];
        } | {
            /** @description The end of the play that is the same. */
            at: components["schemas"]["Tick"];
            /** @enum {string} */
            code: "copy";
            /** @description The game that came first. */
            of: components["schemas"]["GameId"];
        } | {
            /** @enum {string} */
            code: "lag";
            /**
             * Format: int64
             * @description The largest lag of a button, milliseconds.
             */
            millis: number;
        };
        /** @description The server's verdict on a game. The server replays each game to find it. */
        Verdict: {
            /** @enum {string} */
            status: "live";
        } | {
            /** @enum {string} */
            status: "verified";
        } | {
            /** @description The reason. */
            reason: components["schemas"]["RejectionReason"];
            /** @enum {string} */
            status: "rejected";
        };
        /** @description Response of `POST /v1/sessions/{session}/viewer-tokens`: a token for a big screen. */
        ViewerToken: {
            /** @description When the token expires. */
            expires_at: components["schemas"]["Timestamp"];
            /**
             * @description Viewer token for the `Authorization: Bearer` header of `GET /v1/games/{game}/replay`. With it, the replays of the
             *     session's games are not delayed. Other requests do not accept it.
             */
            viewer_token: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type AccountName = components['schemas']['AccountName'];
export type Ack = components['schemas']['Ack'];
export type Admission = components['schemas']['Admission'];
export type Approval = components['schemas']['Approval'];
export type Batch = components['schemas']['Batch'];
export type Bombing = components['schemas']['Bombing'];
export type Button = components['schemas']['Button'];
export type ButtonFigures = components['schemas']['ButtonFigures'];
export type ButtonLog = components['schemas']['ButtonLog'];
export type CallerView = components['schemas']['CallerView'];
export type ChangeAdmission = components['schemas']['ChangeAdmission'];
export type ChangePassword = components['schemas']['ChangePassword'];
export type Clock = components['schemas']['Clock'];
export type DeadLetterView = components['schemas']['DeadLetterView'];
export type DeadLetters = components['schemas']['DeadLetters'];
export type DecisionView = components['schemas']['DecisionView'];
export type Event = components['schemas']['Event'];
export type EventKind = components['schemas']['EventKind'];
export type FlowView = components['schemas']['FlowView'];
export type GameFigures = components['schemas']['GameFigures'];
export type GameId = components['schemas']['GameId'];
export type GameReplay = components['schemas']['GameReplay'];
export type GameResult = components['schemas']['GameResult'];
export type GameView = components['schemas']['GameView'];
export type HandFigures = components['schemas']['HandFigures'];
export type HandMark = components['schemas']['HandMark'];
export type IdentityView = components['schemas']['IdentityView'];
export type Join = components['schemas']['Join'];
export type JoinCode = components['schemas']['JoinCode'];
export type Kind = components['schemas']['Kind'];
export type ManagerMove = components['schemas']['ManagerMove'];
export type MarchStyle = components['schemas']['MarchStyle'];
export type MarkView = components['schemas']['MarkView'];
export type Move = components['schemas']['Move'];
export type NewAccount = components['schemas']['NewAccount'];
export type NewGame = components['schemas']['NewGame'];
export type Nickname = components['schemas']['Nickname'];
export type OidcView = components['schemas']['OidcView'];
export type OwnSeat = components['schemas']['OwnSeat'];
export type PaceFigures = components['schemas']['PaceFigures'];
export type Password = components['schemas']['Password'];
export type Plan = components['schemas']['Plan'];
export type PlayerGames = components['schemas']['PlayerGames'];
export type PlayerId = components['schemas']['PlayerId'];
export type Problem = components['schemas']['Problem'];
export type ProblemCode = components['schemas']['ProblemCode'];
export type RankDecision = components['schemas']['RankDecision'];
export type RankStatus = components['schemas']['RankStatus'];
export type Ranked = components['schemas']['Ranked'];
export type Reason = components['schemas']['Reason'];
export type Refresh = components['schemas']['Refresh'];
export type RejectionReason = components['schemas']['RejectionReason'];
export type Replay = components['schemas']['Replay'];
export type Role = components['schemas']['Role'];
export type SeatChange = components['schemas']['SeatChange'];
export type SeatView = components['schemas']['SeatView'];
export type Seated = components['schemas']['Seated'];
export type Seats = components['schemas']['Seats'];
export type Seed = components['schemas']['Seed'];
export type SeedCommitment = components['schemas']['SeedCommitment'];
export type SeedNonce = components['schemas']['SeedNonce'];
export type Seq = components['schemas']['Seq'];
export type SessionGames = components['schemas']['SessionGames'];
export type SessionId = components['schemas']['SessionId'];
export type SessionName = components['schemas']['SessionName'];
export type SessionView = components['schemas']['SessionView'];
export type Sessions = components['schemas']['Sessions'];
export type SharedSeed = components['schemas']['SharedSeed'];
export type SignIn = components['schemas']['SignIn'];
export type Sprites = components['schemas']['Sprites'];
export type Stage = components['schemas']['Stage'];
export type Standing = components['schemas']['Standing'];
export type Standings = components['schemas']['Standings'];
export type StateHash = components['schemas']['StateHash'];
export type Tick = components['schemas']['Tick'];
export type Ticket = components['schemas']['Ticket'];
export type TicketSeed = components['schemas']['TicketSeed'];
export type Timestamp = components['schemas']['Timestamp'];
export type Tokens = components['schemas']['Tokens'];
export type Tuning = components['schemas']['Tuning'];
export type TuningHash = components['schemas']['TuningHash'];
export type UnrankedCause = components['schemas']['UnrankedCause'];
export type Verdict = components['schemas']['Verdict'];
export type ViewerToken = components['schemas']['ViewerToken'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
