import type { Context } from 'koa';
import { Refusal } from '../refusal.ts';

/** The browser, or program, at the other end of a request. */
export class Visitor {
  readonly #context: Context;
  readonly #publicUrl: string;

  /** `publicUrl`: where the world finds this server. */
  constructor(context: Context, publicUrl: string) {
    this.#context = context;
    this.#publicUrl = publicUrl;
    // Behind a proxy that ends TLS the connection itself is not secure, but the browser's is.
    context.cookies.secure = this.#isSecure;
  }

  get #isSecure(): boolean {
    return this.#publicUrl.startsWith('https:');
  }

  cookie(name: CookieName): string | undefined {
    return this.#context.cookies.get(this.#fullName(name));
  }

  /** For so many seconds. No script reads it, and no other site's request but a followed link carries it. */
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

  /** With the prefix no other host of the domain can set it. */
  #fullName(name: CookieName): string {
    return this.#isSecure ? `__Host-${name}` : name;
  }

  /**
   * Whether somebody follows a link, and nothing only looks at it: by HEAD, ahead of being asked for
   * (browsers have several names for that), or for a part of another page.
   */
  get isFollowing(): boolean {
    const { method, headers } = this.#context;
    const isAhead = aheadHeaders.some((name) => headers[name] !== undefined);
    const { 'sec-fetch-mode': mode = 'navigate', 'sec-fetch-dest': dest = 'document' } = headers;
    // Programs say `cors` of whatever they ask; in a browser it never goes with a document.
    const isNavigation = dest === 'document' && (mode === 'navigate' || mode === 'cors');
    return method === 'GET' && !isAhead && isNavigation;
  }

  /** Throws a 403 when a page of another origin made the browser send this. */
  refuseForeignPage(): void {
    const { origin, 'sec-fetch-site': site } = this.#context.headers;
    // What is no browser sends neither, and nobody can make it send a cookie.
    const isOwn =
      typeof site === 'string'
        ? site === 'same-origin' || site === 'none'
        : origin === undefined || origin === this.#publicUrl;
    if (!isOwn) {
      throw new Refusal(403, 'foreign_page', 'This is for the portal’s own pages only.');
    }
  }
}

/** With these browsers say `prefetch`, `prerender` or `preview`. */
const aheadHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

/** `pt_session` holds a session; `pt_sign_in` tells the browser that asked for a link. */
export type CookieName = 'pt_session' | 'pt_sign_in';
