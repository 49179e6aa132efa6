import { spawnSync } from 'node:child_process';

/** Runs one file of Node or browser tests, with the Node that npm puts first on the path: `npm run test:one FILE [-- OPTIONS]`. */
const [file, ...options] = process.argv.slice(2);
if (!file) {
  console.error('Which file? npm run test:one test/server/keys.test.ts');
  process.exit(2);
}
const [command, ...args] = /\.browser\.js$/.test(file)
  ? ['web-test-runner', '--files', file, ...options]
  : [process.execPath, '--test', ...options, file];
process.exitCode = spawnSync(command!, args, { stdio: 'inherit' }).status ?? 1;
