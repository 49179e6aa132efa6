/** Let Chromium run as root, without a display, and in the language of the tests. */
export const chromiumArguments = ['--no-sandbox', '--disable-gpu', '--accept-lang=en-US'];

/**
 * The path of Chromium: the environment variable CHROMIUM, else that of the npm package, which
 * unpacks it on first use. Null where that does not run (macOS, Windows): use the installed one.
 */
export async function findChromium(): Promise<string | null> {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  if (process.platform !== 'linux') return null;
  // Only for AWS Lambda does the package unpack the libraries that a bare Linux lacks.
  process.env.AWS_EXECUTION_ENV ??= `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`;
  const { default: chromium } = await import('@sparticuz/chromium');
  return chromium.executablePath();
}
