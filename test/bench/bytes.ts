import { get } from 'node:http';
import { type Browser, chromium } from 'playwright-core';
import { type WidgetName, widgetNames } from '../../shared/widgets.ts';
import { chromiumArguments, findChromium } from '../support/chromium.ts';
import { atMost, type Figure, progress, unbounded } from './figure.ts';
import { withShells } from './shells.ts';

/** The bounds in KB, that is thousands of bytes. */
const most: Partial<Record<WidgetName, number>> = {
  'stats-card': 15,
  'equity-curve': 46,
};
const mostOfOthers = 18;

interface Loaded {
  name: string;
  bytes: number;
}

/** The bytes that are transferred for a shell and all that it loads, without headers. */
export function measureBytes(): Promise<Figure[]> {
  return withShells(async ({ addressOf }) => {
    const executablePath = await findChromium();
    const browser = await chromium.launch({
      ...(executablePath ? { executablePath } : { channel: 'chrome' }),
      args: chromiumArguments,
    });
    try {
      const figures: Figure[] = [];
      for (const widget of widgetNames) {
        progress(`bytes: ${widget}`);
        figures.push(...(await weigh(browser, widget, addressOf(widget))));
      }
      return figures;
    } finally {
      await browser.close();
    }
  });
}

async function weigh(browser: Browser, widget: WidgetName, address: string): Promise<Figure[]> {
  const loaded: Loaded[] = [];
  for (const url of await requestedBy(browser, address)) {
    const { pathname } = new URL(url);
    loaded.push({ name: pathname.split('/').at(-1)!, bytes: await bodyLength(url) });
  }
  const sum = loaded.reduce((bytes, file) => bytes + file.bytes, 0);
  return [
    atMost(`Bytes over the wire, ${widget}`, sum / 1000, most[widget] ?? mostOfOthers, {
      unit: ' KB',
    }),
    ...loaded.map(({ name, bytes }) => unbounded(`  ${name}`, `${(bytes / 1000).toFixed(2)} KB`)),
  ];
}

/** The URLs that Chromium requests until the network is idle, the page itself first. */
async function requestedBy(browser: Browser, address: string): Promise<Set<string>> {
  const page = await browser.newPage({ locale: 'en-US' });
  const urls = new Set<string>();
  page.on('request', (request) => urls.add(request.url()));
  page.on('pageerror', (error) => progress(`bytes: ${address} threw ${error.message}`));
  await page.goto(address, { waitUntil: 'networkidle' });
  await page.close();
  return urls;
}

/** The length of a body as it is sent to a client that accepts brotli. */
async function bodyLength(url: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  get(url, { headers: { 'Accept-Encoding': 'br' } }, (response) => {
    if (response.statusCode !== 200) reject(new Error(`${url}: ${response.statusCode}`));
    let length = 0;
    response.on('data', (piece: Buffer) => {
      length += piece.length;
    });
    response.on('end', () => resolve(length));
  }).on('error', reject);
  return promise;
}
