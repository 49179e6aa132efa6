import type { RefusalCode } from '../../shared/refusals.ts';

/** Something can't be written; the message is a sentence that says why. */
export class NotPossible extends Error {
  readonly code: RefusalCode;
  /** The field that is the reason; null: no single one is. */
  readonly field: string | null;

  constructor(code: RefusalCode, sentence: string, field: string | null = null) {
    super(sentence);
    this.code = code;
    this.field = field;
  }
}
