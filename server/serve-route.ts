import { Readable } from 'node:stream';
import type { Context } from 'koa';
import { LRUCache } from 'lru-cache';
import type { Scope } from '../shared/access.ts';
import { defaultLanguage } from '../shared/language.ts';
import { findWidget } from '../shared/widgets.ts';
import { admitManager, refuseMissingScope, refuseSmallerTier } from './access/admission.ts';
import type { Buckets } from './access/bucket.ts';
import { type Caller, type Manager, turnOf, usageOf } from './access/caller.ts';
import { countRequest } from './access/daily-limit.ts';
import { isNamedExternally, type NamedAccounts, withIds } from './access/external-ids.ts';
import type { AddressLimit, Identify } from './access/identify.ts';
import type { KnownAccounts } from './access/known-accounts.ts';
import { allowedOrigins, frameAncestorsOf, refuseOtherPages } from './access/origins.ts';
import type { Quota } from './access/quota.ts';
import type { RunningRequests } from './access/running-requests.ts';
import type { Shares } from './access/shares.ts';
import {
  idempotencyKey,
  type RepeatableRequest,
  repeatableRequest,
} from './access/stored-answers.ts';
import { narrowToToken } from './access/token-bounds.ts';
import type { Usage } from './access/usage.ts';
import { Visitor } from './access/visitor.ts';
import type { AskedQuestion } from './answering.ts';
import {
  type Bytes,
  chooseEncoding,
  chooseFormat,
  contentOf,
  StaticContent,
  send,
} from './answers.ts';
import { type BodyRoom, limitsOf, readBody, receiveBody, streamBody } from './body.ts';
import type { Files } from './embed/files.ts';
import { visitorLanguage } from './embed/language.ts';
import { headersOf, setHeadersToSend } from './headers.ts';
import type { KnownAnswers } from './known-answers.ts';
import { checkQuery, mendQuery, parseQuery, type RawQuery } from './query.ts';
import { type PresentRefusal, Refusal, tooManyRequests } from './refusal.ts';
import {
  type Action,
  type Change,
  endpointOf,
  type OpenRoute,
  type Question,
  type RefusedRequest,
  type Reply,
  type Route,
  type Services,
  type StreamRoute,
} from './route.ts';
import { refusalsOf } from './route-refusals.ts';
import type { Serve } from './router.ts';
import { type Streams, streamType } from './streams.ts';
import type { Writer } from './threads/writer-thread.ts';

export interface RouteDependencies {
  services: Services;
  clock: () => number;
  /** This server's public origin. */
  publicUrl: () => string;
  canMail: () => boolean;
  identify: Identify;
  addressLimit: AddressLimit;
  bursts: Buckets;
  quota: Quota;
  shares: Shares;
  usage: Usage;
  accounts: KnownAccounts;
  answers: KnownAnswers;
  queries: LRUCache<string, CheckedQuery>;
  files: Files;
  writer: Writer;
  running: RunningRequests;
  bodies: BodyRoom;
  streams: Streams;
}

/** What serves a route: the one place where access is checked. */
export function serveRoute(definition: Route, dependencies: RouteDependencies): Serve {
  const endpoint = endpointOf(definition);
  const declared = refusalsOf(definition);
  return async (context, path) => {
    const now = dependencies.clock();
    const request: RefusedRequest = {
      raw: new Map(),
      path,
      language: null,
      now,
      admission: null,
      publicUrl: dependencies.publicUrl(),
      files: dependencies.files,
    };
    setHeaders(context, definition);
    if (definition.refuse) {
      const present: PresentRefusal = (refusal) => definition.refuse!(refusal, request);
      context.state.presentRefusal = present;
    }
    try {
      const known = dependencies.queries.get(context.req.url!);
      request.raw = known?.raw ?? parseQuery(context.querystring);
      if (definition.kind === 'open') await serveOpen(context, definition, request, dependencies);
      else await serveKnown(context, definition, endpoint, request, dependencies);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, code } = error;
      if (declared[status]?.includes(code)) throw error;
      // Clients can't know of it, so it is logged as an error of the server.
      throw new Error(`${definition.name} declares no refusal of ${status} ${code}`);
    }
  };
}

