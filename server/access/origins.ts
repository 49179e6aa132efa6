import { domainToUnicode } from 'node:url';
import type { Context } from 'koa';
import { Refusal } from '../refusal.ts';
import { splitOrigins } from '../store/keys.ts';
import type { Caller } from './caller.ts';

/**
 * The origins of pages that may show the caller's widgets; null: any. If both the partner and the
 * key have a list, an origin must be in both.
 */
export function allowedOrigins({ partner, key }: Caller): readonly string[] | null {
  const ofPartner = partner.allowed_origins;
  const ofKey = key?.allowed_origins ?? null;
  if (ofPartner === null && ofKey === null) return null;
  if (ofPartner === null || ofKey === null) return splitOrigins(ofPartner ?? ofKey);
  const others = splitOrigins(ofPartner);
  return splitOrigins(ofKey).filter((origin) => others.includes(origin));
}

/**
 * The value of the CSP directive `frame-ancestors`. The server's own pages may frame widgets, too:
 * the builder does.
 */
export function frameAncestorsOf(origins: readonly string[] | null): string {
  return origins === null ? '*' : [...origins, "'self'"].join(' ');
}

/**
 * Scheme, host, port and at most a slash. The group is the host, which may still contain any other
 * character.
 */
export const originPattern = /^[hH][tT][tT][pP][sS]?:\/\/([^\s/?#\\@:]+)(?::[1-9][0-9]{0,4})?\/?$/;
/** The hosts that a content policy accepts: names of letters, digits and hyphens. */
const host = /^(?=.{1,253}$)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/;
/** In characters: a host name has at most 253. */
export const longestOrigin = 300;

/**
 * The origin of a web page, normalized as browsers do it; null when the text is not one. Browsers
 * correct many mistakes in a URL. Of those, this accepts only upper case, a name that is not ASCII,
 * a default port and a slash at the end.
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
 * Throws a 403 for pages of other origins. The page of a script is known by its Origin header, and
 * may read the error. That of a frame is known by its Referer; without one, the content policy
 * decides in the browser. Returns the origin whose scripts alone may read the answer; null: any.
 */
export function refuseOtherPages(
  context: Context,
  reachedBy: 'script' | 'frame',
  origins: readonly string[],
  publicUrl: string,
): string | null {
  const { origin, referer, 'sec-fetch-site': site } = context.headers;
  const page = reachedBy === 'script' ? (origin ?? null) : originOfReferer(referer);
  if (page === null || page === publicUrl || site === 'same-origin') return null;
  if (!origins.includes(page)) {
    throw new Refusal(403, 'origin_not_allowed', `Pages of ${page} may not show this.`);
  }
  return reachedBy === 'script' ? page : null;
}

/** The origin of the page in a Referer header; null when there is none. */
function originOfReferer(referer: string | undefined): string | null {
  return referer && URL.canParse(referer) ? new URL(referer).origin : null;
}
