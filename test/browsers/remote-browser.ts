import path from 'node:path';
import { findChromium } from '../support/chromium.ts';

/** A browser under remote control. */
export interface RemoteBrowser {
  /** Its name and version. */
  name: string;
  open(url: string): Promise<void>;
  url(): Promise<string>;
  /** Runs a function in the page; its arguments and result must be JSON. */
  run<Result, Given extends unknown[]>(
    work: (...given: Given) => Result | Promise<Result>,
    ...given: Given
  ): Promise<Result>;
  /** A screenshot of the viewport, as PNG. */
  picture(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** In px: wide enough for the widest card. */
export const viewport = { width: 1280, height: 900 };

/** The same fonts for every browser, so that texts have the same width. */
const fonts = { FONTCONFIG_FILE: path.join(import.meta.dirname, 'fonts.conf') };

/** The environment of Chromium, with the libraries that its npm package unpacks. */
export function chromiumEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, ...fonts };
}

/** The environment of an installed browser, without those libraries. */
export async function systemEnvironment(): Promise<NodeJS.ProcessEnv> {
  await findChromium();
  const { LD_LIBRARY_PATH, ...plain } = process.env;
  return { ...plain, ...fonts, LANG: 'en_US.UTF-8' };
}
