import type { WidgetName } from '../../shared/widgets.ts';
import type { Plural } from '../core/plural.ts';

/** The words of a language: the same tables as in English, one for each widget among them. */
export type Words = Tables & { [Name in WidgetName]: Tables[Name] };

interface Tables {
  common: typeof import('../core/words.ts')['english'];
  states: typeof import('../core/lazy/state-words.ts')['english'];
  live: typeof import('../core/lazy/live-words.ts')['english'];
  days: typeof import('../parts/day-table.ts')['english'];
  outcomes: typeof import('../draw/outcomes.ts')['english'];
  'stats-card': typeof import('../stats-card/words.ts')['english'];
  'performance-summary': typeof import('../performance-summary/words.ts')['english'];
  'equity-curve': typeof import('../equity-curve/words.ts')['english'];
  leaderboard: typeof import('../leaderboard/words.ts')['english'];
  'trade-heatmap': typeof import('../trade-heatmap/words.ts')['english'];
  'instrument-breakdown': typeof import('../instrument-breakdown/words.ts')['english'];
  'drawdown-gauge': typeof import('../drawdown-gauge/words.ts')['english'];
  'win-streak': typeof import('../win-streak/words.ts')['english'];
  'monthly-calendar': typeof import('../monthly-calendar/words.ts')['english'];
  'risk-metrics': typeof import('../risk-metrics/words.ts')['english'];
  'recent-trades': typeof import('../recent-trades/words.ts')['english'];
}

/** The exports of a language's file: its words, given its plural rules. */
export interface Language {
  words(plural: Plural): Words;
}
