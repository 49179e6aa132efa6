import type { Operation, PreparedOperation } from './operation.ts';
import { changes } from './routes/changes.ts';
import { performChange, prepareChange, type WriteSurroundings } from './writing.ts';

const definitions = new Map(changes.map((change) => [change.name, change]));

/** Does what needs no transaction yet. Throws a Refusal. */
export function prepareOperation({ kind, asked }: Operation): PreparedOperation {
  return { kind, change: prepareChange(definitions.get(asked.route)!, asked) };
}

/** Performs an operation in a transaction; returns its result. */
export function performOperation(
  { change }: PreparedOperation,
  surroundings: WriteSurroundings,
): Promise<unknown> {
  return performChange(change, surroundings);
}
