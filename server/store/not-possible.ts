import type { RefusalCode } from '../../shared/refusals.ts';

/** What can't be written, with a sentence that says why. */
export class NotPossible extends Error {
  readonly code: RefusalCode;
  /** The field it is about, where it is about one. */
  readonly field: string | null;

  constructor(code: RefusalCode, sentence: string, field: string | null = null) {
    super(sentence);
    this.code = code;
    this.field = field;
  }
}
