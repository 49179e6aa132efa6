import type { PropTally } from '../clients/js/index.ts';
import { second } from '../shared/time.ts';
import type { Demo } from './fill.ts';
import { traders } from './traders.ts';
import { tradeNow } from './trading.ts';

/** How often a trade is closed. */
const tradeEvery = 6 * second;

/**
 * Makes a trader's day happen: sends a trade of one of the accounts every few seconds, by the API, as
 * a firm's back end does. Every other one is of the account that the pages show first.
 */
export function beginDay(firm: PropTally, { accounts }: Demo, clock: () => number): void {
  let turn = 0;
  const send = async () => {
    const now = clock();
    const account = accounts[turn % 2 === 0 ? 0 : (turn >> 1) % accounts.length]!;
    const trader = traders.find(({ nickname }) => nickname === account.nickname)!;
    const trade = tradeNow(trader, now, `${now} ${turn++}`);
    await firm.sendTrades({ account_id: account.id, external_id: `live-${now}`, ...trade });
  };
  // The server may be stopping.
  setInterval(() => void send().catch(() => {}), tradeEvery).unref();
}
