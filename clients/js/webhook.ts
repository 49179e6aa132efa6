import type { WebhookEvent } from './types.ts';

/** An event that a webhook was told of. */
export type VerifiedEvent = WebhookEvent & {
  /**
   * The same for every delivery of the event, so that it can be told from a new one. Null: nothing
   * that is signed tells it.
   */
  id: string | null;
};

/** A request that is not, or not surely, from the server: answer it with a 400. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  /**
   * `missing_signature`: it has no headers that sign it. `wrong_signature`: it was not signed with
   * any of the secrets, or was changed since. `outside_tolerance`: it was signed too long ago, or
   * lies ahead, as this machine's clock has it.
   */
  readonly code: 'missing_signature' | 'wrong_signature' | 'outside_tolerance';

  constructor(code: WebhookError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** A request's headers: a `Headers`, or an object as Node has it. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Verifies a request to a webhook and returns its event. Throws a {@link WebhookError}.
 *
 * `body`: the request's body as it came, not parsed and written again. `secret`: the webhook's,
 * `whsec_…`, or several, of which any may have signed. `tolerance`: by how many seconds the
 * signature's time may differ from this machine's; 300 unless given.
 *
 * It goes by the headers of https://www.standardwebhooks.com. Only where a request has none of
 * them, by `X-PropTally-Signature`, which tells neither id nor time: such a request can be sent
 * again by whoever saw it once.
 */
export async function verifyWebhook(
  body: string | Uint8Array | ArrayBuffer,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  { tolerance = 300 }: { tolerance?: number } = {},
): Promise<VerifiedEvent> {
  const bytes = typeof body === 'string' ? encode(body) : new Uint8Array(body);
  const secrets = [secret].flat() as string[];
  // An empty one would verify what anybody can sign.
  if (!secrets.every((each) => /^whsec_.+/.test(each)))
    throw new TypeError('The secret of a webhook begins with whsec_');
  const read = (name: string) => headerOf(headers, name);
  const id = read('webhook-id');
  const timestamp = read('webhook-timestamp');
  const signatures = read('webhook-signature');
  const legacy = read('x-proptally-signature');
  if (id !== null && timestamp !== null && signatures !== null) {
    await verifyStandard({ id, timestamp, signatures }, bytes, secrets);
    if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= tolerance))
      throw new WebhookError('outside_tolerance', `It was signed at ${timestamp}.`);
  } else if (legacy !== null && (id ?? timestamp ?? signatures) === null) {
    const keys = secrets.map(encode);
    if (!(await isSigned(keys, [fromHex(legacy)], bytes))) throw wrongSignature();
  } else throw new WebhookError('missing_signature', 'The request is not signed.');
  return { id, ...JSON.parse(new TextDecoder().decode(bytes)) };
}

async function verifyStandard(
  { id, timestamp, signatures }: { id: string; timestamp: string; signatures: string },
  body: Uint8Array,
  secrets: readonly string[],
): Promise<void> {
  const keys = secrets.map((secret) => fromBase64(secret.replace(/^whsec_/, '')));
  const signed = new Blob([`${id}.${timestamp}.`, body as Uint8Array<ArrayBuffer>]);
  const ofVersion1 = signatures.split(' ').filter((each) => each.startsWith('v1,'));
  const candidates = ofVersion1.map((each) => fromBase64(each.slice('v1,'.length)));
  const data = new Uint8Array(await signed.arrayBuffer());
  if (!(await isSigned(keys, candidates, data))) throw wrongSignature();
}

const wrongSignature = () =>
  new WebhookError('wrong_signature', 'No secret has signed this request as it came.');

/** Whether any of the keys made any of the signatures. The comparison takes the same time for all. */
async function isSigned(
  keys: readonly Uint8Array[],
  signatures: readonly Uint8Array[],
  data: Uint8Array,
): Promise<boolean> {
  for (const bytes of keys) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('raw', asSource(bytes), algorithm, false, ['verify']);
    for (const signature of signatures)
      if (await crypto.subtle.verify('HMAC', key, asSource(signature), asSource(data))) return true;
  }
  return false;
}

/** For the compiler: none of our bytes are shared with another thread. */
const asSource = (bytes: Uint8Array) => bytes as Uint8Array<ArrayBuffer>;

const encode = (text: string) => new TextEncoder().encode(text);

/** The bytes behind a text; none, which no signature equals, where it is not base64. */
function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

function fromHex(text: string): Uint8Array {
  const pairs = /^([0-9a-f]{2})*$/i.test(text) ? (text.match(/../g) ?? []) : [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

function headerOf(headers: WebhookHeaders, name: string): string | null {
  if (typeof headers.get === 'function') return headers.get(name);
  const [, value] = Object.entries(headers).find(([key]) => key.toLowerCase() === name) ?? [];
  return value === undefined ? null : String(value);
}
