import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';

/** The keys of the databases that earlier versions left here, by the number of migrations that made each. */
export const storedKeys = {
  1: 'pt_9730dce82e036b091ee5e925f9981b79c075719e355276104bae490a',
  2: 'pt_2a88af09f932cd9118a64a4a5c9ca4001d25aa646336a2e7c16686a5',
  3: 'pt_3e24d045a20b1b9e34ec74d9f932dc9ff7de3ca52bb228c831d532e9',
  4: 'pt_39ff527161417af3f47ea1ce93e520735c3dd1a0e239c65e09ae006c',
  6: 'pt_300992cdbb5af1eca82215a09f9a9455dd1b09c18ca56ac182cf7321',
  7: 'pt_f8675447e978688f06294549bae10d6b6e9d58032213d5c326798390',
  8: 'pt_76b55330388e35801ca675e5485e4b8478f5f94c3549e90e7931d884',
  9: 'pt_0eadd6ee55b06eab939fd4f84d394ce201852e642c349339f57016f5',
  10: 'pt_9486e28ce932927858fcf9bc88435fcde3d55c74fb5610a8d86f635a',
  11: 'pt_83353fcb7ffdb19878c7ee7219892dde54b0b6a79600bda6e8f9478d',
  12: 'pt_28cb739196c3550f1eab576fa8635067d8c772060440983fa7cca4ce',
  13: 'pt_940936f1a42fda117964a61104a4d7521561f357afc9fdbcf3c55b80',
} as const;

export type StoredVersion = keyof typeof storedKeys;

export const storedVersions = Object.keys(storedKeys).map(Number) as StoredVersion[];

/** Makes a folder that is deleted when the test ends. */
export function testFolder(test: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'proptally-test-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Copies a version's database into a folder; returns the path of the copy. */
export function copyStored(version: StoredVersion, folder: string): string {
  const file = path.join(folder, `version-${version}.db`);
  copyFileSync(path.join(import.meta.dirname, `version-${version}.sqlite`), file);
  return file;
}
