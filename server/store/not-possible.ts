/** What can't be written, with a sentence that says why. */
export class NotPossible extends Error {
  /** snake_case, for programs. */
  readonly code: string;
  /** The field it is about, where it is about one. */
  readonly field: string | null;

  constructor(code: string, sentence: string, field: string | null = null) {
    super(sentence);
    this.code = code;
    this.field = field;
  }
}
