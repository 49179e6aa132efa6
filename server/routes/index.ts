import type { Route } from '../route.ts';
import { accounts } from './accounts.ts';
import { embed } from './embed.ts';
import { stats } from './stats.ts';
import { trades } from './trades.ts';
import { widgets } from './widgets.ts';

/** Every route that a key opens. */
export const routes: readonly Route[] = [stats, accounts, trades, widgets, embed];