function setHeaders(context: Context, definition: Route): void {
  if (definition.kind !== 'question') return;
  const headers = headersOf(context);
  headers['cache-control'] = 'private, no-cache';
  headers.vary = varyOf(definition);
}

function varyOf({ reachedBy, speaks, asCsv }: Question): string {
  const basics = 'X-API-Key, Authorization, Cookie, Accept-Encoding';
  if (reachedBy === 'script') return `${basics}, Origin`;
  if (asCsv) return `${basics}, Accept`;
  return speaks ? `${basics}, Accept-Language` : basics;
}

/**
 * Refused requests count against the limit of the client's address, so that secrets can't be
 * guessed.
 */
async function serveOpen(
  context: Context,
  definition: OpenRoute,
  request: RefusedRequest,
  dependencies: RouteDependencies,
): Promise<void> {
  const { services, addressLimit, clock, publicUrl } = dependencies;
  const language = visitorLanguage(context.headers['accept-language']);
  request.language = language;
  const attempt = addressLimit.attempt(context, request.now);
  if (definition.isCounted) attempt.fails();
  let succeeds = !definition.isCounted;
  const countAttempt = () => {
    succeeds = false;
    attempt.fails();
  };
  try {
    const visitor = new Visitor(context, publicUrl());
    if (definition.method !== 'GET') visitor.refuseForeignPage();
    const query = checkQuery(definition.query, request.raw, request.path);
    const { body, stream } = await takeBody(context, definition, 'anonymous');
    // Read again, as the body may have taken long to arrive.
    const now = clock();
    const countBurst = (caller: Caller) => refuseBurst(caller, now, dependencies);
    const asked = { query, body, stream, visitor, language, now };
    const open = { ...asked, services, countAttempt, countBurst };
    await reply(context, definition, await definition.act(open));
  } catch (error) {
    if (error instanceof Refusal) countAttempt();
    throw error;
  }
  if (succeeds) attempt.succeeds();
}

/**
 * Identifies the caller, checks its rights and answers. Requests by key or token are counted in the
 * usage figures, whatever the response.
 */
async function serveKnown(
  context: Context,
  definition: Question | Action | Change | StreamRoute,
  endpoint: string,
  request: RefusedRequest,
  dependencies: RouteDependencies,
): Promise<void> {
  const { usage, clock } = dependencies;
  const identified = dependencies.identify(context, definition, request);
  const caller = identified instanceof Promise ? await identified : identified;
  if (definition.kind === 'question' && definition.speaks) {
    request.language = visitorLanguage(context.headers['accept-language']);
  }
  let status = 500;
  try {
    if (!endsSomething(definition)) refuseBurst(caller, request.now, dependencies);
    if (definition.kind === 'question') {
      await serveQuestion(context, definition, caller, request, dependencies);
    } else if (definition.kind === 'action') {
      await serveAction(context, definition, caller, request, dependencies);
    } else if (definition.kind === 'stream') {
      await serveStream(context, definition, endpoint, caller, request, dependencies);
    } else await serveChange(context, definition, caller, request, dependencies);
    status = context.status;
  } catch (error) {
    if (error instanceof Refusal) status = error.status;
    throw error;
  } finally {
    if (caller.by === 'session') {
      usage.sessionUsed(caller.partner.id, caller.session.id, request.now);
    }
    const took = Math.max(0, clock() - request.now);
    countUsage(context, endpoint, caller, { ...request, status, took }, usage);
  }
}

/** Counts a request by key or token in the usage figures. */
function countUsage(
  { method }: Context,
  endpoint: string,
  caller: Caller,
  served: Pick<RefusedRequest, 'admission' | 'now'> & { status: number; took: number },
  usage: Usage,
): void {
  const keyId = usageOf(caller);
  if (keyId === null) return;
  const { admission, now, status, took } = served;
  usage.count({
    ...{ partnerId: caller.partner.id, keyId, endpoint, method, status, took },
    isAdmitted: admission?.admitted ?? false,
    at: now,
  });
}

