import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const cores = availableParallelism();
/** How many processes share the test files: few, as each loads the server anew, yet enough to keep every core busy to the end. */
const shares = 3 * cores;

/** Runs Node's tests with these options. Returns whether all passed. */
async function run(...options: string[]): Promise<boolean> {
  const tests = spawn(process.execPath, ['--test', ...options], { stdio: 'inherit' });
  const [code] = (await once(tests, 'exit')) as [number | null];
  return code === 0;
}

/**
 * Runs all Node tests. Those in processes/ start many processes, which is the slower the more memory
 * the parent has, so each file runs in a process of its own. The other files take less time than
 * loading the server does, so many files share a process.
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
