import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { type Browser, chromium } from 'playwright-core';
import { chromiumArguments, findChromium } from './chromium.ts';

/** A real Chromium that closes when the test ends. */
export async function openBrowser(test: Pick<TestContext, 'after'>): Promise<Browser> {
  const executablePath = await findChromium();
  const browser = await chromium.launch({
    args: chromiumArguments,
    ...(executablePath === null ? { channel: 'chrome' } : { executablePath }),
  });
  test.after(() => browser.close());
  return browser;
}

export interface Site {
  /** The site's origin. */
  address: string;
  /** The HTML of its pages, by path. */
  pages: Map<string, string>;
  /** Headers of each of its responses. */
  headers: Record<string, string>;
  /** The JSON answers of its own back end, by path. */
  answers: Map<string, () => Promise<unknown>>;
}

/** Starts a firm's site at an origin of its own. It stops when the test ends. */
export async function startSite(test: TestContext): Promise<Site> {
  const pages: Site['pages'] = new Map();
  const answers: Site['answers'] = new Map();
  const headers: Site['headers'] = {};
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, 'http://site');
    const answer = answers.get(pathname);
    const page = pages.get(pathname);
    response.statusCode = answer || page !== undefined ? 200 : 404;
    response.setHeader('Content-Type', answer ? 'application/json' : 'text/html; charset=utf-8');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.end(answer ? JSON.stringify(await answer()) : (page ?? ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pages,
    headers,
    answers,
  };
}
