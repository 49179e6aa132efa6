import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { holdFetched } from './held.ts';

holdFetched();

const root = path.resolve(import.meta.dirname, '../..');
/** The built command line, as it is installed. It starts three times as fast as its sources. */
export const program = path.join(root, 'dist/node/main.js');
refuseStale();

/** Throws when the build is older than the sources, so that tests never run outdated code. */
function refuseStale(): void {
  const built = existsSync(program) ? statSync(program).mtimeMs : 0;
  for (const folder of ['server', 'shared', 'demo', 'widgets']) {
    for (const name of readdirSync(path.join(root, folder), {
      recursive: true,
      encoding: 'utf8',
    })) {
      if (name.endsWith('.ts') && statSync(path.join(root, folder, name)).mtimeMs > built)
        throw new Error(`${folder}/${name} is newer than what is built: npm run build:server`);
    }
  }
}

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandLine {
  /** A folder of the test's own. */
  folder: string;
  /** Runs the command line to its end, on the folder's database. */
  run(...args: string[]): Promise<Outcome>;
  /** The same with --json; returns the parsed output. */
  json<Value>(...args: string[]): Promise<Value>;
  /** Starts a command that keeps running. */
  start(...args: string[]): ChildProcessWithoutNullStreams;
}

/** Runs PropTally's command line in a folder that is deleted when the test ends. */
export function commandLine(test: TestContext, environment: NodeJS.ProcessEnv = {}): CommandLine {
  const folder = mkdtempSync(path.join(tmpdir(), 'proptally-test-'));
  const running = new Set<ChildProcessWithoutNullStreams>();
  test.after(() => {
    for (const child of running) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const start = (...args: string[]) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: { ...process.env, PROPTALLY_DB: path.join(folder, 'test.db'), ...environment },
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    return child;
  };
  const run = (...args: string[]) => outcomeOf(start(...args));
  return {
    folder,
    run,
    start,
    json: async <Value>(...args: string[]) =>
      JSON.parse((await run(...args, '--json')).stdout) as Value,
  };
}

/** What a running command has printed when it ends, and its exit code. */
export function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  return new Promise((resolve) => {
    const outcome: Outcome = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      outcome.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      outcome.stderr += chunk;
    });
    child.once('close', (code) => resolve({ ...outcome, code }));
  });
}

/** Waits until the output of a running command matches; returns the match, or its first group. */
export function lineOf(child: ChildProcessWithoutNullStreams, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const found = pattern.exec(text);
      if (found) resolve(found[1] ?? found[0]);
    });
    child.once('exit', (code) => reject(new Error(`It ended with ${code} after: ${text}`)));
  });
}
