import { NotPossible } from '../store/not-possible.ts';

/** A field that differs from what is stored, as it is told to the caller. */
export interface Difference {
  field: string;
  stored: string | number | null;
  given: string | number | null;
}

/** Details of a refusal, one for each difference. `prefix`: before the fields' names. */
export function describeDifferences(differences: readonly Difference[], prefix = '') {
  return differences.map(({ field, stored, given }) => ({
    path: prefix + field,
    message: `is ${JSON.stringify(stored)} there already, not ${JSON.stringify(given)}`,
    stored,
    given,
  }));
}

/** Throws NotPossible when anything differs. `what`: the beginning of a sentence that says so. */
export function refuseDifferences(what: string, differences: readonly Difference[]): void {
  if (differences.length === 0) return;
  const names = differences.map(({ field }) => field).join(', ');
  const sentence = `${what} is there already, with another ${names}.`;
  throw new NotPossible('conflict', sentence, describeDifferences(differences));
}
