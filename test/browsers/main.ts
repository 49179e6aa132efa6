import { spawnSync } from 'node:child_process';
import { installedBrowsers } from './installed.ts';

const names = installedBrowsers().map(({ name }) => name);
const missing = ['Firefox', 'WebKit'].filter((name) => !names.some((one) => one === name));

if (names.length) console.log(`In ${names.join(' and ')}:`);
if (missing.length)
  console.log(
    `Not in ${missing.join(' and ')}, for want of Debian’s firefox-esr, or webkit2gtk-driver and xvfb.`,
  );

/** Returns whether the command succeeded. */
function run(...command: string[]): boolean {
  return spawnSync(process.execPath, command, { stdio: 'inherit' }).status === 0;
}

if (names.length) {
  const runner = 'node_modules/@web/test-runner/dist/bin.js';
  const results = [
    run('--test', '--test-reporter=spec', 'test/browsers/layout.ts', 'test/browsers/pages.ts'),
    run(runner, '--config', 'test/browsers/runner.config.js'),
  ];
  process.exitCode = results.every(Boolean) ? 0 : 1;
}