/**
 * Whether a route ends a key, tokens or sessions. No limit refuses that, and it waits for other
 * writers as long as they take.
 */
function endsSomething(definition: Question | Action | Change | StreamRoute): boolean {
  return definition.kind === 'change' && definition.ends === true;
}

function refuseBurst(caller: Caller, now: number, { bursts }: RouteDependencies): void {
  const wait = bursts.take(turnOf(caller), now);
  if (wait > 0) throw tooManyRequests(wait);
}

function scopesFor({ scopes }: Question, isOfOne: boolean): readonly Scope[] {
  if (!('ofOne' in scopes)) return scopes;
  return isOfOne ? scopes.ofOne : scopes.ofAll;
}

async function serveQuestion(
  context: Context,
  definition: Question,
  caller: Caller,
  request: RefusedRequest,
  dependencies: RouteDependencies,
): Promise<void> {
  const { path } = request;
  const widget = findWidget(path.widget ?? '');
  const isOfOne = request.raw.has('account_id') && !widget?.showsOthers;
  refuseMissingScope(caller, scopesFor(definition, isOfOne));
  const tier = widget?.tier ?? definition.tier;
  if (tier) refuseSmallerTier(caller, tier);
  const sentRaw = request.raw;
  if (caller.by === 'token') {
    const { accounts } = dependencies;
    const narrowed = narrowToToken(caller, path.widget ?? '', sentRaw, accounts);
    request.raw = narrowed instanceof Promise ? await narrowed : narrowed;
  }
  const { reachedBy } = definition;
  const origins = reachedBy ? allowedOrigins(caller) : null;
  if (reachedBy && origins) {
    const page = refuseOtherPages(context, reachedBy, origins, dependencies.publicUrl());
    if (page) context.res.setHeader('Access-Control-Allow-Origin', page);
  }
  const stream = reachedBy === 'script' ? sentRaw.get('stream')?.[0] : undefined;
  if (!stream || !dependencies.streams.lets(stream, caller)) {
    const counting = countRequest(context, caller, request, dependencies);
    if (counting) await counting;
  }
  const isAsSent = request.raw === sentRaw;
  const sent = readQuery(context, definition, isAsSent, request, dependencies);
  const isExternal = isNamedExternally((sent.query as Naming).account_id);
  const checked = isExternal ? await resolve(sent, definition, caller, dependencies) : sent;
  const { query, text, currency } = checked;
  const { partner } = caller;
  const accountId = widget?.showsOthers ? null : checked.accountId;
  const asked: AskedQuestion = {
    route: definition.name,
    query,
    text: accountId === null ? `${text} ${currency ?? partner.currency}` : text,
    partnerId: partner.id,
    accountId,
    now: request.now,
    isTimely: definition.isTimely?.(path) ?? false,
    isLive: definition.isLive?.(path) ?? false,
    language: definition.speaks?.(query) ? request.language! : defaultLanguage,
    frameAncestors: reachedBy === 'frame' ? frameAncestorsOf(origins) : '',
    publicUrl: dependencies.publicUrl(),
    edition: `${dependencies.files.edition} ${dependencies.services.database.edition()}`,
    encoding: chooseEncoding(context),
    format: definition.asCsv ? chooseFormat(context) : 'json',
  };
  const { accounts, answers } = dependencies;
  let account = accountId === null ? null : accounts.find(partner, accountId, asked.isLive);
  if (account instanceof Promise) account = await account;
  const answer = answers.find(asked, partner, account, turnOf(caller), context.res);
  send(context, answer instanceof Promise ? await answer : answer);
}

/** The query of a question, as sent and as checked. */
interface CheckedQuery {
  raw: RawQuery;
  query: unknown;
  /** The one account, and the currency, that it names. */
  accountId: string | null;
  currency: string | undefined;
  /** Its route and all but the currency as a text: another spelling of the same query has the same. */
  text: string;
}

