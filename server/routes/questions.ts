import type { Question } from '../route.ts';
import { accountTrades } from './account-trades.ts';
import { account, accounts } from './accounts.ts';
import { bulk } from './bulk.ts';
import { embed } from './embed.ts';
import { events } from './events.ts';
import { fileImported, imports } from './imports.ts';
import { stats } from './stats.ts';
import { trade, trades } from './trades.ts';
import { user, users } from './users.ts';
import { widgets } from './widgets.ts';

/** The questions of the API: all that a thread needs that answers them. */
export const questions: readonly Question[] = [
  stats,
  bulk,
  accounts,
  account,
  accountTrades,
  trades,
  trade,
  users,
  user,
  events,
  imports,
  fileImported,
  widgets,
  embed,
];
