import type { Context, Middleware } from 'koa';
import type { LRUCache } from 'lru-cache';
import type { z } from 'zod';
import { allowances, type Scope, type Tier, tierIncludes } from '../shared/access.ts';
import { type Day, startOfDay, tradingDay } from '../shared/day.ts';
import type { KnownKeys } from './access/known-keys.ts';
import { presentedKey } from './access/presented-key.ts';
import type { Admission, Quota } from './access/quota.ts';
import { type Answer, type Content, makeAnswer, send } from './answers.ts';
import type { Files } from './embed/files.ts';
import { chooseLanguage } from './embed/language.ts';
import { checkQuery, mendQuery, parseQuery, type RawQuery } from './query.ts';
import { type PresentRefusal, Refusal } from './refusal.ts';
import { atOneMoment, type Database } from './store/database.ts';
import { isActive, type KeyWithPartner } from './store/keys.ts';
import { findPartner, type Partner } from './store/partners.ts';

/** What a route's function is asked. */
export interface Asked<Query> {
  query: Query;
  partner: Partner;
  /** As it is at one moment. */
  database: Database;
  today: Day;
  /** For which the answer is told, in epoch ms: the minute of a timely route, else the day's start. */
  moment: number;
  /** BCP 47, of the visitor; `en` where the route does not depend on it. */
  language: string;
  files: Files;
}

/**
 * A route of the API as a value. Everything that must never be forgotten is read off it below:
 * key, scope, tier, quota, validation, headers, caching and the shape of errors.
 */
export interface Route<Query = unknown> {
  readonly method: 'GET';
  /** As @koa/router writes it: `/api/partner/widgets/:widget`. */
  readonly path: string;
  readonly summary: string;
  /** The query parameter that may hold the key. */
  readonly keyParameter: 'api_key' | 'key';
  scope(query: RawQuery): Scope;
  /** The smallest tier that may ask; null: every one. */
  tier?(path: Readonly<Record<string, string>>): Tier | null;
  /** Of the query's and the path's parameters. */
  readonly query: z.ZodObject & z.ZodType<Query>;
  /** Whether bad parameters are mended instead of refused, so that a page is never broken by them. */
  readonly isForgiving?: boolean;
  /** Whether the answer depends on the visitor's language. */
  readonly speaks?: boolean;
  /** Whether the answer tells how long ago something was, and is remembered for a minute only. */
  isTimely?(path: Readonly<Record<string, string>>): boolean;
  answer(asked: Asked<Query>): Promise<Content>;
  /** How a refusal is shown, where that is not the JSON of every other route. */
  refuse?(refusal: Refusal, request: RefusedRequest): Content;
}

export interface RefusedRequest {
  raw: RawQuery;
  path: Readonly<Record<string, string>>;
  language: string;
  now: number;
  /** When the daily limit was reached. */
  admission: Admission | null;
  files: Files;
}

/** Keeps the type of a route's query between its schema and its function. */
export function route<Query>(definition: Route<Query>): Route {
  return definition as Route;
}

export interface RouteDependencies {
  database: Database;
  clock: () => number;
  keys: KnownKeys;
  quota: Quota;
  answers: LRUCache<string, Answer>;
  files: Files;
  /** Names the build. */
  edition: string;
}

/** A route as Koa middleware. */
export function serveRoute(definition: Route, dependencies: RouteDependencies): Middleware {
  return async (context) => {
    const now = dependencies.clock();
    const path = (context.params ?? {}) as Record<string, string>;
    const request: RefusedRequest = {
      raw: new Map(),
      path,
      language: 'en',
      now,
      admission: null,
      files: dependencies.files,
    };
    setHeaders(context, definition);
    if (definition.refuse) {
      const present: PresentRefusal = (refusal) => definition.refuse!(refusal, request);
      context.state.presentRefusal = present;
    }
    if (definition.speaks) request.language = chooseLanguage(context);
    request.raw = parseQuery(context.querystring);
    const { partner } = await admit(context, definition, request, dependencies);
    const query = definition.isForgiving
      ? mendQuery(definition.query, request.raw, path)
      : checkQuery(definition.query, request.raw, path);
    await send(context, await findAnswer(definition, { ...request, query, partner }, dependencies));
  };
}

