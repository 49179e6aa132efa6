import sparticuz from '@sparticuz/chromium';

/** Where Chromium is: what CHROMIUM says, else the one that comes with the development packages. */
export async function findChromium(): Promise<string> {
  return process.env.CHROMIUM || sparticuz.executablePath();
}

export const chromiumArguments = ['--no-sandbox', '--disable-gpu', '--accept-lang=en-US'];
