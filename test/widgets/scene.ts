import type { TestContext } from 'node:test';
import { transact } from '../../server/store/database.ts';
import { keepObservations } from '../../server/store/observations.ts';
import { fromDecimal } from '../../shared/money.ts';
import { day, minute } from '../../shared/time.ts';
import { parameters, widgetNames, widgets } from '../../shared/widgets.ts';
import { attributesOf } from '../../widgets/build/package.ts';
import { languages } from '../../widgets/languages/index.ts';
import { makePartner, type TestPartner, type TestTrade, tradesOf } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

/** A running server with a partner and accounts of known figures, for tests in browsers. */
export interface Scene {
  address: string;
  key: string;
  /** A key that was never issued. */
  refusedKey: string;
  /** A key that opens nothing but widgets. */
  publishableKey: string;
  accounts: {
    /** Three days: +400, −150, +250.50. */
    winner: string;
    /** Two days: −300, −99.25. */
    loser: string;
    /** Seven digits: +1,234,567.89. */
    large: string;
    empty: string;
    /** Two months of trades at all hours, in six instruments; the last one a minute ago: +62.50. */
    busy: string;
    /** Like the winner, with an open loss of 120.25 that was observed a minute ago. */
    live: string;
  };
  /** The documented height of each widget. */
  heights: Record<string, number>;
  /** The attributes of each widget's element. */
  attributes: Record<string, string[]>;
  /** The parameters of each widget that change its data. */
  dataParameters: Record<string, string[]>;
  /** The languages other than English with words. */
  languages: string[];
  stop(): Promise<void>;
}

export async function setScene(): Promise<Scene> {
  const endings: (() => unknown)[] = [];
  const test = { after: (end: () => unknown) => endings.push(end) } as unknown as TestContext;
  // The tests make more requests than the burst limit of a key allows.
  const keyBurst = { atOnce: 1e6, perSecond: 1 };
  const { address, database } = await startTestServer(test, { keyBurst });
  const partner = await makePartner(database, 'enterprise');
  const accounts = {
    winner: await makeAccount(partner, 'Winner 50K', [400, -150, 250.5]),
    loser: await makeAccount(partner, 'Loser 50K', [-300, -99.25]),
    large: await makeAccount(
      partner,
      'A name far too long for the header of a card',
      [1_500_000.5, -265_432.61],
    ),
    empty: await partner.newAccount({ nickname: 'New 50K' }),
    busy: await partner.newAccount({
      nickname: 'Busy 50K',
      firm: 'summit',
      startingBalance: 50_000,
    }),
    live: await makeAccount(partner, 'Live 50K', [400, -150, 250.5]),
  };
  await partner.addTrades(accounts.busy, busyTrades());
  await transact(database, async () => {
    const worth = { balance: fromDecimal(50_500.5), equity: fromDecimal(50_380.25) };
    const observation = { time: testNow + minute, open_pnl: null, ...worth };
    const observed = new Map([[accounts.live, [observation]]]);
    keepObservations(database.handle, partner.id, observed, testNow + minute);
  });
  for (let number = 1; number <= 9; number++)
    await makeAccount(partner, `Trader ${number} of the morning shift`, [number * 321.5, -150]);
  const heights = Object.fromEntries(widgetNames.map((name) => [name, widgets[name].height]));
  const attributes = Object.fromEntries(
    widgetNames.map((name) => [name, Object.keys(attributesOf(name))]),
  );
  const dataParameters = Object.fromEntries(
    widgetNames.map((name) => [
      name,
      widgets[name].parameters.filter((parameter) => parameters[parameter].group === 'data'),
    ]),
  );
  const stop = async () => {
    for (const end of endings.reverse()) await end();
  };
  const refusedKey = `pt_${'0'.repeat(56)}`;
  const publishableKey = await partner.newKey(['embed:read']);
  const { key } = partner;
  return {
    address,
    key,
    refusedKey,
    publishableKey,
    accounts,
    heights,
    attributes,
    dataParameters,
    languages: Object.keys(languages),
    stop,
  };
}

/** One trade a day, the last of them on the server's present day. */
async function makeAccount(
  partner: TestPartner,
  nickname: string,
  results: readonly number[],
): Promise<string> {
  const account = await partner.newAccount({ nickname });
  const trades = results.flatMap((result, index) =>
    tradesOf([result], testNow - (results.length - 1 - index) * day),
  );
  await partner.addTrades(account, trades);
  return account;
}

/** The same in every run, with a small profit. */
function busyTrades(): TestTrade[] {
  const symbols = ['ES', 'NQ', 'CL', 'GC', 'EURUSD', 'MES'];
  const trades: TestTrade[] = [];
  for (let number = 0; number < 300; number++) {
    const exit = testNow - minute - Math.floor(number ** 1.45 * 22 * minute);
    const result = ((number * 7919) % 401) - 180;
    trades.push({
      entry_time: exit - (1 + (number % 90)) * minute,
      exit_time: exit,
      symbol: symbols[(number * number) % symbols.length]!,
      direction: number % 3 ? 'long' : 'short',
      quantity: 1 + (number % 4),
      pnl: number === 0 ? 62.5 : result + 0.25,
    });
  }
  return trades;
}
