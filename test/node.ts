import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';

/**
 * Runs the tests that need no browser: a share of the files for each core, each share in one process,
 * since to load the server takes longer than the tests of most files.
 */
const shares = availableParallelism();
const codes = await Promise.all(
  Array.from({ length: shares }, async (_, index) => {
    const options = [
      '--test',
      '--test-isolation=none',
      `--test-shard=${index + 1}/${shares}`,
      // Room for what a request leaves, so that a fifteenth of the time does not go into clearing it.
      '--max-semi-space-size=64',
    ];
    const share = spawn(process.execPath, [...options, 'test/**/*.test.ts'], { stdio: 'inherit' });
    const [code] = (await once(share, 'exit')) as [number | null];
    return code;
  }),
);
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
