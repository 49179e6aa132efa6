import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { findWidget, type WidgetName } from '../../shared/widgets.ts';
import type { RawQuery } from '../query.ts';
import { Refusal } from '../refusal.ts';

/**
 * The content of an embed token. It is signed but not encrypted: anyone who has the token can read
 * it.
 */
export interface EmbedToken {
  /**
   * The ids of its partner, and of the key that made it; null: a person signed in by mail did, or
   * the operator.
   */
  partner: string;
  key: string | null;
  /** The widgets it opens; null: all that the tier has. */
  widgets: WidgetName[] | null;
  /** The account it opens; null: all accounts. */
  account: string | null;
  /** When it expires, epoch ms. */
  expires: number;
  /** The partner's generation of tokens when it was made: a higher one revokes it. */
  generation: number;
}

export interface SignedToken {
  token: EmbedToken;
  signature: string;
}

const prefix = 'pte_';

export function looksLikeToken(credential: string): boolean {
  return credential.startsWith(prefix);
}

/** Signs embed tokens by HMAC-SHA256, with a key derived from the server's secret. */
export class TokenSigner {
  readonly #key: Buffer;

  constructor(secret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'proptally embed tokens', 32));
  }

  /** `pte_`, the token's JSON and its signature, both base64url. */
  sign(token: EmbedToken): string {
    const payload = Buffer.from(JSON.stringify(token)).toString('base64url');
    return `${prefix}${payload}.${this.#signatureOf(payload).toString('base64url')}`;
  }

  /** The content of a token and its signature; undefined when this server did not sign it. */
  read(text: string): SignedToken | undefined {
    const [payload = '', signature = '', ...rest] = text.slice(prefix.length).split('.');
    if (rest.length > 0 || text.length > 4_000) return undefined;
    const expected = this.#signatureOf(payload);
    const given = Buffer.from(signature, 'base64url');
    // The signature identifies the token, so only one of its spellings in base64url is accepted.
    if (given.toString('base64url') !== signature || given.length !== expected.length) {
      return undefined;
    }
    if (!timingSafeEqual(given, expected)) return undefined;
    const token = JSON.parse(Buffer.from(payload, 'base64url').toString()) as EmbedToken;
    return { token, signature };
  }

  #signatureOf(payload: string): Buffer {
    return createHmac('sha256', this.#key).update(payload).digest();
  }
}

/**
 * The parameters of a request with a token: if the token names an account, `account_id` is set to
 * that. Throws a 403 for another account or widget.
 */
export function narrowToToken(token: EmbedToken, name: string, raw: RawQuery): RawQuery {
  const opens = token.widgets
    ? (token.widgets as readonly string[]).includes(name)
    : !(token.account !== null && findWidget(name)?.showsOthers);
  if (!opens) {
    throw new Refusal(403, 'outside_token', 'This embed token does not open this widget.');
  }
  if (token.account === null) return raw;
  const accounts = raw.get('account_id') ?? [];
  if (accounts.some((account) => account !== token.account)) {
    throw new Refusal(403, 'outside_token', 'This embed token opens the account it was made for.');
  }
  return new Map([...raw, ['account_id', [token.account]]]);
}
