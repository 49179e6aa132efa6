import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { WidgetName } from '../../shared/widgets.ts';

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
  /** The ids of the accounts it opens, in order; null: it names none. */
  accounts: readonly string[] | null;
  /** The id of the user whose accounts it opens, as they are at each request; null: it names none. */
  user: string | null;
  /** When it expires, epoch ms. */
  expires: number;
  /** The partner's generation of tokens when it was made: a higher one revokes it. */
  generation: number;
}

export interface SignedToken {
  token: EmbedToken;
  signature: string;
}

/**
 * The content as it is signed. `account`: the only account that earlier versions let a token open, so
 * that to them, too, it never opens what it does not name; null: it opens all.
 */
interface SignedContent extends EmbedToken {
  account: string | null;
}

/** The content of a token of an earlier version, which has `account` alone. */
type EarlierContent = Omit<SignedContent, 'accounts' | 'user'> & Partial<SignedContent>;

const prefix = 'pte_';

/**
 * In characters. One with a hundred accounts has less than 5,000: with them an address is still one
 * that proxies take.
 */
const longest = 6_000;

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
    // An empty id is that of no account.
    const account = token.user === null ? (token.accounts?.[0] ?? null) : '';
    const content: SignedContent = { ...token, account };
    const payload = Buffer.from(JSON.stringify(content)).toString('base64url');
    return `${prefix}${payload}.${this.#signatureOf(payload).toString('base64url')}`;
  }

  /** The content of a token and its signature; undefined when this server did not sign it. */
  read(text: string): SignedToken | undefined {
    const [payload = '', signature = '', ...rest] = text.slice(prefix.length).split('.');
    if (rest.length > 0 || text.length > longest) return undefined;
    const expected = this.#signatureOf(payload);
    const given = Buffer.from(signature, 'base64url');
    // The signature identifies the token, so only one of its spellings in base64url is accepted.
    if (given.toString('base64url') !== signature || given.length !== expected.length) {
      return undefined;
    }
    if (!timingSafeEqual(given, expected)) return undefined;
    return { token: readContent(payload), signature };
  }

  #signatureOf(payload: string): Buffer {
    return createHmac('sha256', this.#key).update(payload).digest();
  }
}

function readContent(payload: string): EmbedToken {
  const content = JSON.parse(Buffer.from(payload, 'base64url').toString()) as EarlierContent;
  const { account, accounts = account === null ? null : [account], user = null, ...rest } = content;
  return { ...rest, accounts, user };
}

/**
 * What a token names, in one word: the same for all tokens that name the same account, the same set
 * of accounts or the same user. Null: it names none.
 */
export function subjectOf({ accounts, user }: EmbedToken): string | null {
  if (user !== null || accounts === null) return user;
  if (accounts.length === 1) return accounts[0]!;
  return hash('sha256', accounts.toSorted().join(' '));
}
