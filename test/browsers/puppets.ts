import { tmpdir } from 'node:os';
import { type Browser, launch } from 'puppeteer-core';
import { chromiumArguments, findChromium } from '../support/chromium.ts';
import { chromiumEnvironment, type Driven, environment, viewport } from './driven.ts';

export interface Puppet extends Driven {
  /** The page on paper, as PDF. */
  print(): Promise<Uint8Array>;
}

export async function openChromium(): Promise<Puppet> {
  const executablePath = await findChromium();
  return drive(
    await launch({
      args: chromiumArguments,
      env: chromiumEnvironment(),
      ...(executablePath === null ? { channel: 'chrome' } : { executablePath }),
    }),
  );
}

export async function openFirefox(executablePath: string): Promise<Puppet> {
  return drive(
    await launch({
      browser: 'firefox',
      executablePath,
      env: await environment(),
      extraPrefsFirefox: {
        'intl.accept_languages': 'en-US',
        'security.sandbox.content.read_path_whitelist': `${tmpdir()}/`,
      },
    }),
  );
}

async function drive(browser: Browser): Promise<Puppet> {
  const page = await browser.newPage();
  await page.setViewport(viewport);
  return {
    name: (await browser.version()).replace('/', ' '),
    open: async (url) => {
      await page.goto(url);
    },
    url: async () => page.url(),
    run: (work, ...given) => page.evaluate(work as never, ...given) as never,
    picture: () => page.screenshot(),
    print: () => page.pdf({ format: 'a4', printBackground: true, margin: {} }),
    close: () => browser.close(),
  };
}
