import { accessSync, constants, globSync } from 'node:fs';
import path from 'node:path';
import { openFirefox } from './puppeteer.ts';
import type { RemoteBrowser } from './remote-browser.ts';
import { openWebKit } from './webkit.ts';

/** A browser other than Chromium on this machine. */
export interface Installed {
  name: 'Firefox' | 'WebKit';
  open(): Promise<RemoteBrowser>;
}

/** The browsers of the Debian packages firefox-esr, and webkit2gtk-driver with xvfb, that are installed. */
export function installedBrowsers(): Installed[] {
  const firefox = process.env.FIREFOX ?? find('firefox-esr') ?? find('firefox');
  const driver = find('Xvfb') && find('WebKitWebDriver');
  const [miniBrowser] = globSync('/usr/lib*/{,*/}webkit2gtk-4.*/MiniBrowser');
  return [
    ...(firefox ? [{ name: 'Firefox' as const, open: () => openFirefox(firefox) }] : []),
    ...(driver && miniBrowser
      ? [{ name: 'WebKit' as const, open: () => openWebKit(driver, miniBrowser) }]
      : []),
  ];
}

function find(program: string): string | undefined {
  return process.env.PATH?.split(path.delimiter)
    .map((folder) => path.join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
