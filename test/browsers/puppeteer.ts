import { tmpdir } from 'node:os';
import { type Browser, launch } from 'puppeteer-core';
import { chromiumArguments, findChromium } from '../support/chromium.ts';
import {
  chromiumEnvironment,
  type RemoteBrowser,
  systemEnvironment,
  viewport,
} from './remote-browser.ts';

export async function openChromium(): Promise<RemoteBrowser> {
  const executablePath = await findChromium();
  return drive(
    await launch({
      args: chromiumArguments,
      env: chromiumEnvironment(),
      ...(executablePath === null ? { channel: 'chrome' } : { executablePath }),
    }),
  );
}

export async function openFirefox(executablePath: string): Promise<RemoteBrowser> {
  return drive(
    await launch({
      browser: 'firefox',
      executablePath,
      env: await systemEnvironment(),
      extraPrefsFirefox: {
        'intl.accept_languages': 'en-US',
        'security.sandbox.content.read_path_whitelist': `${tmpdir()}/`,
      },
    }),
  );
}

async function drive(browser: Browser): Promise<RemoteBrowser> {
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
