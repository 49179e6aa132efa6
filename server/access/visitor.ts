import type { Context } from 'koa';
import { Refusal } from '../refusal.ts';

/** The client of a request: a browser or another program. */
export class Visitor {
  readonly #context: Context;
  readonly #publicUrl: string;

  /** `publicUrl`: this server's public origin. */
  constructor(context: Context, publicUrl: string) {
    this.#context = context;
    this.#publicUrl = publicUrl;
    // Behind a proxy that terminates TLS the connection itself is not secure, but the browser's is.
    context.cookies.secure = this.#isSecure;
  }

  get #isSecure(): boolean {
    return this.#publicUrl.startsWith('https:');
  }

  cookie(name: CookieName): string | undefined {
    return this.#context.cookies.get(this.#fullName(name));
  }

  /**
   * Sets a cookie for `seconds`. Scripts can't read it, and of the requests that other sites cause,
   * only followed links send it.
   */
  setCookie(name: CookieName, value: string, seconds: number): void {
    this.#context.cookies.set(this.#fullName(name), value, {
      ...this.#attributes,
      maxAge: seconds * 1_000,
    });
  }

  clearCookie(name: CookieName): void {
    this.#context.cookies.set(this.#fullName(name), null, this.#attributes);
  }

  get #attributes() {
    return { httpOnly: true, sameSite: 'lax', secure: this.#isSecure, path: '/' } as const;
  }

  /** With the prefix, no other host of the domain can set the cookie. */
  #fullName(name: CookieName): string {
    return this.#isSecure ? `__Host-${name}` : name;
  }

  /**
   * Whether a person follows a link, rather than a program looking at it: by HEAD, ahead of time
   * (for which browsers have several headers), or as part of another page.
   */
  get isFollowing(): boolean {
    const { method, headers } = this.#context;
    const isAhead = aheadHeaders.some((name) => headers[name] !== undefined);
    const { 'sec-fetch-mode': mode = 'navigate', 'sec-fetch-dest': dest = 'document' } = headers;
    // Programs that use fetch() send `cors` for everything. Browsers never send it for a document.
    const isNavigation = dest === 'document' && (mode === 'navigate' || mode === 'cors');
    return method === 'GET' && !isAhead && isNavigation;
  }

  /** Whether a page of this server's own origin made the browser send this request. */
  get isOnOwnPage(): boolean {
    const { origin, 'sec-fetch-site': site } = this.#context.headers;
    // Clients that are no browsers send neither header, and no page can make them send a cookie.
    return typeof site === 'string'
      ? site === 'same-origin'
      : origin === undefined || origin === this.#publicUrl;
  }

  /** Throws a 403 when a page of another origin made the browser send this request. */
  refuseForeignPage(): void {
    if (!this.isOnOwnPage && this.#context.headers['sec-fetch-site'] !== 'none') {
      throw new Refusal(403, 'foreign_page', 'This is for the portal’s own pages only.');
    }
  }
}

/** The headers in which browsers send `prefetch`, `prerender` or `preview`. */
const aheadHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

/**
 * `pt_session` holds the secret of a session, `pt_trader` that of a trader's; `pt_sign_in` identifies
 * the browser that asked for a link.
 */
type CookieName = 'pt_session' | 'pt_sign_in' | 'pt_trader';
