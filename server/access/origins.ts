import { domainToUnicode } from 'node:url';
import type { Context } from 'koa';
import { Refusal } from '../refusal.ts';
import { splitOrigins } from '../store/keys.ts';
import type { Caller } from './caller.ts';

/** The origins of pages that may show the caller's widgets; null: any. Both the partner's and the key's list count. */
export function allowedOrigins({ partner, key }: Caller): readonly string[] | null {
  const ofPartner = partner.allowed_origins;
  const ofKey = key?.allowed_origins ?? null;
  if (ofPartner === null && ofKey === null) return null;
  if (ofPartner === null || ofKey === null) return splitOrigins(ofPartner ?? ofKey);
  const others = splitOrigins(ofPartner);
  return splitOrigins(ofKey).filter((origin) => others.includes(origin));
}

/** As a content policy writes it. The server's own pages show widgets too: the builder does. */
export function frameAncestorsOf(origins: readonly string[] | null): string {
  return origins === null ? '*' : [...origins, "'self'"].join(' ');
}

/** Scheme, host and port, and nothing more than a slash: whatever else stands in a text is in its host. */
export const originPattern = /^[hH][tT][tT][pP][sS]?:\/\/([^\s/?#\\@:]+)(?::[1-9][0-9]{0,4})?\/?$/;
/** What a content policy takes for a host: names of letters, digits and hyphens. */
const host = /^(?=.{1,253}$)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/;
/** A name has at most 253 characters. */
export const longestOrigin = 300;

/**
 * The origin of a web page, as browsers write it; null for what is not written as one. Browsers mend
 * much else into an address; here only its letters may be large, its name not in ASCII, its port the
 * default one, and a slash at its end.
 */
export function readOrigin(text: string): string | null {
  const [, written] = (text.length <= longestOrigin && originPattern.exec(text)) || [];
  const url = written === undefined ? null : URL.parse(text);
  if (!url || !host.test(url.hostname)) return null;
  return isSameName(written!, url.hostname) ? url.origin : null;
}

function isSameName(written: string, hostname: string): boolean {
  const name = written.toLowerCase();
  if (!hostname.includes('xn--') || name === hostname)
    return /^[!-~]+$/.test(written) && name === hostname;
  return name.normalize('NFC') === domainToUnicode(hostname);
}

/**
 * Only pages of these origins may ask. A script's page is named by its Origin and may read that it
 * is refused; a frame's by its Referer, and where that is missing the content policy decides.
 */
export function refuseOtherPages(
  context: Context,
  reachedBy: 'script' | 'frame',
  origins: readonly string[],
  publicUrl: string,
): void {
  const { origin, referer, 'sec-fetch-site': site } = context.headers;
  const page = reachedBy === 'script' ? (origin ?? null) : originOfReferer(referer);
  if (page === null || page === publicUrl || site === 'same-origin') return;
  if (!origins.includes(page)) {
    throw new Refusal(403, 'origin_not_allowed', `Pages of ${page} may not show this.`);
  }
  if (reachedBy === 'script') context.res.setHeader('Access-Control-Allow-Origin', page);
}

/** Of the page that a Referer names; null when it names none. */
function originOfReferer(referer: string | undefined): string | null {
  return referer && URL.canParse(referer) ? new URL(referer).origin : null;
}
