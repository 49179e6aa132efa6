import type { BrowserLauncher } from '@web/test-runner-core';
import type { Installed } from './installed.ts';
import type { RemoteBrowser } from './remote-browser.ts';

/**
 * Runs test files of the test runner one after another, each in a new instance of the browser, so that
 * they don't affect each other.
 */
export function launcherOf({ name, open }: Installed): BrowserLauncher {
  let active: { id: string; browser: RemoteBrowser } | undefined;
  const stop = async () => {
    await active?.browser.close();
    active = undefined;
  };
  return {
    name,
    type: name.toLowerCase(),
    concurrency: 1,
    async startSession(id, url) {
      active = { id, browser: await open() };
      await active.browser.open(url);
    },
    isActive: (id) => id === active?.id,
    getBrowserUrl: async () => active?.browser.url(),
    async stopSession() {
      await stop();
      return {};
    },
    startDebugSession() {
      throw new Error(`${name} has no debugging here`);
    },
    stop,
  };
}
