import type { BlockList } from 'node:net';
import type { Readable } from 'node:stream';
import type SQLite from 'better-sqlite3';
import type { z } from 'zod';
import type { Scope, Tier } from '../shared/access.ts';
import type { AuditActor } from '../shared/answers/audit.ts';
import type { Day } from '../shared/day.ts';
import type { RefusalCode } from '../shared/refusals.ts';
import type { TradingDays } from '../shared/trading-day.ts';
import type { ForManagers } from './access/admission.ts';
import type { Caller, Manager } from './access/caller.ts';
import type { EmbedToken } from './access/embed-token.ts';
import type { Admission } from './access/quota.ts';
import type { Visitor } from './access/visitor.ts';
import type { Bytes, Content, StaticContent } from './answers.ts';
import type { BodyLimits } from './body.ts';
import type { FrameManifest } from './embed/files.ts';
import type { HistoryPage, HistoryPlace } from './export/history.ts';
import type { Imports } from './imports.ts';
import type { RawQuery } from './query.ts';
import type { PartnerWriting } from './records/partner-writing.ts';
import type { Refusal } from './refusal.ts';
import type { HistoryWanted } from './store/account-history.ts';
import type { Database, Queries, Snapshot } from './store/database.ts';
import type { Random } from './store/ids.ts';
import type { Partner } from './store/partners.ts';
import type { Rankings } from './store/rankings.ts';
import type { WebhookTests } from './webhook-tests.ts';

/**
 * The routes of the API are values. serve-route.ts reads from them everything that must never be
 * forgotten: who may call, scope, tier, limits, origins, validation, headers, caching and the shape
 * of errors. The API's document is made from them (openapi.ts), and the tests check every answer
 * against it.
 */
export type Route = Question | Action | Change | StreamRoute | OpenRoute;

/** The parameters in a path, decoded. */
export type PathParameters = Readonly<Record<string, string>>;

interface Described<Query, Declared extends Answers> {
  /** The operation's id, in camel case. Generated clients name their function after it. */
  readonly name: string;
  /** In the syntax of @koa/router: `/api/partner/widgets/:widget`. */
  readonly path: string;
  readonly summary: string;
  /** The schema of the parameters, in query and path. */
  readonly query: z.ZodObject & z.ZodType<Query>;
  /** The responses other than refusals, by status. */
  readonly answers: Declared;
  /**
   * The refusals of its own function, by status. Those of all routes of its kind are in
   * route-refusals.ts.
   */
  readonly refusals: Refusals;
  /** Makes the response for a refusal; absent: it is answered with the usual JSON. */
  refuse?(refusal: Refusal, request: RefusedRequest): Content;
}

/**
 * A route that reads a partner's data. Its answer depends only on what its function is given, and
 * is cached.
 */
export interface Question<Query = unknown, Declared extends OneAnswer = OneAnswer, Reduced = Query>
  extends Described<Query, Declared> {
  readonly kind: 'question';
  readonly method: 'GET';
  /** The query parameter that may hold the key; absent: it is sent in a header only. */
  readonly keyParameter?: 'api_key' | 'key';
  readonly scopes: Scopes;
  /** The smallest tier that may ask it; absent: any. */
  readonly tier?: Tier;
  /**
   * How pages load it: by a script, or in a frame; absent: not at all. What pages load accepts
   * embed tokens, and is answered only to pages of allowed origins.
   */
  readonly reachedBy?: 'script' | 'frame';
  /** Whether invalid parameters are mended instead of refused, so that they never break a page. */
  readonly isForgiving?: boolean;
  /** Given where the answer may depend on the visitor's language: whether it does for a query. */
  speaks?(query: Reduced): boolean;
  /** The query without what changes nothing, so that queries with the same answer are the same. */
  reduce?(query: Query): Reduced;
  /** Whether the answer says how long ago something was, and so is cached for a minute only. */
  isTimely?(path: PathParameters): boolean;
  /** The answer as CSV, for clients that would rather have that than JSON; absent: it is JSON alone. */
  asCsv?(body: BodyOf<Declared[200], never>): string;
  /**
   * Whether the answer tells what its account was last observed to be worth, and so depends on
   * observations, too.
   */
  isLive?(path: PathParameters): boolean;
  answer(asked: Asked<Reduced>): Promise<Reply<Declared, string | Buffer>>;
}

/**
 * The scopes of which a caller needs any one. They may differ for a question about one account and
 * one about all.
 */
export type Scopes = readonly Scope[] | ScopesByReach;

interface ScopesByReach {
  readonly ofOne: readonly Scope[];
  readonly ofAll: readonly Scope[];
}

