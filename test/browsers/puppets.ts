import { tmpdir } from 'node:os';
import { type Browser, launch } from 'puppeteer-core';
import { chromiumArguments, findChromium } from '../support/chromium.ts';
import { chromiumEnvironment, type Driven, environment, viewport } from './driven.ts';

export async function openChromium(): Promise<Driven> {
  const executablePath = await findChromium();
  return drive(
    await launch({
      args: chromiumArguments,
      env: chromiumEnvironment(),
      ...(executablePath === null ? { channel: 'chrome' } : { executablePath }),
    }),
  );
}

export async function openFirefox(executablePath: string): Promise<Driven> {
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

async function drive(browser: Browser): Promise<Driven> {
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
    close: () => browser.close(),
  };
}