/** The parameters of a query that say what it is about. */
interface Naming {
  account_id?: NamedAccounts;
  currency?: string;
}

/** Longer addresses are read each time: those of clients are shorter. */
const longestRemembered = 500;

/**
 * A cache of checked queries by the request's address, since clients ask the same again and again.
 * Only those of known callers are added.
 */
export function queryMemory(): LRUCache<string, CheckedQuery> {
  return new LRUCache({ max: 10_000 });
}

/**
 * `isAsSent`: the parameters are those of the address, not others that a token put in their place. Only
 * such are remembered, as others who send the same address have no part in what this one may see.
 */
function readQuery(
  { req: { url = '' } }: Context,
  { query: schema, isForgiving, reduce, path: route }: Question,
  isAsSent: boolean,
  { raw, path }: RefusedRequest,
  { queries }: RouteDependencies,
): CheckedQuery {
  const known = queries.get(url);
  if (known?.raw === raw) return known;
  const whole = isForgiving ? mendQuery(schema, raw, path) : checkQuery(schema, raw, path);
  const checked = { raw, ...describeQuery(route, reduce ? reduce(whole) : whole) };
  // The name of a stream makes the same address new again and again.
  if (isAsSent && url.length <= longestRemembered && !raw.has('stream')) queries.set(url, checked);
  return checked;
}

function describeQuery(route: string, query: unknown): Omit<CheckedQuery, 'raw'> {
  const { currency, ...rest } = query as Naming;
  const { account_id } = rest;
  return {
    query,
    text: `${route} ${JSON.stringify(rest)}`,
    accountId: typeof account_id === 'string' ? account_id : null,
    currency,
  };
}

/** The query with the accounts' ids in place of external ones: what answers it knows of no others. */
async function resolve(
  { raw, query }: CheckedQuery,
  { path }: Question,
  caller: Caller,
  { accounts }: RouteDependencies,
): Promise<CheckedQuery> {
  const { account_id } = query as Naming;
  const ids = await withIds(account_id!, caller, accounts);
  return { raw, ...describeQuery(path, { ...(query as Naming), account_id: ids }) };
}

/** Sends the head of a stream, and leaves the rest to streams.ts. */
async function serveStream(
  context: Context,
  definition: StreamRoute,
  endpoint: string,
  asking: Caller,
  request: RefusedRequest,
  dependencies: RouteDependencies,
): Promise<void> {
  const { identify, streams, usage, publicUrl } = dependencies;
  const { raw, path } = request;
  const admit = (caller: Caller) => {
    refuseMissingScope(caller, definition.scopes);
    const origins = allowedOrigins(caller);
    return origins && refuseOtherPages(context, definition.reachedBy, origins, publicUrl());
  };
  const page = admit(asking);
  streams.refuseTooMany(asking);
  await countRequest(context, asking, request, dependencies);
  const query = checkQuery(definition.query, raw, path);
  const { res: response } = context;
  if (page) response.setHeader('Access-Control-Allow-Origin', page);
  // Proxies that gather answers would keep messages back.
  context.set({ 'Content-Type': streamType, 'X-Accel-Buffering': 'no' });
  context.status = 200;
  if (context.method === 'HEAD') return;
  context.respond = false;
  setHeadersToSend(context);
  response.flushHeaders();
  const listener = {
    response,
    look: async (now: number) => {
      const caller = await identify(context, definition, { raw, now });
      admit(caller);
      return caller;
    },
    count: async (caller: Caller, now: number) => {
      const counted = { now, admission: null };
      await countRequest(context, caller, counted, dependencies);
      countUsage(context, endpoint, caller, { ...counted, status: 200, took: 0 }, usage);
    },
  };
  const lastId = context.get('Last-Event-ID') || definition.lastId(query);
  streams.open(listener, asking, lastId, request.now);
}

