import { minute } from '../../../shared/time.ts';

/** Gets a token from the page's own server: its text, or the whole answer of `POST /embed-tokens`. */
export type TokenSource = () => Given | Promise<Given>;

type Given = string | { token: string };

interface CachedToken {
  token: Promise<string>;
  /** The token once it is there. */
  text?: string;
  /** When the next one is got, in epoch ms. */
  freshUntil: number;
}

/** A source that takes longer, in ms, is called again by the next question. */
const timeout = 15_000;

const cache = new WeakMap<TokenSource, CachedToken>();

/** A token of `source`, the same for all elements that use it, but not the one that the API `refused`. */
export function tokenOf(source: TokenSource, refused?: string): Promise<string> {
  const old = cache.get(source);
  if (old && old.freshUntil > Date.now() && (!refused || old.text !== refused)) return old.token;
  const token = Promise.resolve().then(source).then(readText);
  const cached: CachedToken = { token, freshUntil: Date.now() + timeout };
  cache.set(source, cached);
  token.then(
    (text) => {
      cached.text = text;
      cached.freshUntil = freshUntil(text);
    },
    () => {
      cached.freshUntil = 0;
    },
  );
  return token;
}

export const cachedTokenOf = (source: TokenSource): string | undefined => cache.get(source)?.text;

/** Throws when there is none, as in an error of the page's server. */
function readText(given: Given): string {
  const text = typeof given === 'string' ? given : given.token;
  if (!text) throw new TypeError('No token.');
  return text;
}

/** A minute before the token ends, or after nine tenths of its life if that is later. */
function freshUntil(token: string): number {
  const now = Date.now();
  const life = endOf(token) - now;
  // A new token that seems to have ended: this machine's clock is wrong, and only the API can tell.
  return life > 0 ? now + life - Math.min(minute, life / 10) : Infinity;
}

/** In epoch ms; NaN when it can't be read. */
function endOf(token: string): number {
  try {
    const payload = token.slice('pte_'.length).split('.')[0]!;
    return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))).expires;
  } catch {
    return Number.NaN;
  }
}
