import { createHmac } from 'node:crypto';
import type { Random } from '../store/ids.ts';

/** How the secrets of webhooks begin: https://github.com/standard-webhooks/standard-webhooks */
const prefix = 'whsec_';
const secretBytes = 32;

export function newWebhookSecret(random: Random): string {
  return prefix + random(secretBytes).toString('base64');
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
    const key = Buffer.from(each.slice(prefix.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
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
