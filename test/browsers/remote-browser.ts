import path from 'node:path';
import { findChromium } from '../support/chromium.ts';

/** A browser that tests steer from outside. */
export interface RemoteBrowser {
  /** With its version. */
  name: string;
  open(url: string): Promise<void>;
  url(): Promise<string>;
  /** Runs a function in the page, whose arguments and result have to be JSON. */
  run<Result, Given extends unknown[]>(
    work: (...given: Given) => Result | Promise<Result>,
    ...given: Given
  ): Promise<Result>;
  /** A picture of what is in the window, as PNG. */
  picture(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** The window's inside, in px: room for the widest card. */
export const viewport = { width: 1280, height: 900 };

/** For every browser to find the same fonts, so that texts are as wide. */
const fonts = { FONTCONFIG_FILE: path.join(import.meta.dirname, 'fonts.conf') };

/** With the libraries that the Chromium which came by npm has brought. */
export function chromiumEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, ...fonts };
}

/** Without them. */
export async function environment(): Promise<NodeJS.ProcessEnv> {
  await findChromium();
  const { LD_LIBRARY_PATH, ...plain } = process.env;
  return { ...plain, ...fonts, LANG: 'en_US.UTF-8' };
}
