import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { findWidget, type WidgetName } from '../../shared/widgets.ts';
import type { RawQuery } from '../query.ts';
import { Refusal } from '../refusal.ts';

/** What an embed token says of itself. Everybody who has it can read it; nobody can change it. */
export interface EmbedToken {
  /** Whose it is, and the key that made it; null: a session opened by mail, or the operator. */
  partner: string;
  key: string | null;
  /** Null: every one that the tier has. */
  widgets: WidgetName[] | null;
  /** Null: every account. */
  account: string | null;
  /** Epoch ms. */
  expires: number;
  /** That of the partner when it was made. */
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

/** Signs embed tokens with a key of their own, made from the server's secret (HMAC-SHA256). */
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

  /** What a token says, with its signature, or undefined when this server did not sign it. */
  read(text: string): SignedToken | undefined {
    const [payload = '', signature = '', ...rest] = text.slice(prefix.length).split('.');
    if (rest.length > 0 || text.length > 4_000) return undefined;
    const expected = this.#signatureOf(payload);
    const given = Buffer.from(signature, 'base64url');
    // Two spellings of one signature would be two tokens.
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
 * What is asked of a widget with a token: its own account where it was made for one, whatever the
 * address leaves out. Throws a 403 for another account or widget.
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
