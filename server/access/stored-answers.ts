import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type SQLite from 'better-sqlite3';
import { day } from '../../shared/time.ts';
import type { Content } from '../answers.ts';
import { invalid } from '../query.ts';
import { notFound, Refusal } from '../refusal.ts';
import type { Random } from '../store/ids.ts';
import { keptForDays } from '../store/retention.ts';
import type { StoredAnswersTable } from '../store/schema.ts';
import { insertion, prepared } from '../store/statements.ts';
import { type Bounds, boundsOf, include } from './bounds.ts';
import type { Caller } from './caller.ts';
import type { Secrets } from './secrets.ts';

/**
 * Requests with an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header) may be repeated: the
 * answer is stored in the transaction of what the request changed, so a repeated request gets it
 * exactly if the change was kept. No other answer is stored.
 */
export interface RepeatableRequest {
  /** A digest of the credential, the method, the path and the key. */
  id: string;
  /** A digest of the query and the body. */
  request: string;
}

const header = 'Idempotency-Key';
const replayed = { 'Idempotent-Replayed': 'true' };

/** The key, as the draft's quoted string or without quotes; null: none was sent. Throws a 400. */
export function idempotencyKey(headers: IncomingHttpHeaders): string | null {
  const given = headers['idempotency-key'];
  if (given === undefined) return null;
  const text = Array.isArray(given) ? given.join() : given;
  const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/.exec(text)?.[1];
  const key =
    quoted?.replace(/\\(.)/g, '$1') ?? /^[\x21\x23-\x2b\x2d-\x7e]{1,255}$/.exec(text)?.[0];
  if (key !== undefined) return key;
  const message = 'must be sent once, with 1 to 255 visible characters';
  throw invalid('invalid_parameters', [{ path: header, message }]);
}

/** `credential`: the id of the key or session. `target`: the path and the query. */
export function repeatableRequest(
  credential: string,
  { method, path, query }: { method: string; path: string; query: string },
  key: string,
  body: Uint8Array,
): RepeatableRequest {
  return {
    id: digest(JSON.stringify([credential, method, path, key])),
    request: digest(JSON.stringify(query), body),
  };
}

function digest(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

interface StoredAnswer {
  status: number;
  content: Content<string> | null;
  headers: Readonly<Record<string, string>>;
}

/** What is stored encrypted. */
interface Sealed extends Pick<StoredAnswer, 'content' | 'headers'> {
  /** What the caller might grant then, if the answer grants something; else null. */
  bounds: Bounds | null;
}

/**
 * The answer that was stored for a request; null: there is none. Throws a 422 when the key was sent
 * with another query or body, a 404 when what the answer told of was erased, and a 403 when it
 * granted what the caller might not grant any more.
 */
export function findStored(
  handle: SQLite.Database,
  caller: Caller,
  { id, request }: RepeatableRequest,
  secrets: Secrets,
  now: number,
): StoredAnswer | null {
  const row = prepared<StoredAnswersTable>(
    handle,
    'select * from stored_answers where partner_id = ? and id = ? and created_at > ?',
  ).get(caller.partner.id, id, now - keptForDays.storedAnswers * day);
  if (!row) return null;
  if (row.request !== request) {
    const sentence = `This ${header} was sent before, with another query or body.`;
    throw new Refusal(422, 'idempotency_key_reused', sentence);
  }
  const text = row.content && secrets.decrypt(row.content);
  if (text === null) throw notFound('What this request was answered about is there no more.');
  const { content, headers, bounds } = JSON.parse(text) as Sealed;
  if (bounds && !include(boundsOf(caller), bounds)) {
    throw new Refusal(403, 'beyond_key', 'This answer grants more than the caller has now.');
  }
  return { status: row.status, content, headers: { ...headers, ...replayed } };
}

const store = insertion('stored_answers', [
  ...['partner_id', 'id', 'request', 'status', 'content', 'subjects', 'created_at'],
]).replace('insert', 'insert or replace');

/**
 * To be called in the transaction of what was changed. `grants`: whether the answer holds a key or a
 * token.
 */
export function storeAnswer(
  handle: SQLite.Database,
  caller: Caller,
  { id, request }: RepeatableRequest,
  { status, content, headers }: StoredAnswer,
  grants: boolean,
  { secrets, now, random }: { secrets: Secrets; now: number; random: Random },
): void {
  const sealed: Sealed = { content, headers, bounds: grants ? boundsOf(caller) : null };
  const subjects = new Set(content?.body.match(/\b(?:acc|usr)_[0-9a-f]{20}\b/g));
  prepared(handle, store).run(
    ...[caller.partner.id, id, request, status, secrets.encrypt(JSON.stringify(sealed), random)],
    ...[[...subjects].join(' '), now],
  );
}
