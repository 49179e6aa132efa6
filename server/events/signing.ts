import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { second } from '../../shared/time.ts';
import { longestSecretOverlap } from '../../shared/webhooks.ts';
import type { Random } from '../store/ids.ts';
import type { WebhooksTable } from '../store/schema.ts';

/** How the secrets of webhooks begin: https://github.com/standard-webhooks/standard-webhooks */
const prefix = 'whsec_';
const secretBytes = 32;

export function newWebhookSecret(random: Random): string {
  return prefix + random(secretBytes).toString('base64');
}

/** The old secret of a webhook, encrypted, if it still signs beside the new one; else null. */
export function oldSecretOf(
  { old_secret, old_secret_until: until }: Pick<WebhooksTable, 'old_secret' | 'old_secret_until'>,
  now: number,
): Buffer | null {
  // An overlap that ends later than one can was begun by a clock that was ahead.
  const isOn = until !== null && until > now && until <= now + longestSecretOverlap * second;
  return isOn ? old_secret : null;
}

type Secrets = Pick<SignedMessage, 'secret' | 'oldSecret'>;

/** The secrets of a webhook that sign at a time; null: they can't be read. */
export function secretsOf(
  webhook: Pick<WebhooksTable, 'secret' | 'old_secret' | 'old_secret_until'>,
  now: number,
  decrypt: (bytes: Buffer) => string | null,
): Secrets | null {
  const secret = decrypt(webhook.secret);
  if (secret === null) return null;
  const old = oldSecretOf(webhook, now);
  return { secret, oldSecret: old && decrypt(old) };
}

export interface SignedMessage {
  /** The same at every attempt. */
  id: string;
  /** The type of event. */
  event: string;
  body: string;
  secret: string;
  /** The secret before it, while both sign; else null. */
  oldSecret: string | null;
}

/** The headers of an attempt that begins at a time, in epoch ms. */
export function signedHeaders(message: SignedMessage, at: number): Record<string, string> {
  const { id, event, body, secret, oldSecret } = message;
  const timestamp = Math.floor(at / 1_000);
  const standard = [secret, ...(oldSecret ? [oldSecret] : [])].map((each) => {
    const signature = createHmac('sha256', keyOf(each)).update(`${id}.${timestamp}.${body}`);
    return `v1,${signature.digest('base64')}`;
  });
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'PropTally-Webhooks/1.0',
    'X-PropTally-Event': event,
    // Keyed by the text of the secret, as it was shown.
    'X-PropTally-Signature': createHmac('sha256', oldSecret ?? secret)
      .update(body)
      .digest('hex'),
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': standard.join(' '),
  };
}

/** Keys that were made lately, as making one takes five times as long as signing. */
const keys = new LRUCache<string, KeyObject>({ max: 1_000 });

/** The bytes of a secret. */
function keyOf(secret: string): KeyObject {
  const known = keys.get(secret);
  if (known) return known;
  const key = createSecretKey(Buffer.from(secret.slice(prefix.length), 'base64'));
  keys.set(secret, key);
  return key;
}
