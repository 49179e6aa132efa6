import assert from 'node:assert/strict';
import type { Message } from '../../server/mail/message.ts';
import { operator } from '../../server/store/audit.ts';
import { type Database, transact } from '../../server/store/database.ts';
import { addSignInAddress } from '../../server/store/sign-in.ts';
import { type TestServer, testNow } from './server.ts';

export const auth = '/api/partner/auth';

interface Sent {
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** The browser of a person: it keeps cookies and sends them, but follows no redirects. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #address: string;

  constructor({ address }: Pick<TestServer, 'address'>) {
    this.#address = address;
  }

  async send(method: string, path: string, { body, headers }: Sent = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.#address + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(cookie && { Cookie: cookie }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const given of response.headers.getSetCookie()) this.#keep(given);
    return response;
  }

  #keep(given: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(given)!;
    if (value === '' || / expires=Thu, 01 Jan 1970/i.test(given)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.send('GET', path, { headers });
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.send('POST', path, { body, headers });
  }
}

/** The paths and queries of the links in a mail. */
export function linksIn({ text }: Pick<Message, 'text'>): string[] {
  return [...text.matchAll(/https?:\/\/\S+/g)].map(([link]) => {
    const { pathname, search } = new URL(link);
    return pathname + search;
  });
}

export function tokenOf(link: string): string {
  return /token=([\w-]+)/.exec(link)![1]!;
}

/** Requests a sign-in link as the browser would, as if none had been sent lately; returns the first link of the mail. */
export async function mailedLink(
  server: TestServer,
  browser: Browser,
  email: string,
): Promise<string> {
  const before = server.mails.length;
  await server.database.write.deleteFrom('mail').where('state', '!=', 'waiting').execute();
  assert.equal((await browser.post(`${auth}/magic-link`, { email })).status, 200);
  await server.tick();
  assert.equal(server.mails.length, before + 1, `No mail came to ${email}`);
  return linksIn(server.mails.at(-1)!)[0]!;
}

/** A browser in which the address has signed in. */
export async function signIn(
  server: TestServer,
  email: string,
  browser = new Browser(server),
): Promise<Browser> {
  const link = await mailedLink(server, browser, email);
  assert.equal((await browser.get(link)).status, 303);
  return browser;
}

/** A browser with a session that a key opened. */
export async function signInByKey(server: TestServer, key: string): Promise<Browser> {
  const browser = new Browser(server);
  assert.equal((await browser.post(`${auth}/session`, { api_key: key })).status, 201);
  return browser;
}

/** Whether the browser's session is valid. */
export async function isSignedIn(browser: Browser): Promise<boolean> {
  const { status } = await browser.get('/api/partner/dashboard');
  assert.ok(status === 200 || status === 401, `It answers ${status}`);
  return status === 200;
}

/** Allows another address to sign in, as the operator would. */
export async function addAddress(
  database: Database,
  partnerId: string,
  email: string,
  now = testNow,
): Promise<void> {
  await transact(database, (transaction) =>
    addSignInAddress(transaction, partnerId, email, operator, now),
  );
}