/** What a question's function is given. */
export interface Asked<Query> {
  query: Query;
  partner: Partner;
  /** A number that is raised by every write of what the answer depends on. */
  revision: number;
  /** All reads see the same state. */
  database: Snapshot;
  /** The rankings that are kept in memory. */
  rankings: Rankings;
  /** The partner's days. */
  days: TradingDays;
  today: Day;
  /** Today, or tomorrow once that is the date anywhere (in UTC+14). */
  latest: Day;
  /**
   * The time for which the answer is computed, in epoch ms: the start of the minute for a timely
   * route, else of the day.
   */
  moment: number;
  /** The visitor's language, a BCP 47 tag; `en` where the route does not depend on it. */
  language: string;
  /**
   * The pages that may frame the answer, as the CSP directive `frame-ancestors` has it; empty where
   * pages don't frame it.
   */
  frameAncestors: string;
  /** This server's public origin. */
  publicUrl: string;
  files: FrameManifest;
}

/**
 * A route by which a partner looks at what is its own, for sessions and for keys that are not
 * publishable. The key is sent in a header, never in the URL.
 */
export interface Action<Query = unknown, Body = unknown, Declared extends Answers = Answers>
  extends Described<Query, Declared>,
    Taking<Body>,
    ForManagers {
  readonly kind: 'action';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  act(request: ActionRequest<Query, Body>): Promise<Reply<Declared>>;
}

/** What an action's function is given. */
export interface ActionRequest<Query = unknown, Body = unknown> {
  query: Query;
  body: Body;
  /**
   * The body, if the route takes it as a stream, else null. Reading it may throw a {@link Refusal}.
   */
  stream: Readable | null;
  caller: Manager;
  now: number;
  services: Services;
}

/**
 * A route by which a partner changes what is its own, for the same callers. Its function runs whole
 * in one transaction, on the thread that writes (writing.ts), with the sums and events that follow
 * from it. A POST may have an Idempotency-Key: its answer is kept in the same transaction, and sent
 * again when the request is repeated.
 */
export interface Change<Query = unknown, Body = unknown, Declared extends Answers = Answers>
  extends Described<Query, Declared>,
    ForManagers {
  readonly kind: 'change';
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: z.ZodObject & z.ZodType<Body>;
  readonly limits?: Partial<BodyLimits>;
  /**
   * Whether it ends a key, tokens or sessions. Then no limit refuses it, and it waits for other
   * writers as long as they take.
   */
  readonly ends?: boolean;
  /** Whether the answer holds a key or a token. */
  readonly grants?: boolean;
  change(request: ChangeRequest<Query, Body>): Promise<Reply<Declared, string>>;
}

/** What a change's function is given. */
export interface ChangeRequest<Query = unknown, Body = unknown> extends Writing {
  query: Query;
  body: Body;
  /** This server's public origin. */
  publicUrl: string;
  /** Whether this server can send mail. */
  canMail: boolean;
  /** The addresses that webhooks may have though they are not public. */
  webhookAllow: BlockList;
  signToken(token: EmbedToken): string;
  /** Encrypts a text under the server's secret. */
  encrypt(text: string): Buffer;
}

/** A transaction in which the caller and its rights were read again. */
export interface Writing {
  transaction: Queries;
  /** The connection of the transaction, for statements that are run a thousand times. */
  handle: SQLite.Database;
  caller: Manager;
  /** The caller as the audit trail records it. */
  actor: AuditActor;
  now: number;
  random: Random;
}

/** A change's transaction, as what is written of a partner takes it. */
export function partnerWriting({ caller, ...writing }: Writing): PartnerWriting {
  return { ...writing, partnerId: caller.partner.id };
}

/**
 * A route that answers with server-sent events, which tell of the partner's changes (streams.ts). It
 * is for the callers of the questions that pages' scripts ask.
 */
export interface StreamRoute<Query = unknown, Declared extends Answers = Answers>
  extends Described<Query, Declared> {
  readonly kind: 'stream';
  readonly method: 'GET';
  readonly keyParameter: 'api_key';
  readonly reachedBy: 'script';
  readonly scopes: readonly Scope[];
  /** The schema of a message. */
  readonly message: z.ZodType;
  /** The id of the last message that the client has, from the query; empty: it has none. */
  lastId(query: Query): string;
}

/** A route without key or session: signing in and out, and the API's document. */
export interface OpenRoute<Query = unknown, Body = unknown, Declared extends Answers = Answers>
  extends Described<Query, Declared>,
    Taking<Body> {
  readonly kind: 'open';
  readonly method: 'GET' | 'POST' | 'DELETE';
  /**
   * Whether every request counts against the limit of the client's address, not only those that
   * fail.
   */
  readonly isCounted?: boolean;
  act(request: OpenRequest<Query, Body>): Promise<Reply<Declared>>;
}

