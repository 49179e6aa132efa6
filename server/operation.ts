import type { AskedChange, PreparedChange, Written } from './writing.ts';

/** What is written to a database in one transaction, as a thread can be told it. */
export type Operation = ChangeOperation;

interface ChangeOperation {
  kind: 'change';
  asked: AskedChange;
}

/** What an operation returns. */
export type ResultOf<Asked extends Operation> = Asked extends ChangeOperation ? Written : never;

export type PreparedOperation = { kind: 'change'; change: PreparedChange };
