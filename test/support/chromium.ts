/** For a Chromium that runs as root, without a display, in the language the tests are written in. */
export const chromiumArguments = ['--no-sandbox', '--disable-gpu', '--accept-lang=en-US'];

/**
 * Where Chromium is: what CHROMIUM says, else the one that came by npm, unpacked when it is first
 * asked for; null where that does not run (macOS, Windows), for the installed one.
 */
export async function findChromium(): Promise<string | null> {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  if (process.platform !== 'linux') return null;
  // Said to be on such a machine, it brings the libraries that a bare Linux lacks.
  process.env.AWS_EXECUTION_ENV ??= `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`;
  const { default: chromium } = await import('@sparticuz/chromium');
  return chromium.executablePath();
}
