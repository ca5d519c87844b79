// Generated from backend/openapi.json by `npm run generate`. Do not edit.

export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process lives. */
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
        /** Measurements in Prometheus' text format. */
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
        /** The server can take and process events. */
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
        /** Makes an account, and signs in. The answer names what to sign in by. */
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
        /** Who the caller is. */
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
        /** Changes the caller's password, and signs out everywhere else. */
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
                /** @description The token or the old password is wrong */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Accounts are kept elsewhere */
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
        /** The server's clock, for browsers to estimate how far theirs is off. */
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
        /** The session that is joined by a code. */
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
        /** The address to join a session by, as a QR code. */
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
        /** Records that could not be processed, oldest first, for managers. */
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
        /** Gives a record that could not be processed a second try, for managers. */
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
        /** How the flow of events is now, for managers; two of these tell the rates. */
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
        /** Asks for a ticket: a new game with its seed, its tuning and the token for its events. */
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
                /** @description The nickname, the token or the session refuses it, with the reason */
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
        /** A game as far as it has been replayed. */
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
        patch?: never;
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
        /** Sends a game's events; the answer says what is durable, and brings the token for the next ones. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description `Bearer` and the game's newest `game_token`: the ticket's, then each answer's */
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
                /** @description The token cannot be believed */
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
                /** @description Events before these are missing: send again from `expected_seq` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description More than 64 KiB */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not a batch that can be used, with the reason */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too much at once: come back after `Retry-After` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not durable: come back after `Retry-After` */
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
    "/v1/games/{game}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that is needed to play a game again. */
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
                        "application/json": components["schemas"]["Replay"];
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
    "/v1/identity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How one signs in: here, or at an issuer that keeps the accounts. */
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
                /** @description The issuer has not been reached yet */
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
         * A session now and whenever it changes: events named `session`, `seats` and `standings`, whose data is
         *     `SessionView`, `Seats` and `Standings`. Open play has only the last.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The session; open play where none is given. */
                    session: components["schemas"]["SessionId"] | null;
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
        /** One player's games, newest first. */
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
        /** Sessions that are open; for managers all of them. Newest first. */
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
        /** Makes a session, for managers. */
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
        /** A session. */
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
    "/v1/sessions/{session}/games": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A stretch of a session's games, newest first, for managers. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    session: components["schemas"]["SessionId"];
                    /** @description Begin after this many games: an answer's `next`. */
                    after: number;
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
        /** A session's games, all of them, as CSV for spreadsheets, for managers. */
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
        /** Opens, starts, extends, closes or re-opens a session, for managers. */
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
                /** @description The session does not take this move now */
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
        /** All who are, or were, in the session, for managers. */
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
        /** Takes a seat; without a token as a new guest, whose token the answer brings. */
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
                /** @description Not for guests, or a manager has removed the player */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description All seats are taken, the nickname is, or the session is not open */
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
        /** Says that the caller's browser is there, which holds the seat. */
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
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The seat was lost, and others have all */
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
        /** Renames, removes or readmits a player, for managers. */
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
    "/v1/standings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A stretch of the scoreboard: the top, from a cursor on, or around a player. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Rows, 1 to 100. */
                    top: number;
                    /** @description Begin after this many rows: an answer's `next`. */
                    after: number;
                    /** @description The rows around this player instead. */
                    around: components["schemas"]["PlayerId"] | null;
                    /** @description The session; open play where none is given. */
                    session: components["schemas"]["SessionId"] | null;
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
        /** A session's standings, whole, as CSV for spreadsheets. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The session; open play where none is given. */
                    session: components["schemas"]["SessionId"] | null;
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
        /** Signs in. */
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
                /** @description The name or the password is wrong; which, is not told */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Accounts are kept elsewhere */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many attempts */
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
        /** Signs the caller out, everywhere. */
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
                /** @description Accounts are kept elsewhere */
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
        /** Gives new tokens for a refresh token, which is used up. */
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
                /** @description Unknown, used, worn out or revoked: sign in again */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description Accounts are kept elsewhere */
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
        /** The tuning that the next game of open play is played by. */
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
        /** Reads a tuning from TOML, for a manager to plan a session with. All its mistakes are named at once. */
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
                /** @description What is wrong with it, a line each */
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
         * @description The name that an account signs in by: 1 to [`MAX_NAME_CHARS`] of a-z, 0-9 and `-`. Nobody else sees it.
         * @example ada-4821
         */
        AccountName: string;
        /** @description `POST /v1/games/{game}/events` answers with what is durable. */
        Ack: {
            /** @description Proof of that, for the `Authorization: Bearer` header with the next events. It lasts no longer than the ticket's. */
            game_token: string;
            /** @description Every event below this number is durable: the browser may forget it. */
            next_seq: components["schemas"]["Seq"];
        };
        /** @description Successive events of one game: the first has number `first_seq`, each next one more. */
        Batch: {
            /** @description 1 to [`MAX_EVENTS`] events. */
            events: components["schemas"]["Event"][];
            /** @description The number of the first event. */
            first_seq: components["schemas"]["Seq"];
            /**
             * Format: int32
             * @description [`SCHEMA_VERSION`].
             */
            schema: number;
        };
        /**
         * @description How the invaders drop bombs.
         * @enum {string}
         */
        Bombing: "random" | "patterned";
        /** @description Run-length encoded buttons in base64 without padding */
        ButtonLog: string;
        /** @description `GET /v1/accounts/mine`: who the caller is, whoever says so. */
        CallerView: {
            /** @description Whose games these are. */
            player: components["schemas"]["PlayerId"];
            /** @description What the caller may do. */
            role: components["schemas"]["Role"];
        };
        /** @description `PUT /v1/accounts/mine/password`: changes the password, and signs out everywhere else. */
        ChangePassword: {
            /** @description The password as it is to be. */
            new: components["schemas"]["Password"];
            /** @description The password as it is. */
            old: components["schemas"]["Password"];
        };
        /** @description `GET /v1/clock`: the server's clock, from which a browser estimates how far its own is off. */
        Clock: {
            /** @description Now. */
            now: components["schemas"]["Timestamp"];
        };
        /** @description A record that could not be processed. */
        DeadLetterView: {
            /** @description Where it stands on the stream. */
            place: string;
            /** @description Why. */
            reason: string;
        };
        /** @description `GET /v1/dead-letters`: records that could not be processed. */
        DeadLetters: {
            /** @description At most 100, oldest first. */
            letters: components["schemas"]["DeadLetterView"][];
        };
        /** @description Something that the browser tells, at a tick of its game. */
        Event: {
            /** @description Ticks played when it happened; for [`What::Buttons`], before the first tick of the log. */
            tick: components["schemas"]["Tick"];
            /** @description What happened. */
            what: components["schemas"]["What"];
        };
        /** @description `GET /v1/flow`: the flow of events on all shards, whoever processes them, since the tables were begun. */
        FlowView: {
            /**
             * Format: int64
             * @description Records that wait for a second try, at most 100.
             */
            dead_letters: number;
            /**
             * Format: int64
             * @description Events processed, each as often as it was received.
             */
            events: number;
            /**
             * Format: int64
             * @description How long after it was received the last batch was processed, milliseconds.
             */
            lag_millis: number;
            /** @description The server's clock. */
            now: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description Games rejected.
             */
            rejected: number;
        };
        /**
         * @description One game of one player: the partition key of its events.
         * @example 00c0ffee00c0ffee
         */
        GameId: string;
        /** @description `GET /v1/games/{game}`: a game as the server knows it. */
        GameView: {
            /** @description The game. */
            game: components["schemas"]["GameId"];
            /** @description The hash of the state that the replay reached. */
            hash: components["schemas"]["StateHash"];
            /** @description Whether part of it was received after its session had closed, and counts no more. */
            late: boolean;
            /**
             * Format: int32
             * @description The level that it reached.
             */
            level: number;
            /** @description Events processed. */
            next_seq: components["schemas"]["Seq"];
            /** @description The player's name. */
            nickname: components["schemas"]["Nickname"];
            /** @description When the ticket was given out. */
            opened_at: components["schemas"]["Timestamp"];
            /**
             * Format: int32
             * @description Time played against time passed, in percent: 100 is real time; pauses, a slow machine or slowing the game
             *     down on purpose lower it.
             */
            pace_percent: number;
            /** @description Its player. */
            player: components["schemas"]["PlayerId"];
            /** @description How far it got, by the server's replay. */
            run: components["schemas"]["Run"];
            /** @description The session that it is played in. */
            session: components["schemas"]["SessionId"];
            /** @description Ticks replayed. */
            tick: components["schemas"]["Tick"];
            /** @description The tuning's hash. */
            tuning_hash: components["schemas"]["TuningHash"];
            /** @description The tuning's name. */
            tuning_name: string;
            /** @description When the server last heard of it. */
            updated_at: components["schemas"]["Timestamp"];
            /** @description What the server thinks of it. */
            verdict: components["schemas"]["Verdict"];
        };
        /** @description `GET /v1/identity`: how one signs in. */
        IdentityView: {
            /** @enum {string} */
            by: "password";
        } | (components["schemas"]["OidcView"] & {
            /** @enum {string} */
            by: "oidc";
        });
        /** @description `POST /v1/sessions/{session}/seats`: joins. */
        Join: {
            /** @description What others see, unique within the session. */
            nickname: components["schemas"]["Nickname"];
        };
        /**
         * @description What is typed to join a session: six letters and digits that are hard to mistake for each other.
         * @example K7QF2M
         */
        JoinCode: string;
        /** @description How often players may play, and for how long the session runs. */
        Kind: "multiple_trials" | "single_trial" | {
            /** @description As often as they like until the time is up. */
            time_constrained: {
                /**
                 * Format: int32
                 * @description From the start, 1 to [`MAX_MINUTES`].
                 */
                minutes: number;
            };
        };
        /**
         * @description How the formation marches.
         * @enum {string}
         */
        MarchStyle: "together" | "in_turn";
        /** @description What a manager, or the schedule, does with a session. */
        Move: {
            /** @enum {string} */
            move: "open";
        } | {
            /** @enum {string} */
            move: "start";
        } | {
            /**
             * Format: int32
             * @description How much, 1 to [`MAX_MINUTES`].
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
        /** @description `POST /v1/accounts`: asks for an account. */
        NewAccount: {
            /** @description What others see. */
            nickname: components["schemas"]["Nickname"];
            /** @description What only its owner knows. */
            password: components["schemas"]["Password"];
        };
        /** @description `POST /v1/games`: asks for a ticket. */
        NewGame: {
            /** @description The player's name; in a session, the one that the player joined by counts. */
            nickname: components["schemas"]["Nickname"];
            /** @description The token of an earlier ticket, so that this game counts for the same player; without it, the player is new. */
            player_token?: string | null;
            session?: components["schemas"]["SessionId"] | null;
        };
        /**
         * @description A name of 1 to [`MAX_CHARS`] visible characters of any script, emoji and markup included, in Unicode's NFC.
         *
         *     It is text: whoever shows it escapes it. What could disturb the text around it is refused. Without Unicode's tables
         *     (feature `unicode`), as in the browser, that and the form are left to the server to judge.
         * @example Ada
         */
        Nickname: string;
        /** @description Where one signs in by OpenID Connect, with an authorization code and PKCE. */
        OidcView: {
            /** @description Where a browser goes to sign in. */
            authorization_endpoint: string;
            /** @description What the issuer knows this game as. */
            client: string;
            /** @description Where it goes to sign out, if that can be done there. */
            end_session_endpoint?: string | null;
            /** @description Who keeps the accounts. */
            issuer: string;
            /** @description Where it exchanges what it brings back for tokens, and renews them. */
            token_endpoint: string;
        };
        /**
         * Format: password
         * @description A password as it is typed, [`MIN_PASSWORD_CHARS`] characters to [`MAX_PASSWORD_BYTES`] bytes. It shows in no log.
         */
        Password: string;
        /** @description What a session is to be. */
        Plan: {
            closes_at?: components["schemas"]["Timestamp"] | null;
            /** @description Whether players without an account may join. */
            guests?: boolean;
            /** @description How often players may play. */
            kind: components["schemas"]["Kind"];
            /** @description What it is called, 1 to [`super::MAX_NAME_CHARS`] characters. */
            name: components["schemas"]["SessionName"];
            opens_at?: components["schemas"]["Timestamp"] | null;
            /**
             * Format: int32
             * @description Players at once; any number where there is none.
             */
            seats?: number | null;
            /** @description Whether all start at the same instant, by the manager. */
            synchronised?: boolean;
            tuning?: components["schemas"]["Tuning"] | null;
        };
        /** @description `GET /v1/players/{player}/games`: one player's games, newest first. */
        PlayerGames: {
            /** @description At most 100 games. */
            games: components["schemas"]["GameView"][];
        };
        /**
         * @description One player, whatever the nickname.
         * @example 00c0ffee00c0ffee
         */
        PlayerId: string;
        /** @description What the body of every answer from 400 up says (RFC 9457, `application/problem+json`). */
        Problem: {
            /** @description What kind of problem, for programs. */
            code: components["schemas"]["ProblemCode"];
            /** @description What is wrong and what to do, for people. */
            detail: string;
            expected_seq?: components["schemas"]["Seq"] | null;
        };
        /**
         * @description The kinds of problems.
         * @enum {string}
         */
        ProblemCode: "bad_request" | "bad_token" | "wrong_game" | "forbidden" | "bad_sign_in" | "sign_in_elsewhere" | "seats_taken" | "nickname_taken" | "wrong_stage" | "no_trial_left" | "removed" | "conflict" | "not_found" | "gap" | "too_large" | "too_slow" | "busy" | "internal";
        /** @description A standing with its rank. */
        Ranked: components["schemas"]["Standing"] & {
            newest?: components["schemas"]["GameId"] | null;
            /**
             * Format: int32
             * @description From 1.
             */
            rank: number;
        };
        /** @description `POST /v1/tokens/refresh` and `/v1/tokens/revoke`: goes on being signed in, or signs out. */
        Refresh: {
            /** @description From the last answer; each can be used once. */
            refresh_token: string;
        };
        /** @description Why a game does not count. */
        Rejection: {
            /** @enum {string} */
            code: "ahead_of_time";
            /** @description Ticks played. */
            played: components["schemas"]["Tick"];
            /** @description Ticks that fit into the time since the ticket. */
            possible: components["schemas"]["Tick"];
        } | {
            /** @description The first tick of the changed log. */
            at: components["schemas"]["Tick"];
            /** @enum {string} */
            code: "rewritten";
        } | {
            /** @enum {string} */
            code: "broken_log";
            /** @description Where it should have begun. */
            expected: components["schemas"]["Tick"];
            /** @description Where it began. */
            got: components["schemas"]["Tick"];
        } | {
            /** @description The tick that the hash was for. */
            at: components["schemas"]["Tick"];
            /** @enum {string} */
            code: "hash_mismatch";
        } | {
            /** @description The tick of that claim. */
            at: components["schemas"]["Tick"];
            /** @enum {string} */
            code: "not_over";
        } | {
            /** @enum {string} */
            code: "too_long";
        };
        /** @description A game, whole: everything needed to play it again. */
        Replay: {
            /** @description The buttons of every tick. */
            log: components["schemas"]["ButtonLog"];
            /**
             * Format: int32
             * @description The rules that it was played by, [`crate::rules::RULES_VERSION`] at the time.
             */
            rules_version: number;
            /** @description What its chances were drawn from. */
            seed: components["schemas"]["Seed"];
            /** @description The tuning that it was played by. */
            tuning: components["schemas"]["Tuning"];
        };
        /**
         * @description What somebody may do.
         * @enum {string}
         */
        Role: "guest" | "player" | "manager";
        /** @description How far a game got. Orders from worst to best: points, then lives, then the fewest shots. */
        Run: {
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
        /** @description `PATCH /v1/sessions/{session}/seats/{player}`: what a manager does with a player. */
        SeatChange: {
            /** @description Gives another nickname. */
            rename: components["schemas"]["Nickname"];
        } | {
            /** @description Takes the seat away, for a reason that is kept and told. */
            remove: string;
        } | "readmit";
        /** @description Somebody in a session. */
        SeatView: {
            /** @description What others see. */
            nickname: components["schemas"]["Nickname"];
            /** @description Who. */
            player: components["schemas"]["PlayerId"];
            /** @description Whether the browser was heard of lately: only then is the seat held. */
            present: boolean;
            /** @description Why a manager has removed the player, if one has. */
            removed?: string | null;
            /** @description With or without an account. */
            role: components["schemas"]["Role"];
            /**
             * Format: int32
             * @description Games begun.
             */
            trials: number;
        };
        /** @description A seat that was taken. */
        Seated: {
            /** @description Who sits there. */
            player: components["schemas"]["PlayerId"];
            /** @description Proof of who that is, for a guest: for the `Authorization: Bearer` header. */
            player_token?: string | null;
            /** @description The session. */
            session: components["schemas"]["SessionView"];
        };
        /** @description `GET /v1/sessions/{session}/seats`: who is there. */
        Seats: {
            /** @description In the order in which they came. */
            seats: components["schemas"]["SeatView"][];
        };
        /**
         * @description What a game's chances are drawn from. The server chooses it.
         * @example 00c0ffee00c0ffee
         */
        Seed: string;
        /**
         * Format: int32
         * @description The number of an event within its game: 0, 1, 2 and so on, without gaps.
         */
        Seq: number;
        /** @description `GET /v1/sessions/{session}/games`: a stretch of a session's games, newest first. */
        SessionGames: {
            /** @description At most 100 games. */
            games: components["schemas"]["GameView"][];
            /**
             * Format: int32
             * @description Where the next stretch begins, for `after=`; none at the end.
             */
            next?: number | null;
        };
        /**
         * @description One session.
         * @example 00c0ffee00c0ffee
         */
        SessionId: string;
        /**
         * @description A session's name: visible text, 1 to [`MAX_NAME_CHARS`] characters.
         * @example Friday cup
         */
        SessionName: string;
        /** @description A session as everyone may see it. */
        SessionView: components["schemas"]["Stage"] & {
            closes_at?: components["schemas"]["Timestamp"] | null;
            /** @description What is typed to join it. */
            code: components["schemas"]["JoinCode"];
            /** @description Whether guests may join. */
            guests: boolean;
            /** @description How often players may play. */
            kind: components["schemas"]["Kind"];
            /** @description What it is called. */
            name: components["schemas"]["SessionName"];
            opens_at?: components["schemas"]["Timestamp"] | null;
            /**
             * Format: int32
             * @description Seats that are held.
             */
            seated: number;
            /**
             * Format: int32
             * @description Seats; any number where there is none.
             */
            seats?: number | null;
            /** @description The session. */
            session: components["schemas"]["SessionId"];
            /** @description Whether all start at the same instant. */
            synchronised: boolean;
            /** @description The tuning's name. */
            tuning_name: string;
        };
        /** @description `GET /v1/sessions`: all sessions that are not over; for managers those, too. */
        Sessions: {
            /** @description Newest first. */
            sessions: components["schemas"]["SessionView"][];
        };
        /** @description `POST /v1/tokens`: signs in. */
        SignIn: {
            /** @description The account's name. */
            name: components["schemas"]["AccountName"];
            /** @description Its password. */
            password: components["schemas"]["Password"];
        };
        /**
         * @description Which drawings are played with: they decide how large everything is and how close the invaders stand.
         * @enum {string}
         */
        Sprites: "large" | "small";
        /** @description Where a session is. */
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
            /** @description When games begin, at the soonest: a little in the future where all start together. */
            starts_at: components["schemas"]["Timestamp"];
        } | {
            /** @description Until then. */
            settles_at: components["schemas"]["Timestamp"];
            /** @enum {string} */
            stage: "closing";
        } | {
            /** @description Since then. What is received later is kept, and counts no more. */
            settled_at: components["schemas"]["Timestamp"];
            /** @enum {string} */
            stage: "closed";
        };
        /** @description A player's place on the scoreboard: the best single run, whole. */
        Standing: {
            /** @description The game of the run. */
            game: components["schemas"]["GameId"];
            /**
             * Format: int32
             * @description The level that it reached.
             */
            level: number;
            /** @description The name, as given with that game. */
            nickname: components["schemas"]["Nickname"];
            /** @description The player. */
            player: components["schemas"]["PlayerId"];
            /** @description How far it got. */
            run: components["schemas"]["Run"];
            /** @description The tuning's hash. */
            tuning_hash: components["schemas"]["TuningHash"];
            /** @description The tuning's name. */
            tuning_name: string;
            /** @description When the server last heard of that game. */
            updated_at: components["schemas"]["Timestamp"];
            /** @description What the server thinks of it. */
            verdict: components["schemas"]["Verdict"];
        };
        /** @description `GET /v1/standings`: a stretch of the scoreboard. Also the data of `GET /v1/live`'s events named `standings`. */
        Standings: {
            /**
             * Format: int32
             * @description Where the next stretch begins, for `after=`; none at the end.
             */
            next?: number | null;
            /**
             * Format: int32
             * @description Players with a standing.
             */
            players: number;
            /** @description Best first. */
            standings: components["schemas"]["Ranked"][];
        };
        /**
         * @description The hash of a [`State`], to compare the browser's with the server's.
         * @example 00c0ffee00c0ffee
         */
        StateHash: string;
        /**
         * Format: int32
         * @description A number of ticks since the start of a game, 60 a second.
         */
        Tick: number;
        /** @description What a browser needs for one game. */
        Ticket: {
            /** @description The game. */
            game: components["schemas"]["GameId"];
            /** @description Proof of all this, for the `Authorization: Bearer` header with the game's first events. */
            game_token: string;
            /**
             * @description When the game begins, by the server's clock: as the ticket was given out, or at the session's start. No more
             *     ticks than the time since then count.
             */
            opened_at: components["schemas"]["Timestamp"];
            /** @description Its player. */
            player: components["schemas"]["PlayerId"];
            /** @description Proof of who plays, for the next ticket. */
            player_token: string;
            /**
             * Format: int32
             * @description The rules that the server verifies by.
             */
            rules_version: number;
            /** @description What its chances are drawn from. */
            seed: components["schemas"]["Seed"];
            /** @description The tuning, whole. */
            tuning: components["schemas"]["Tuning"];
            /** @description The tuning's hash. */
            tuning_hash: components["schemas"]["TuningHash"];
        };
        /**
         * Format: int64
         * @description An instant: milliseconds since 1970-01-01 UTC.
         */
        Timestamp: number;
        /** @description What it takes to be somebody for a while. */
        Tokens: {
            /** @description For the `Authorization: Bearer` header. */
            access_token: string;
            /** @description When the access token is worn out. */
            expires_at: components["schemas"]["Timestamp"];
            /** @description The account's name, to sign in by. */
            name: components["schemas"]["AccountName"];
            /** @description What others see. */
            nickname: components["schemas"]["Nickname"];
            /** @description Who it is. */
            player: components["schemas"]["PlayerId"];
            /** @description For new ones; each can be used once. */
            refresh_token: string;
            /** @description What it may do. */
            role: components["schemas"]["Role"];
        };
        /**
         * @description The figures of one game. A field that a file leaves out has its default, which is preset classic's.
         *
         *     Names and defaults follow the original, dwmkerr/spaceinvaders and its AWS workshop. Whatever format one is read
         *     from, it is checked: there is none that cannot be played.
         */
        Tuning: {
            /**
             * Format: double
             * @description The fastest bomb, pixels a second.
             * @default 50
             */
            bomb_max_velocity: number;
            /**
             * Format: double
             * @description The slowest bomb, pixels a second.
             * @default 50
             */
            bomb_min_velocity: number;
            /**
             * Format: double
             * @description Bombs a second for each front-rank invader.
             * @default 0.05
             */
            bomb_rate: number;
            /**
             * @description How the invaders drop bombs.
             * @default random
             */
            bombing: components["schemas"]["Bombing"];
            /**
             * @description Draw the bounds of everything: a display option, no rule.
             * @default false
             */
            debug_mode: boolean;
            /**
             * Format: double
             * @description The score that gives one more life; 0 is none.
             * @default 0
             */
            extra_life_score: number;
            /**
             * Format: double
             * @description Steps a second. The original ran at 50; ours is always 60, with the same speeds a second.
             * @default 60
             */
            fps: number;
            /**
             * Format: double
             * @description How long the formation stands still when an invader is hit, seconds.
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
             * @description Added to the march speed at every turn at an edge, pixels a second.
             * @default 0
             */
            invader_acceleration: number;
            /**
             * Format: double
             * @description How far the formation drops at an edge, pixels.
             * @default 20
             */
            invader_drop_distance: number;
            /**
             * Format: double
             * @description Columns of invaders at level 0; a part of a column counts as a column.
             * @default 10
             */
            invader_files: number;
            /**
             * Format: double
             * @description March speed at the start of level 0, pixels a second.
             * @default 25
             */
            invader_initial_velocity: number;
            /**
             * Format: double
             * @description Rows of invaders at level 0; a part of a row counts as a row.
             * @default 5
             */
            invader_ranks: number;
            /**
             * Format: double
             * @description With the march in turn: how far the last one moves to the right, pixels.
             * @default 3
             */
            last_march_step: number;
            /**
             * Format: double
             * @description Points for clearing a level, times its number.
             * @default 50
             */
            level_bonus: number;
            /**
             * Format: double
             * @description How much harder each level is than the one before.
             * @default 0.2
             */
            level_difficulty_multiplier: number;
            /**
             * Format: double
             * @description The level beyond which fire rate, rows and columns grow no more.
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
             * @description With the march in turn: how far an invader moves sideways, pixels.
             * @default 2
             */
            march_step: number;
            /**
             * Format: double
             * @description How often the mystery ship comes, seconds; 0 is never.
             * @default 0
             */
            mystery_seconds: number;
            /**
             * @description What players and the scoreboard call it, 1 to 32 characters.
             * @default classic
             */
            name: string;
            /**
             * Format: double
             * @description Points for an invader of the two lowest rows.
             * @default 5
             */
            points_per_invader: number;
            /**
             * Format: double
             * @description Points more for every two rows further up.
             * @default 0
             */
            points_rise: number;
            /**
             * Format: double
             * @description How long no bomb is dropped after that, seconds.
             * @default 0
             */
            quiet_seconds: number;
            /**
             * Format: double
             * @description How long the game stands still when the ship is lost, seconds.
             * @default 0
             */
            respawn_seconds: number;
            /**
             * Format: double
             * @description Rockets a second at level 0, at most.
             * @default 2
             */
            rocket_max_fire_rate: number;
            /**
             * Format: double
             * @description Speed of the player's rocket, pixels a second.
             * @default 120
             */
            rocket_velocity: number;
            /**
             * Format: double
             * @description Rockets in flight at once, at most.
             * @default 24
             */
            rockets_at_once: number;
            /**
             * Format: double
             * @description Shields between the ship and the invaders, whole again at each level.
             * @default 0
             */
            shields: number;
            /**
             * Format: double
             * @description Speed of the ship, pixels a second.
             * @default 120
             */
            ship_speed: number;
            /**
             * @description Which drawings are played with.
             * @default large
             */
            sprites: components["schemas"]["Sprites"];
            /**
             * @description How high the lowest row's centres stand above the bottom edge as each level opens, pixels, 0 to 600;
             *     after the last it goes on from the second. Empty: the top row stands on the upper edge.
             * @default []
             */
            wave_heights: number[];
        };
        /**
         * @description The hash of a tuning (XXH3 over its styles, its figures in the order of [`Tuning::figures`] and its wave heights,
         *     in millionths).
         * @example 00c0ffee00c0ffee
         */
        TuningHash: string;
        /** @description What the server thinks of a game so far. */
        Verdict: {
            /** @enum {string} */
            status: "live";
        } | {
            /** @enum {string} */
            status: "verified";
        } | {
            /** @description Why. */
            reason: components["schemas"]["Rejection"];
            /** @enum {string} */
            status: "rejected";
        };
        /** @description What an event tells. Only buttons, hashes and the end concern the score; the rest is what only the browser knows. */
        What: {
            /** @description The buttons of the next ticks. */
            buttons: components["schemas"]["ButtonLog"];
        } | {
            /** @description The browser's state after `tick` ticks, for the server to compare. */
            hash: components["schemas"]["StateHash"];
        } | {
            /** @description The game is over, with the hash of its last state. */
            over: components["schemas"]["StateHash"];
        } | {
            /** @description Frame times since the last such event. */
            frames: {
                /**
                 * Format: int32
                 * @description Frames drawn.
                 */
                count: number;
                /**
                 * Format: int32
                 * @description The longest, milliseconds.
                 */
                max_ms: number;
                /**
                 * Format: int32
                 * @description Half of them took this long or less, milliseconds.
                 */
                p50_ms: number;
                /**
                 * Format: int32
                 * @description 95 in 100 took this long or less, milliseconds.
                 */
                p95_ms: number;
            };
        } | {
            /** @description The page became playable. */
            loaded: {
                /**
                 * Format: int32
                 * @description Milliseconds from navigation.
                 */
                ms: number;
            };
        } | "paused" | "resumed" | {
            /** @description Something went wrong in the browser. */
            error: string;
        } | "left";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type AccountName = components['schemas']['AccountName'];
export type Ack = components['schemas']['Ack'];
export type Batch = components['schemas']['Batch'];
export type Bombing = components['schemas']['Bombing'];
export type ButtonLog = components['schemas']['ButtonLog'];
export type CallerView = components['schemas']['CallerView'];
export type ChangePassword = components['schemas']['ChangePassword'];
export type Clock = components['schemas']['Clock'];
export type DeadLetterView = components['schemas']['DeadLetterView'];
export type DeadLetters = components['schemas']['DeadLetters'];
export type Event = components['schemas']['Event'];
export type FlowView = components['schemas']['FlowView'];
export type GameId = components['schemas']['GameId'];
export type GameView = components['schemas']['GameView'];
export type IdentityView = components['schemas']['IdentityView'];
export type Join = components['schemas']['Join'];
export type JoinCode = components['schemas']['JoinCode'];
export type Kind = components['schemas']['Kind'];
export type MarchStyle = components['schemas']['MarchStyle'];
export type Move = components['schemas']['Move'];
export type NewAccount = components['schemas']['NewAccount'];
export type NewGame = components['schemas']['NewGame'];
export type Nickname = components['schemas']['Nickname'];
export type OidcView = components['schemas']['OidcView'];
export type Password = components['schemas']['Password'];
export type Plan = components['schemas']['Plan'];
export type PlayerGames = components['schemas']['PlayerGames'];
export type PlayerId = components['schemas']['PlayerId'];
export type Problem = components['schemas']['Problem'];
export type ProblemCode = components['schemas']['ProblemCode'];
export type Ranked = components['schemas']['Ranked'];
export type Refresh = components['schemas']['Refresh'];
export type Rejection = components['schemas']['Rejection'];
export type Replay = components['schemas']['Replay'];
export type Role = components['schemas']['Role'];
export type Run = components['schemas']['Run'];
export type SeatChange = components['schemas']['SeatChange'];
export type SeatView = components['schemas']['SeatView'];
export type Seated = components['schemas']['Seated'];
export type Seats = components['schemas']['Seats'];
export type Seed = components['schemas']['Seed'];
export type Seq = components['schemas']['Seq'];
export type SessionGames = components['schemas']['SessionGames'];
export type SessionId = components['schemas']['SessionId'];
export type SessionName = components['schemas']['SessionName'];
export type SessionView = components['schemas']['SessionView'];
export type Sessions = components['schemas']['Sessions'];
export type SignIn = components['schemas']['SignIn'];
export type Sprites = components['schemas']['Sprites'];
export type Stage = components['schemas']['Stage'];
export type Standing = components['schemas']['Standing'];
export type Standings = components['schemas']['Standings'];
export type StateHash = components['schemas']['StateHash'];
export type Tick = components['schemas']['Tick'];
export type Ticket = components['schemas']['Ticket'];
export type Timestamp = components['schemas']['Timestamp'];
export type Tokens = components['schemas']['Tokens'];
export type Tuning = components['schemas']['Tuning'];
export type TuningHash = components['schemas']['TuningHash'];
export type Verdict = components['schemas']['Verdict'];
export type What = components['schemas']['What'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
