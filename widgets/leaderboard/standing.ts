import { html, type TemplateResult } from 'lit';
import type { LeaderboardData, LeaderboardRow } from '../../shared/answers/widgets.ts';
import { fromDecimal, toDecimal } from '../../shared/money.ts';
import type { Sort } from '../../shared/widgets.ts';
import { fitting } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';
import { lead } from '../parts/lead.ts';
import { wordsOf } from './words.ts';

/** The leaders, and below them the account that was asked about when it is none of them. */
export function rowsOf({ leaders, own }: LeaderboardData): LeaderboardRow[] {
  return own && own.rank > leaders.length ? [...leaders, own] : leaders;
}

/** What the ranks go by. */
export function measureOf(row: LeaderboardRow, sort: Sort): number {
  return sort === 'pnl' ? row.total_pnl : sort === 'trades' ? row.trade_count : row.win_rate;
}

/** The rank of the account that was asked about and how far it is from another; else who leads. */
export function drawStanding(figures: LeaderboardData, formats: Formats): TemplateResult {
  const { total, leaders, own } = figures;
  const [first] = leaders as [LeaderboardRow];
  const { rank } = own ?? first;
  const words = wordsOf(formats);
  return lead(
    words.place,
    words.rank(formats.count(rank)),
    own ? words.ofTraders(total, formats.count(total)) : html`<bdi>${first.nickname}</bdi>`,
    own ? drawDistance(figures, own, formats) : drawLead(figures, first, formats),
  );
}

/** From the next while it is among the first three, else from the third, or the last there is. */
function drawDistance(
  figures: LeaderboardData,
  own: LeaderboardRow,
  formats: Formats,
): TemplateResult {
  const { sort, leaders } = figures;
  const next = own.rank < 4 && leaders[own.rank];
  const other = next || leaders[Math.min(2, own.rank - 2, leaders.length - 1)];
  if (!other) return drawLead(figures, own, formats);
  const [mine, others] = [own, other].map((row) => fromDecimal(measureOf(row, sort)));
  const distance = toDecimal(Math.abs(mine! - others!));
  const { axis, count, money, whole } = formats;
  const words = wordsOf(formats);
  const rank = words.rank(count(other.rank));
  const tell = (gap: string, where: string) =>
    distance ? (next ? words.aheadOf : words.behind)(gap, where) : words.levelWith(where);
  const short = write(distance, sort, formats, axis);
  return fitting([
    tell(
      write(distance, sort, formats, distance < 100 ? money : whole),
      words.places[other.rank - 1]!,
    ),
    tell(short, rank),
    words.to(short, rank),
  ]);
}

function drawLead(
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
  return fitting([
    // How many there are is said already where an account was asked about.
    own ? words.leads(long) : words.leadsTraders(total, count(total), long),
    words.leads(short),
  ]);
}

type Write = (amount: number) => string;

function write(value: number, sort: Sort, formats: Formats, money: Write): string {
  if (sort === 'pnl') return money(value);
  const tell = sort === 'trades' ? commonWordsOf(formats).ofTrades : wordsOf(formats).points;
  return tell(value, formats.count(value));
}
