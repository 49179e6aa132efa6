import type { DispatchAsked, Dispatched } from './events/dispatch.ts';
import type { AskedChange, PreparedChange, Written } from './writing.ts';

/** What is written to a database in one transaction, as a thread can be told it. */
export type Operation = ChangeOperation | DispatchOperation | Chore;

interface ChangeOperation {
  kind: 'change';
  asked: AskedChange;
}

/** Settles deliveries to webhooks, and learns which to begin. */
interface DispatchOperation {
  kind: 'dispatch';
  asked: DispatchAsked;
}

/** A part of the periodic work, of a few ms. Its result is whether there is more to be done. */
interface Chore {
  /**
   * `erase`: goes on with erasing accounts; `undo`: with taking imports back; `summarize`: raises
   * daily summaries that are due.
   */
  kind: 'erase' | 'undo' | 'summarize';
}

/** What an operation returns. */
export type ResultOf<Asked extends Operation> = Asked extends ChangeOperation
  ? Written
  : Asked extends DispatchOperation
    ? Dispatched
    : boolean;

export type PreparedOperation =
  | { kind: 'change'; change: PreparedChange }
  | DispatchOperation
  | Chore;
