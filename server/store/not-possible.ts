import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type { RefusalCode } from '../../shared/refusals.ts';

type Details = NonNullable<ErrorAnswer['details']>;

/** Something can't be written; the message is a sentence that says why. */
export class NotPossible extends Error {
  readonly code: RefusalCode;
  /** The fields that are the reason, with what is wrong with each. */
  readonly details: Readonly<Details>;

  /** `reason`: the only field that is the reason, of which the sentence tells; or several. */
  constructor(code: RefusalCode, sentence: string, reason: string | Readonly<Details> = []) {
    super(sentence);
    this.code = code;
    this.details = typeof reason === 'string' ? [{ path: reason, message: sentence }] : reason;
  }
}