/** What an open route's function is given. */
export interface OpenRequest<Query = unknown, Body = unknown> {
  query: Query;
  body: Body;
  stream: Readable | null;
  visitor: Visitor;
  /** The visitor's language, a BCP 47 tag. */
  language: string;
  now: number;
  services: Services;
  /**
   * Counts a failed attempt that is not refused, against the limit of the client's address. Throws
   * a 429 beyond it.
   */
  countAttempt(): void;
  /**
   * Counts the request against the token bucket of a caller that the route has identified. Throws a
   * 429 when that is empty.
   */
  countBurst(caller: Caller): void;
}

/** What the functions of routes use besides the request. */
export interface Services {
  database: Database;
  imports: Imports;
  webhookTests: WebhookTests;
  random: Random;
  /**
   * Reads a page of an account's history beside the thread that serves. `turn` and `isAwaited`: as
   * readers take them.
   */
  readHistory(
    asked: { wanted: HistoryWanted; place: HistoryPlace },
    turn: string,
    isAwaited: () => boolean | null,
  ): Promise<HistoryPage>;
  /** Writes the usage that is still in memory to the database, so that it can be read there. */
  flushUsage(): Promise<void>;
}

/** The body that a route takes. */
interface Taking<Body> {
  /** The schema of a JSON body. */
  readonly body?: z.ZodObject & z.ZodType<Body>;
  /** Media types of a body that is taken as a stream instead. */
  readonly streams?: readonly string[];
  /** The limits that differ from the usual ones. */
  readonly limits?: Partial<BodyLimits>;
}

/** The responses of a route other than refusals, by status. */
export type Answers = Readonly<Record<number, DeclaredAnswer>>;

/** An answer in JSON, in another media type, or without a body. */
export type DeclaredAnswer = JsonAnswer | BytesAnswer | EmptyAnswer;

interface EmptyAnswer {
  /** When it is sent, or what it holds. */
  readonly means: string;
  /** Its own headers, by name, with what they mean. Those that several routes have are in headers.ts. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface JsonAnswer extends EmptyAnswer {
  readonly schema: z.ZodType;
}

export interface BytesAnswer extends EmptyAnswer {
  /** The media type: `text/html; charset=utf-8`. */
  readonly type: string;
}

/** A question has one answer, which is cached. A client that has it already gets a 304 instead. */
export type OneAnswer = { readonly 200: JsonAnswer | BytesAnswer };

export type Refusals = Readonly<Record<number, readonly RefusalCode[]>>;

/**
 * What a route's function returns: a declared status, and the body declared for it. `Sent`: the
 * type of a body that is not JSON.
 */
export type Reply<Declared extends Answers = Answers, Sent = Bytes | StaticContent> = {
  [Status in keyof Declared]: {
    status: Status;
    body: BodyOf<Declared[Status], Sent>;
    headers?: Readonly<Record<string, string>>;
  };
}[keyof Declared];

type BodyOf<Declared, Sent> = Declared extends { schema: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : Declared extends BytesAnswer
    ? Sent
    : null;

export interface RefusedRequest {
  raw: RawQuery;
  path: PathParameters;
  /**
   * The visitor's language. Null until the caller is identified, except on open routes: little is
   * computed for unknown callers.
   */
  language: string | null;
  now: number;
  /** How the request counted against the daily quota; null: it was not counted. */
  admission: Admission | null;
  publicUrl: string;
  files: FrameManifest;
}

/** The path of a route in the syntax of OpenAPI: `/api/partner/widgets/{widget}`. */
export function endpointOf({ path }: Pick<Route, 'path'>): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

/**
 * With these functions the compiler checks a route's function against the schemas of its
 * parameters, body and answers.
 */
export function question<Query, const Declared extends OneAnswer, Reduced = Query>(
  definition: Omit<Question<Query, Declared, Reduced>, 'kind' | 'method'>,
): Question {
  return { ...definition, kind: 'question', method: 'GET' } as unknown as Question;
}

export function action<Query, const Declared extends Answers, Body = undefined>(
  definition: Omit<Action<Query, Body, Declared>, 'kind'>,
): Action {
  return { ...definition, kind: 'action' } as unknown as Action;
}

export function change<Query, const Declared extends Answers, Body = undefined>(
  definition: Omit<Change<Query, Body, Declared>, 'kind'>,
): Change {
  return { ...definition, kind: 'change' } as unknown as Change;
}

export function streamRoute<Query, const Declared extends Answers>(
  definition: Omit<StreamRoute<Query, Declared>, 'kind' | 'method'>,
): StreamRoute {
  return { ...definition, kind: 'stream', method: 'GET' } as unknown as StreamRoute;
}

export function openRoute<Query, const Declared extends Answers, Body = undefined>(
  definition: Omit<OpenRoute<Query, Body, Declared>, 'kind'>,
): OpenRoute {
  return { ...definition, kind: 'open' } as unknown as OpenRoute;
}
