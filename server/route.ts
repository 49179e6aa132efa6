import type { z } from 'zod';
import type { Scope, Tier } from '../shared/access.ts';
import type { AuditActor } from '../shared/answers/audit.ts';
import type { Day } from '../shared/day.ts';
import type { Caller, Manager } from './access/caller.ts';
import type { EmbedToken } from './access/embed-token.ts';
import type { Admission } from './access/quota.ts';
import type { Visitor } from './access/visitor.ts';
import type { Content } from './answers.ts';
import type { Files } from './embed/files.ts';
import type { RawQuery } from './query.ts';
import type { Refusal } from './refusal.ts';
import type { Database, Queries } from './store/database.ts';
import type { Random } from './store/ids.ts';
import type { Partner } from './store/partners.ts';

/**
 * The routes of the API are values. Everything that must never be forgotten is read off them in
 * serve-route.ts: who may ask, scope, tier, limits, origins, validation, headers, caching and the
 * shape of errors.
 */
export type Route = Question | Action | OpenRoute;

type PathParameters = Readonly<Record<string, string>>;

interface Addressed<Query> {
  /** As @koa/router writes it: `/api/partner/widgets/:widget`. */
  readonly path: string;
  readonly summary: string;
  /** Of the query's and the path's parameters. */
  readonly query: z.ZodObject & z.ZodType<Query>;
  /** How a refusal is shown, where that is not the JSON of every other route. */
  refuse?(refusal: Refusal, request: RefusedRequest): Content;
}

/** What is read of a partner's data. The answer is a function of what it was asked, and remembered. */
export interface Question<Query = unknown> extends Addressed<Query> {
  readonly kind: 'question';
  readonly method: 'GET';
  /** The query parameter that may hold the key. */
  readonly keyParameter: 'api_key' | 'key';
  /** That it takes; of several any one will do. */
  scope(query: RawQuery, path: PathParameters): Scope | readonly Scope[];
  /** The smallest tier that may ask; null: every one. */
  tier?(path: PathParameters): Tier | null;
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
  answer(asked: Asked<Query>): Promise<Content>;
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
export interface Action<Query = unknown, Body = unknown> extends Addressed<Query> {
  readonly kind: 'action';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** That a key needs for it, where it needs one. */
  readonly scope?: Scope;
  /** Whether only somebody who signed in by mail may do it. */
  readonly isPersonal?: boolean;
  /** Whether it ends a key, tokens or sessions: no limit refuses that, and it waits for other writers as long as it takes. */
  readonly ends?: boolean;
  readonly body?: z.ZodObject & z.ZodType<Body>;
  act(request: ActionRequest<Query, Body>): Promise<Reply>;
}

/** What an action's function is given. */
export interface ActionRequest<Query = unknown, Body = unknown> {
  query: Query;
  body: Body;
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
export interface OpenRoute<Query = unknown, Body = unknown> extends Addressed<Query> {
  readonly kind: 'open';
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly body?: z.ZodObject & z.ZodType<Body>;
  /** Whether each request counts against the address it comes from, and not only those that fail. */
  readonly isCounted?: boolean;
  act(request: OpenRequest<Query, Body>): Promise<Reply>;
}

/** What an open route's function is given. */
export interface OpenRequest<Query = unknown, Body = unknown> {
  query: Query;
  body: Body;
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

export interface Reply {
  status: number;
  content: Content | null;
  headers?: Readonly<Record<string, string>>;
}

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

/** These keep the types of a route's parameters between its schemas and its function. */
export function question<Query>(definition: Omit<Question<Query>, 'kind' | 'method'>): Question {
  return { ...definition, kind: 'question', method: 'GET' } as Question;
}

export function action<Query, Body = undefined>(
  definition: Omit<Action<Query, Body>, 'kind'>,
): Action {
  return { ...definition, kind: 'action' } as Action;
}

export function openRoute<Query, Body = undefined>(
  definition: Omit<OpenRoute<Query, Body>, 'kind'>,
): OpenRoute {
  return { ...definition, kind: 'open' } as OpenRoute;
}