async function serveAction(
  context: Context,
  definition: Action,
  asking: Caller,
  request: RefusedRequest,
  dependencies: RouteDependencies,
): Promise<void> {
  const { services, publicUrl } = dependencies;
  const caller = admitManager(definition, asking);
  if (caller.by === 'session' && definition.method !== 'GET') {
    new Visitor(context, publicUrl()).refuseForeignPage();
  }
  await countRequest(context, caller, request, dependencies);
  const { raw, path, now } = request;
  const query = checkQuery(definition.query, raw, path);
  const { body, stream } = await takeBody(context, definition, 'known');
  const asked = { query, body, stream, now, services, caller };
  await reply(context, definition, await definition.act(asked));
}

async function serveChange(
  context: Context,
  definition: Change,
  asking: Caller,
  request: RefusedRequest,
  dependencies: RouteDependencies,
): Promise<void> {
  const { services, clock, publicUrl, canMail, writer } = dependencies;
  const caller = admitManager(definition, asking);
  if (caller.by === 'session') new Visitor(context, publicUrl()).refuseForeignPage();
  const ends = endsSomething(definition);
  if (!ends) await countRequest(context, caller, request, dependencies);
  const query = checkQuery(definition.query, request.raw, request.path);
  const key = definition.method === 'POST' ? idempotencyKey(context.headers) : null;
  const { sent, free } = await receiveWithin(context, definition, dependencies.bodies);
  const { running } = dependencies;
  const repeatable = key === null ? null : repeatableBy(context, caller, key, sent);
  try {
    if (repeatable) running.begin(repeatable);
    const asked = {
      ...{ route: definition.name, query, body: sent, caller, repeatable },
      ...{ publicUrl: publicUrl(), canMail: canMail() },
    };
    const how = { turn: turnOf(caller), clock, isUrgent: ends };
    const { status, content, headers } = await writer
      .run(services.database, { kind: 'change', asked }, how)
      .finally(() => repeatable && running.end(repeatable));
    context.set({ ...headers, ...content?.headers });
    if (content) context.type = content.type;
    context.body = content?.body ?? null;
    context.status = status;
  } finally {
    free();
  }
}

function repeatableBy(
  { req, path, querystring }: Context,
  caller: Manager,
  key: string,
  body: Uint8Array | null,
): RepeatableRequest {
  const credential = caller.by === 'session' ? caller.session.id : caller.key.id;
  const target = { method: req.method!, path, query: querystring };
  return repeatableRequest(credential, target, key, body ?? new Uint8Array());
}

/** The body of a change, and what gives back the room that it takes in memory. */
async function receiveWithin(context: Context, { body, limits }: Change, bodies: BodyRoom) {
  if (!body) return { sent: null, free: () => {} };
  const bounds = limitsOf('known', limits);
  const free = bodies.take(context, bounds);
  try {
    return { sent: await receiveBody(context, bounds), free };
  } catch (error) {
    free();
    throw error;
  }
}

/** The body as the route takes it: read and checked, or as a stream. */
async function takeBody(
  context: Context,
  { body, streams, limits }: Action | OpenRoute,
  from: 'known' | 'anonymous',
) {
  const bounds = limitsOf(from, limits);
  return {
    body: body && readBody(await receiveBody(context, bounds), body, bounds),
    stream: streams ? streamBody(context, streams, bounds) : null,
  };
}

async function reply(
  context: Context,
  { name, answers }: Action | OpenRoute,
  given: Reply,
): Promise<void> {
  const declared = answers[given.status];
  if (!declared) throw new Error(`${name} declares no answer of ${given.status}`);
  if (given.body instanceof StaticContent) {
    return send(context, await given.body.as(chooseEncoding(context)));
  }
  const content =
    'schema' in declared || 'type' in declared ? contentOf<Bytes>(declared, given) : null;
  if (content?.body instanceof Readable) await beginning(content.body);
  context.set({ ...given.headers });
  if (content) context.type = content.type;
  context.body = content?.body ?? null;
  // Set last, as Koa sets 204 when there is no body.
  context.status = given.status;
}

/**
 * Waits until a stream has something to read. If it fails before its first byte, that is answered
 * like every other error.
 */
function beginning(stream: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('readable', resolve);
    stream.once('error', reject);
  });
}
