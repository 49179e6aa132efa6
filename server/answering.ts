import { latestDay } from '../shared/day.ts';
import { minute } from '../shared/time.ts';
import { tradingDays } from '../shared/trading-day.ts';
import { type Answer, type AnswerFormat, contentOf, type Encoding, makeAnswer } from './answers.ts';
import { csvType } from './csv.ts';
import type { FrameManifest } from './embed/files.ts';
import type { OneAnswer, Question, Reply } from './route.ts';
import { type AccountState, findAccountState } from './store/accounts.ts';
import { inSnapshot, type Snapshot } from './store/database.ts';
import { DatabaseLost } from './store/database-file.ts';
import { findPartner, type Partner } from './store/partners.ts';
import type { Rankings } from './store/rankings.ts';

/** A question with all that its answer depends on besides the database. A thread can tell it another. */
export interface AskedQuestion {
  /** The name of its route. */
  route: string;
  query: unknown;
  /** Its route and query as a text: questions that have the same answer have the same. */
  text: string;
  partnerId: string;
  /** The account that it is about, and about no other; null: it is about all. */
  accountId: string | null;
  now: number;
  /** Whether the answer says how long ago something was. */
  isTimely: boolean;
  /** Whether the answer tells what its account was last observed to be worth. */
  isLive: boolean;
  language: string;
  frameAncestors: string;
  publicUrl: string;
  /** The editions of the built files and of the database. */
  edition: string;
  encoding: Encoding;
  format: AnswerFormat;
}

/** An answer, and what it depends on. */
export interface Answered {
  answer: Answer;
  identity: string;
}

/**
 * Everything that an answer depends on: the same question has another identity whenever its answer
 * may be another. A question about one account goes by the account's revision and that of the
 * partner's settings, a live one by that of its latest observation, too; every other one goes by the
 * partner's. `account` is null for the latter.
 */
export function identityOf(
  asked: AskedQuestion,
  partner: Partner,
  account: AccountState | null,
): string {
  const { today, latest, moment } = whenOf(asked, partner);
  const about = account
    ? `${account.id} ${account.attempt} ${account.revision} ${partner.settings_revision} ${observed(asked, account)}`
    : partner.revision;
  const { edition, language, frameAncestors, format, text } = asked;
  return `${partner.id} ${about} ${today} ${latest} ${moment} ${edition} ${language} ${frameAncestors} ${format} ${text}`;
}

/** The revision of what was observed; 0 where the answer does not depend on that. */
function observed({ isLive }: AskedQuestion, { observation_revision }: AccountState): number {
  return isLive ? (observation_revision ?? 0) : 0;
}

/** When a partner asks something, by the partner's days. */
export function whenOf(
  { now, isTimely }: Pick<AskedQuestion, 'now' | 'isTimely'>,
  { day_zone, day_start }: Partner,
) {
  const days = tradingDays({ zone: day_zone, start: day_start });
  const today = days.dayOf(now);
  return {
    days,
    today,
    latest: Math.max(today, latestDay(now)),
    moment: isTimely ? now - (now % minute) : days.startOf(today),
  };
}

/** What answers are worked out from. */
export interface Surroundings {
  database: Snapshot;
  rankings: Rankings;
  files: FrameManifest;
}

/**
 * Answers a question, from one snapshot. Throws a Refusal as the route's function does, and
 * DatabaseLost when the partner is not in this file.
 */
export async function workOut(
  definition: Question,
  asked: AskedQuestion,
  { database, rankings, files }: Surroundings,
): Promise<Answered> {
  const { query, partnerId, accountId, language, frameAncestors, publicUrl } = asked;
  const { content, identity } = await inSnapshot(database, async (read) => {
    const partner = await findPartner(read, partnerId);
    // Since the caller was identified, another file was opened.
    if (!partner) throw new DatabaseLost('The file that the question was about is lost.');
    const account = accountId === null ? null : await findAccountState(read, partnerId, accountId);
    const given = await definition.answer({
      query,
      partner,
      // Both parts never fall, so their sum is another whenever one of them is.
      revision: account
        ? Math.max(account.revision, partner.settings_revision) + observed(asked, account)
        : partner.revision,
      database: { ...database, read },
      rankings,
      ...whenOf(asked, partner),
      language,
      frameAncestors,
      publicUrl,
      files,
    });
    return {
      content: told(definition, asked.format, given),
      identity: identityOf(asked, partner, account ?? null),
    };
  });
  return { answer: await makeAnswer(content, identity, asked.encoding), identity };
}

function told(
  { answers, asCsv }: Question,
  format: AnswerFormat,
  given: Reply<OneAnswer, string | Buffer>,
) {
  if (format === 'json') return contentOf<string | Buffer>(answers[200], given);
  return { type: csvType, body: asCsv!(given.body as never), headers: given.headers ?? {} };
}
