import { minute } from '../../../shared/time.ts';

/** What gets a token from the page's own server: its text, or all that `POST /embed-tokens` said. */
export type TokenSource = () => Given | Promise<Given>;

type Given = string | { token: string };

interface Kept {
  token: Promise<string>;
  /** The token once it is there. */
  text?: string;
  /** When the next one is got, in epoch ms. */
  freshUntil: number;
}

/** One that isn't there by then, in ms, is got anew by whoever asks. */
const patience = 15_000;

const kept = new WeakMap<TokenSource, Kept>();

/** A token of `source`, one for all who ask with it, and not the one that the API `refused`. */
export function tokenOf(source: TokenSource, refused?: string): Promise<string> {
  const old = kept.get(source);
  if (old && old.freshUntil > Date.now() && (!refused || old.text !== refused)) return old.token;
  const token = Promise.resolve().then(source).then(readText);
  const fresh: Kept = { token, freshUntil: Date.now() + patience };
  kept.set(source, fresh);
  token.then(
    (text) => {
      fresh.text = text;
      fresh.freshUntil = freshUntil(text);
    },
    () => {
      fresh.freshUntil = 0;
    },
  );
  return token;
}

/** A token of `source` that is there already. */
export const keptTokenOf = (source: TokenSource): string | undefined => kept.get(source)?.text;

/** Throws when it isn't one, such as the answer of a page's server that failed. */
function readText(given: Given): string {
  const text = typeof given === 'string' ? given : given.token;
  if (!text) throw new TypeError('No token.');
  return text;
}

/** A minute before its end, or when nine tenths of its life are over if that is later. */
function freshUntil(token: string): number {
  const now = Date.now();
  const life = endOf(token) - now;
  // One that seems to be over just came: the clock is wrong, and only the API knows when it ends.
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
