import type { Question } from '../route.ts';
import { accounts } from './accounts.ts';
import { embed } from './embed.ts';
import { stats } from './stats.ts';
import { trades } from './trades.ts';
import { widgets } from './widgets.ts';

/** The questions of the API: all that a thread needs that answers them. */
export const questions: readonly Question[] = [stats, accounts, trades, widgets, embed];
