import { html, type TemplateResult } from 'lit';
import type { LeaderboardData, LeaderboardRow } from '../../shared/answers/widgets.ts';
import { fromDecimal, toDecimal } from '../../shared/money.ts';
import type { Sort } from '../../shared/widgets.ts';
import { fitText } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';
import { drawLead } from '../parts/lead.ts';
import { wordsOf } from './words.ts';

/** The leaders, and below them the account that was asked about if it is not among them. */
export function rowsOf({ leaders, own }: LeaderboardData): LeaderboardRow[] {
  return own && own.rank > leaders.length ? [...leaders, own] : leaders;
}

/** The value that the accounts are ranked by. */
export function measureOf(row: LeaderboardRow, sort: Sort): number {
  return sort === 'pnl' ? row.total_pnl : sort === 'trades' ? row.trade_count : row.win_rate;
}

/** The rank of the account that was asked about, and its distance from another; without one, the leader. */
export function drawStanding(figures: LeaderboardData, formats: Formats): TemplateResult {
  const { total, leaders, own } = figures;
  const [first] = leaders as [LeaderboardRow];
  const { rank } = own ?? first;
  const words = wordsOf(formats);
  return drawLead(
    words.place,
    words.rank(formats.count(rank)),
    own ? words.ofTraders(total, formats.count(total)) : html`<bdi>${first.nickname}</bdi>`,
    own ? drawDistance(figures, own, formats) : drawLeader(figures, first, formats),
  );
}

/** The distance of the first three from the next below; of the others from the third, or the last there is. */
function drawDistance(
  figures: LeaderboardData,
  own: LeaderboardRow,
  formats: Formats,
): TemplateResult {
  const { sort, leaders } = figures;
  const next = own.rank < 4 && leaders[own.rank];
  const other = next || leaders[Math.min(2, own.rank - 2, leaders.length - 1)];
  if (!other) return drawLeader(figures, own, formats);
  const [mine, others] = [own, other].map((row) => fromDecimal(measureOf(row, sort)));
  const distance = toDecimal(Math.abs(mine! - others!));
  const { axis, count, money, whole } = formats;
  const words = wordsOf(formats);
  const rank = words.rank(count(other.rank));
  const phrase = (gap: string, where: string) =>
    distance ? (next ? words.aheadOf : words.behind)(gap, where) : words.levelWith(where);
  const short = write(distance, sort, formats, axis);
  return fitText([
    phrase(
      write(distance, sort, formats, distance < 100 ? money : whole),
      words.places[other.rank - 1]!,
    ),
    phrase(short, rank),
    words.to(short, rank),
  ]);
}

function drawLeader(
  { sort, total, own }: LeaderboardData,
  first: LeaderboardRow,
  formats: Formats,
): TemplateResult {
  const value = measureOf(first, sort);
  const { count, gain, shortGain } = formats;
  const words = wordsOf(formats);
  const isRate = sort === 'win_rate';
  const [long, short] = [gain, shortGain].map((money) =>
    isRate ? formats.percent(value) : write(value, sort, formats, money),
  ) as [string, string];
  return fitText([
    // Where an account was asked about the number of traders is already said.
    own ? words.leads(long) : words.leadsTraders(total, count(total), long),
    words.leads(short),
  ]);
}

type Write = (amount: number) => string;

function write(value: number, sort: Sort, formats: Formats, money: Write): string {
  if (sort === 'pnl') return money(value);
  const countOf = sort === 'trades' ? commonWordsOf(formats).ofTrades : wordsOf(formats).points;
  return countOf(value, formats.count(value));
}
