import assert from 'node:assert/strict';

/**
 * Asserts that figures are as expected. Money, which is expected as a decimal string, must be exact;
 * other numbers may differ by a relative error of 1e-11, or by 1e-11 where they are below 1.
 */
export function assertFigures(actual: unknown, expected: unknown, where: string): void {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), where);
    assert.equal(actual.length, expected.length, `${where}: length`);
    for (const [index, value] of expected.entries()) {
      assertFigures(actual[index], value, `${where}[${index}]`);
    }
  } else if (typeof expected === 'object' && expected !== null) {
    assert.deepEqual(Object.keys(actual as object).sort(), Object.keys(expected).sort(), where);
    for (const [name, value] of Object.entries(expected)) {
      assertFigures((actual as Record<string, unknown>)[name], value, `${where}.${name}`);
    }
  } else if (typeof expected === 'string' && typeof actual === 'number') {
    assert.equal(actual, Number(expected), where);
  } else if (typeof expected === 'number' && typeof actual === 'number') {
    const tolerance = 1e-11 * Math.max(1, Math.abs(expected));
    assert.ok(Math.abs(actual - expected) <= tolerance, `${where}: ${actual}, not ${expected}`);
  } else assert.equal(actual, expected, where);
}
