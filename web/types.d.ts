// Types of the pages' modules that api.d.ts does not contain. Only this file names the API's schemas.

import type { ManagerMove, RankStatus, Role, SessionView, Tokens, Verdict, paths } from "./api.d.ts";

export type {
  Admission,
  ButtonFigures,
  DecisionView,
  FlowView,
  GameFigures,
  GameReplay,
  GameView,
  HandFigures,
  IdentityView,
  OidcView,
  PaceFigures,
  Plan,
  Problem,
  RankDecision,
  Ranked,
  SeatChange,
  SeatView,
  SessionView,
  Standings,
  ViewerToken,
} from "./api.d.ts";

/** A move that a manager makes with a session. */
export type MoveName = ManagerMove;

export type StageName = SessionView["stage"];

/** Why the server rejected a game. */
export type RejectionCode = Extract<Verdict, { status: "rejected" }>["reason"]["code"];

/** Why a game does not rank although its verdict allows it. */
export type UnrankedCause = Extract<RankStatus, { status: "unranked" }>["cause"];

/** The account that is signed in in this browser, with its tokens. */
export type Account = Pick<Tokens, "player" | "access_token" | "expires_at"> & {
  role: Role;
  /** Absent if the issuer's ID token does not contain it. */
  name?: string;
  nickname?: string;
  /** Absent if the issuer gives none. */
  refresh_token?: string;
};

/** The tokens of an OpenID Connect issuer. */
export interface IssuerTokens {
  access_token: string;
  /** Seconds. */
  expires_in?: number;
  refresh_token?: string;
  id_token?: string;
}

/** The claims of an ID token that the pages use. */
export interface Claims {
  nickname?: string;
  preferred_username?: string;
  name?: string;
  "cognito:username"?: string;
}

export type Method = "get" | "post" | "put" | "patch" | "delete";

/** The API's paths that have an operation of a method. */
export type PathWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: object } ? P : never;
}[keyof paths];

/** The names of the parameters in a path template. */
type TemplateNames<P> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | TemplateNames<Rest> : never;
type QueryParameters<O> = O extends { parameters: { query?: infer Q } } ? (Q extends object ? Q : unknown) : unknown;
/** The body of an operation: a value that is sent as JSON, or a text. */
type Body<O> = O extends { requestBody: { content: { "application/json": infer J } } }
  ? { body: J; text?: never }
  : O extends { requestBody: { content: { "text/plain": infer T } } }
    ? { body?: never; text: T }
    : { body?: never; text?: never };

/** The parameters and the body of an operation, and the access token to send. */
export type RequestOptions<P extends keyof paths, M extends Method> = ([TemplateNames<P>] extends [never]
  ? { path?: never }
  : { path: Record<TemplateNames<P>, string> }) & {
  query?: Partial<QueryParameters<paths[P][M]>>;
} & Body<paths[P][M]> & { token?: string };

type Success<O> = O extends { responses: infer R } ? R[keyof R & (200 | 201 | 202 | 204)] : never;

/** The JSON of an operation's successful response; null if it has none. */
export type ResponseBody<P extends keyof paths, M extends Method> =
  Success<paths[P][M]> extends { content: { "application/json": infer J } } ? J : null;

/** A property of the tuning in tuning.schema.json. */
export interface FieldSchema {
  type: "number" | "integer" | "boolean" | "string" | "array";
  description: string;
  minimum?: number;
  maximum?: number;
  enum?: string[];
}

/** The values of a tuning by their names. */
export type TuningValues = Record<string, number | boolean | string | number[]>;
