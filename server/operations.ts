import { dispatch } from './events/dispatch.ts';
import { raiseDueSummaries } from './events/summaries.ts';
import type { Operation, PreparedOperation } from './operation.ts';
import { continueErasing } from './records/erasing.ts';
import { undoSome } from './records/undoing.ts';
import { changes } from './routes/changes.ts';
import { performChange, prepareChange, type WriteSurroundings } from './writing.ts';

const definitions = new Map(changes.map((change) => [change.name, change]));

/** Does what needs no transaction yet. Throws a Refusal. */
export function prepareOperation(operation: Operation): PreparedOperation {
  if (operation.kind !== 'change') return operation;
  const { asked } = operation;
  return { kind: 'change', change: prepareChange(definitions.get(asked.route)!, asked) };
}

/** How long a part of the periodic work takes, ms. */
const longestPart = { erase: 6, undo: 20, summarize: 6, dispatch: 6 } as const;

/** Performs an operation in a transaction; returns its result. */
export async function performOperation(
  operation: PreparedOperation,
  surroundings: WriteSurroundings,
): Promise<unknown> {
  if (operation.kind === 'change') return performChange(operation.change, surroundings);
  const begun = performance.now();
  const isOver = () => performance.now() - begun > longestPart[operation.kind];
  if (operation.kind === 'dispatch') {
    const { secrets, ...rest } = surroundings;
    const decrypt = (bytes: Buffer) => secrets.decrypt(bytes);
    return dispatch(operation.asked, { ...rest, decrypt }, isOver);
  }
  const { handle, ...moment } = surroundings;
  if (operation.kind === 'summarize') return raiseDueSummaries(handle, moment, isOver);
  if (operation.kind === 'undo') return undoSome(surroundings, isOver);
  return continueErasing(handle, moment, isOver);
}
