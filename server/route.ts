import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Scope } from '../shared/access.ts';
import type { AuditActor } from '../shared/answers/audit.ts';
import type { Day } from '../shared/day.ts';
import type { RefusalCode } from '../shared/refusals.ts';
import type { Caller, Manager } from './access/caller.ts';
import type { EmbedToken } from './access/embed-token.ts';
import type { Admission } from './access/quota.ts';
import type { Visitor } from './access/visitor.ts';
import type { Answer, Bytes, Content } from './answers.ts';
import type { BodyLimits } from './body.ts';
import type { Files } from './embed/files.ts';
import type { RawQuery } from './query.ts';
import type { Refusal } from './refusal.ts';
import type { Database, Queries } from './store/database.ts';
import type { Random } from './store/ids.ts';
import type { Partner } from './store/partners.ts';

/**
 * The routes of the API are values. Everything that must never be forgotten is read off them in
 * serve-route.ts: who may ask, scope, tier, limits, origins, validation, headers, caching and the
 * shape of errors. What they say of themselves is the API's document (openapi.ts), and every answer
 * in the tests is held against it.
 */
export type Route = Question | Action | OpenRoute;

type PathParameters = Readonly<Record<string, string>>;

interface Described<Query, Declared extends Answers> {
  /** Of the operation, in camel case: what clients that are made from the document call it. */
  readonly name: string;
  /** As @koa/router writes it: `/api/partner/widgets/:widget`. */
  readonly path: string;
  readonly summary: string;
  /** Of the query's and the path's parameters. */
  readonly query: z.ZodObject & z.ZodType<Query>;
  /** What it answers, by status. */
  readonly answers: Declared;
  /** What its own function refuses, by status; what every route of its kind refuses stands in route-refusals.ts. */
  readonly refusals: Refusals;
  /** How a refusal is shown, where that is not the JSON of every other route. */
  refuse?(refusal: Refusal, request: RefusedRequest): Content;
}

/** What is read of a partner's data. The answer is a function of what it was asked, and remembered. */
export interface Question<Query = unknown, Declared extends OneAnswer = OneAnswer>
  extends Described<Query, Declared> {
  readonly kind: 'question';
  readonly method: 'GET';
  /** The query parameter that may hold the key. */
  readonly keyParameter: 'api_key' | 'key';
  readonly scopes: Scopes;
  /**
   * How pages get it, where they do: by a script, or in a frame. Then embed tokens open it, and it
   * is answered only to pages of allowed origins.
   */
  readonly reachedBy?: 'script' | 'frame';
  /** Whether bad parameters are mended instead of refused, so that a page is never broken by them. */
  readonly isForgiving?: boolean;
  /** Whether the answer depends on the visitor's language. */
  readonly speaks?: boolean;
  /** Whether the answer tells how long ago something was, and is remembered for a minute only. */
  isTimely?(path: PathParameters): boolean;
  answer(asked: Asked<Query>): Promise<Reply<Declared, string | Buffer>>;
}

/** Any one of them will do; where it depends on that, by whether one account is asked about or all are. */
export type Scopes = readonly Scope[] | ScopesByReach;

interface ScopesByReach {
  readonly ofOne: readonly Scope[];
  readonly ofAll: readonly Scope[];
}

/** What a question's function is asked. */
export interface Asked<Query> {
  query: Query;
  partner: Partner;
  /** As it is at one moment. */
  database: Database;
  today: Day;
  /** Today’s date in the zone that is furthest ahead: today or tomorrow. */
  latest: Day;
  /** For which the answer is told, in epoch ms: the minute of a timely route, else the day's start. */
  moment: number;
  /** BCP 47, of the visitor; `en` where the route does not depend on it. */
  language: string;
  /** Which pages may frame the answer, as a content policy writes it. */
  frameAncestors: string;
  /** Where the world finds this server: an origin. */
  publicUrl: string;
  files: Files;
}

/**
 * What a partner does with what is its own: for sessions, and for keys that don't stand in pages.
 * The key comes in a header, never in the address.
 */
export interface Action<Query = unknown, Body = unknown, Declared extends Answers = Answers>
  extends Described<Query, Declared>,
    Taking<Body> {
  readonly kind: 'action';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** That a key needs for it, where it needs one. */
  readonly scope?: Scope;
  /** Whether only somebody who signed in by mail may do it. */
  readonly isPersonal?: boolean;
  /** Whether it ends a key, tokens or sessions: no limit refuses that, and it waits for other writers as long as it takes. */
  readonly ends?: boolean;
  act(request: ActionRequest<Query, Body>): Promise<Reply<Declared>>;
}

