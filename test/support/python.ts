import { execFile, spawnSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const folder = path.resolve(import.meta.dirname, '../../clients/python');

/** Whether a Python program that imports these modules runs here. */
function runs(...modules: readonly string[]): boolean {
  const imports = modules.map((name) => `import ${name}`).join('\n');
  return spawnSync('python3', ['-I', '-c', imports]).status === 0;
}

/** Why tests of Python are skipped; false: they are not. */
export const withoutPython = runs() ? false : 'there is no python3';
export const withoutRequests =
  withoutPython || (runs('requests') ? false : 'Python’s package requests is not installed');

const start = `import json, sys
sys.path.insert(0, ${JSON.stringify(folder)})
def show(value): sys.stdout.write(json.dumps(value) + "\\n")
given = json.load(sys.stdin)
`;

/**
 * Runs a Python program that can import `proptally`, and returns the values that it shows. `given`:
 * what it finds under that name. Without `packages` it can import only what comes with Python.
 */
export async function runPython(
  program: string,
  given: object = {},
  { packages = false } = {},
): Promise<unknown[]> {
  const flags = ['-I', '-B', ...(packages ? [] : ['-S'])];
  const running = promisify(execFile)('python3', [...flags, '-c', start + program]);
  running.child.stdin!.end(JSON.stringify(given));
  const { stdout } = await running;
  return stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
}
