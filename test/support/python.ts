import { execFile, spawnSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const folder = path.resolve(import.meta.dirname, '../../clients/python');

/** Whether a Python program that imports these modules runs here. */
function runs(...modules: readonly string[]): boolean {
  const imports = modules.map((name) => `import ${name}`).join('\n');
  return spawnSync('python3', ['-c', imports]).status === 0;
}

/** Why tests of Python are skipped; false: they are not. */
export const withoutPython = runs() ? false : 'there is no python3';
export const withoutRequests =
  withoutPython || (runs('requests') ? false : 'Python’s package `requests` is not installed');

const start = `import json, sys
sys.path.insert(0, ${JSON.stringify(folder)})
def show(value): print(json.dumps(value), flush=True)
given = json.load(sys.stdin)
`;

/**
 * Runs a Python program that can import `proptally` and shows values. Beside Python's own library
 * it has none, as it runs without the installed packages. `given`: what it finds under that name.
 */
export async function runPython(program: string, given: object = {}): Promise<unknown[]> {
  const running = promisify(execFile)('python3', ['-I', '-S', '-B', '-c', start + program]);
  running.child.stdin!.end(JSON.stringify(given));
  const { stdout } = await running;
  return stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
}