/** What an action's function is given. */
export interface ActionRequest<Query = unknown, Body = unknown> {
  query: Query;
  body: Body;
  /** Of a route that takes its body as a stream: fails with the refusal that ends it. */
  stream: Readable | null;
  caller: Manager;
  now: number;
  services: Services;
  write: Write;
}

/**
 * Runs in one transaction, in which it is seen anew who asks and what they may: a body may be long
 * in coming, and the lock too. What can't be written becomes a 400.
 */
export type Write = <Result>(work: (writing: Writing) => Promise<Result>) => Promise<Result>;

export interface Writing {
  transaction: Queries;
  /** As it is now. */
  caller: Manager;
  /** As the audit trail names it. */
  actor: AuditActor;
  now: number;
  random: Random;
}

/** What asks for no key and no session: signing in and out. */
export interface OpenRoute<Query = unknown, Body = unknown, Declared extends Answers = Answers>
  extends Described<Query, Declared>,
    Taking<Body> {
  readonly kind: 'open';
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Whether each request counts against the address it comes from, and not only those that fail. */
  readonly isCounted?: boolean;
  act(request: OpenRequest<Query, Body>): Promise<Reply<Declared>>;
}

/** What an open route's function is given. */
export interface OpenRequest<Query = unknown, Body = unknown> {
  query: Query;
  body: Body;
  stream: Readable | null;
  visitor: Visitor;
  now: number;
  services: Services;
  /** For what is no refusal and yet may be tried out; throws a 429 when there were too many. */
  countAttempt(): void;
  /** Counts what a caller who turned out to be known does in its burst; throws a 429 beyond. */
  countBurst(caller: Caller): void;
}

/** What routes work with, beside what they are asked. */
export interface Services {
  database: Database;
  random: Random;
  signToken(token: EmbedToken): string;
  /** Writes down what was used so far, so that it can be read. */
  flushUsage(): Promise<void>;
}

/** What a route takes beside its parameters. */
interface Taking<Body> {
  /** JSON. */
  readonly body?: z.ZodObject & z.ZodType<Body>;
  /** Media types of a body that is taken as a stream instead. */
  readonly streams?: readonly string[];
  /** How much the body may be and how long it may take, where that is not the usual. */
  readonly limits?: Partial<BodyLimits>;
}

/** What a route may answer, by status. */
export type Answers = Readonly<Record<number, DeclaredAnswer>>;

/** An answer in JSON, in another media type, or without a body. */
export type DeclaredAnswer = JsonAnswer | BytesAnswer | EmptyAnswer;

interface EmptyAnswer {
  /** When it is answered, or what it holds. */
  readonly means: string;
  /** What its own headers say; those of every route stand in openapi.ts. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface JsonAnswer extends EmptyAnswer {
  readonly schema: z.ZodType;
}

export interface BytesAnswer extends EmptyAnswer {
  /** `text/html; charset=utf-8` */
  readonly type: string;
}

/** A question has one answer, which is remembered; for whoever has it already it becomes a 304. */
export type OneAnswer = { readonly 200: JsonAnswer | BytesAnswer };

export type Refusals = Readonly<Record<number, readonly RefusalCode[]>>;

/**
 * What a route's function answers with: a status that it declares, and the body that belongs to it.
 * `Sent`: what that may be where it is not JSON.
 */
export type Reply<Declared extends Answers = Answers, Sent = Bytes | Answer> = {
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
  /** Null: it is not known who asks, and nothing is worked out for them. */
  language: string | null;
  now: number;
  /** When the daily limit was reached. */
  admission: Admission | null;
  publicUrl: string;
  files: Files;
}

/** The path of a route as OpenAPI writes it: `/api/partner/widgets/{widget}`. */
export function endpointOf({ path }: Pick<Route, 'path'>): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

/** These keep the types of a route's parameters, body and answers between its schemas and its function. */
export function question<Query, const Declared extends OneAnswer>(
  definition: Omit<Question<Query, Declared>, 'kind' | 'method'>,
): Question {
  return { ...definition, kind: 'question', method: 'GET' } as unknown as Question;
}

export function action<Query, const Declared extends Answers, Body = undefined>(
  definition: Omit<Action<Query, Body, Declared>, 'kind'>,
): Action {
  return { ...definition, kind: 'action' } as unknown as Action;
}

export function openRoute<Query, const Declared extends Answers, Body = undefined>(
  definition: Omit<OpenRoute<Query, Body, Declared>, 'kind'>,
): OpenRoute {
  return { ...definition, kind: 'open' } as unknown as OpenRoute;
}
