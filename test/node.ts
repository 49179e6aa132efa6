import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const cores = availableParallelism();
/** Few enough that loading the server is not what they do longest, and enough to keep every core busy to the end. */
const shares = 3 * cores;

/** Runs Node's tests with these options; whether all passed. */
async function run(...options: string[]): Promise<boolean> {
  const tests = spawn(process.execPath, ['--test', ...options], { stdio: 'inherit' });
  const [code] = (await once(tests, 'exit')) as [number | null];
  return code === 0;
}

/**
 * Runs the tests that need no browser. Those in processes/ start many, which is the slower the more
 * memory the one that starts them has: each file has a process. To the others loading the server
 * takes longer than testing it: a share of the files has one.
 */
const results = [await run(`--test-concurrency=${cores}`, 'test/processes/*.test.ts')];
const others = globSync('test/**/*.test.ts', { exclude: ['test/processes/**'] });
let next = 1;
await Promise.all(
  Array.from({ length: cores }, async () => {
    while (next <= shares) {
      const share = `--test-shard=${next++}/${shares}`;
      results.push(await run('--test-isolation=none', share, ...others));
    }
  }),
);
process.exitCode = results.every(Boolean) ? 0 : 1;
