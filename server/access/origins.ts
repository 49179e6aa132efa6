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

/** A name or an address, with a port: nothing that means more in a content policy. */
const host = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d+)?$/;

/** The origin of a web page, as browsers write it; null for anything else. */
export function readOrigin(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || !host.test(url.host)) return null;
  const isOrigin = url.href === `${url.origin}/` && !/[?#\\]/.test(text);
  return isOrigin ? url.origin : null;
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