function setHeaders(context: Context, definition: Route): void {
  context.res.setHeader('Cache-Control', 'private, no-cache');
  context.res.setHeader(
    'Vary',
    definition.speaks
      ? 'X-API-Key, Authorization, Accept-Encoding, Accept-Language'
      : 'X-API-Key, Authorization, Accept-Encoding',
  );
}

/** Who asks, and whether they may: key, scope, tier, quota, in this order. */
async function admit(
  context: Context,
  definition: Route,
  request: RefusedRequest,
  { keys, quota }: RouteDependencies,
): Promise<KeyWithPartner> {
  const presented = presentedKey(context.headers, request.raw.get(definition.keyParameter)?.[0]);
  if (!presented) {
    throw new Refusal(
      401,
      'missing_key',
      'An API key is needed. Send it as the X-API-Key header.',
      { headers: { 'WWW-Authenticate': 'Bearer' } },
    );
  }
  const found = await keys.find(presented);
  if (!found || !isActive(found.key, request.now) || !found.partner.is_active) {
    throw new Refusal(403, 'invalid_key', 'This API key is not valid.');
  }
  const { key, partner } = found;
  refuseMissingScope(found, definition.scope(request.raw));
  const tier = definition.tier?.(request.path) ?? null;
  if (tier && !tierIncludes(partner.tier, tier)) {
    throw new Refusal(
      403,
      'tier_required',
      `This needs the ${tier} tier; the key's partner has ${partner.tier}.`,
    );
  }
  const { dailyRequests } = allowances[partner.tier];
  const admission = await quota.admit(partner.id, key.id, dailyRequests, request.now);
  request.admission = admission;
  setQuotaHeaders(context, admission, request.now);
  if (!admission.admitted) throw limitReached(admission, request.now);
  return found;
}

/** A scope counts while both the key and its partner's tier have it. */
function refuseMissingScope({ key, partner }: KeyWithPartner, scope: Scope): void {
  if (!key.scopes.split(' ').includes(scope)) {
    throw new Refusal(403, 'missing_scope', `Missing required scope: ${scope}`);
  }
  if (!allowances[partner.tier].scopes.includes(scope)) {
    throw new Refusal(403, 'tier_required', `The ${partner.tier} tier does not have ${scope}.`);
  }
}

function secondsUntil(moment: number, now: number): number {
  return Math.ceil((moment - now) / 1000);
}

function setQuotaHeaders(context: Context, { limit, remaining, resetsAt }: Admission, now: number) {
  context.res.setHeader('X-RateLimit-Limit', String(limit));
  context.res.setHeader('X-RateLimit-Remaining', String(remaining));
  // draft-ietf-httpapi-ratelimit-headers
  context.res.setHeader('RateLimit-Policy', `"daily";q=${limit};w=86400`);
  context.res.setHeader('RateLimit', `"daily";r=${remaining};t=${secondsUntil(resetsAt, now)}`);
}

function limitReached({ limit, resetsAt }: Admission, now: number): Refusal {
  return new Refusal(
    429,
    'daily_limit_reached',
    `All ${limit} requests of this key's day are used. It starts again at midnight UTC.`,
    { headers: { 'Retry-After': String(secondsUntil(resetsAt, now)) } },
  );
}

const minute = 60_000;

type Question = RefusedRequest & { query: unknown; partner: Partner };

/**
 * An answer is a function of the question, the revision of the partner's data and the day, so it is
 * remembered under them and never expires.
 */
async function findAnswer(
  definition: Route,
  { query, partner, path, language, now }: Question,
  { database, answers, files, edition }: RouteDependencies,
): Promise<Answer> {
  const today = tradingDay(now);
  const moment = definition.isTimely?.(path) ? now - (now % minute) : startOfDay(today);
  const question = `${moment} ${edition} ${language} ${definition.path} ${JSON.stringify(query)}`;
  const identity = (revision: number) => `${partner.id} ${revision} ${question}`;
  const known = answers.get(identity(partner.revision));
  if (known) return known;
  return atOneMoment(database, async (snapshot) => {
    const current = (await findPartner(snapshot.read, partner.id))!;
    const content = await definition.answer({
      query,
      partner: current,
      database: snapshot,
      today,
      moment,
      language,
      files,
    });
    const answer = makeAnswer(content, identity(current.revision));
    answers.set(identity(current.revision), answer);
    return answer;
  });
}
