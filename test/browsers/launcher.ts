import type { BrowserLauncher } from '@web/test-runner-core';
import type { Driven } from './driven.ts';
import type { Installed } from './installed.ts';

/** Lets the test runner run test files in a browser, one after another in one window. */
export function launcherOf({ name, open }: Installed): BrowserLauncher {
  let browser: Promise<Driven> | undefined;
  let active: string | undefined;
  return {
    name,
    type: name.toLowerCase(),
    concurrency: 1,
    async startSession(id, url) {
      browser ??= open();
      active = id;
      await (await browser).open(url);
    },
    isActive: (id) => id === active,
    getBrowserUrl: async () => (await browser)?.url(),
    async stopSession() {
      active = undefined;
      await (await browser)?.open('about:blank');
      return {};
    },
    startDebugSession() {
      throw new Error(`${name} has no debugging here`);
    },
    stop: async () => (await browser)?.close(),
  };
}
