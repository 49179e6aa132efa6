/** The body of every answer that is not a success. */
export interface ErrorAnswer {
  /** A sentence for a person. */
  error: string;
  /** snake_case for a program. */
  code: string;
  /** For invalid input: every problem, not only the first. */
  details?: { path: string; message: string }[];
}
