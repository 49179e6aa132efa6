import type { RefusalCode } from '../../shared/refusals.ts';
import { invalid, type Problem } from '../query.ts';
import { Refusal } from '../refusal.ts';

/** Why a row of a batch is refused. */
export interface Described {
  code: RefusalCode;
  sentence: string;
  details: NonNullable<Refusal['details']>;
}

export function describeProblems(problems: readonly Problem[]): Described {
  return {
    code: 'invalid_body',
    sentence: problems.map(({ path, message }) => `${path} ${message}`).join('; '),
    details: [...problems],
  };
}

/** For a reason other than the form of the row; `path`: of the field that it is about. */
export function because(code: RefusalCode, sentence: string, path: string): Described {
  return { code, sentence, details: [{ path, message: sentence, code }] };
}

export const conflicts = ['conflict', 'deleted', 'account_closed'] as const;

/** What is invalid comes before what is missing, and that before conflicts. */
const statuses = [
  [400, ['invalid_body']],
  [404, ['not_found']],
  [409, conflicts],
] as const satisfies [number, readonly RefusalCode[]][];

/** The refusal of a request whose rows, each a `noun`, are refused for these reasons. */
export function refusalOf(refusals: readonly Described[], noun: string): Refusal {
  const details = refusals.flatMap(({ details }) => details);
  for (const [status, codes] of statuses) {
    const first = refusals.find(({ code }) => (codes as readonly RefusalCode[]).includes(code));
    if (!first) continue;
    if (status === 400) return invalid('invalid_body', details);
    const more = refusals.length - 1;
    const others = more > 0 ? ` (and ${more} other ${noun}${more === 1 ? '' : 's'})` : '';
    return new Refusal(status, first.code, `${first.sentence}${others}`, {
      details: details.slice(0, 100),
    });
  }
  throw new Error(`A ${noun} is refused for no reason.`);
}
