import type { TestContext } from 'node:test';
import { makePartner, type TestPartner, tradesOf } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

/** A running server with a partner and accounts whose figures the browser tests know. */
export interface Scene {
  address: string;
  key: string;
  /** A key that was never issued. */
  refusedKey: string;
  accounts: {
    /** Three days: +400, −150, +250.50. */
    winner: string;
    /** Two days: −300, −99.25. */
    loser: string;
    /** Seven digits: +1,234,567.89. */
    large: string;
    empty: string;
  };
  stop(): Promise<void>;
}

const day = 86_400_000;

export async function setScene(): Promise<Scene> {
  const endings: (() => unknown)[] = [];
  const test = { after: (end: () => unknown) => endings.push(end) } as unknown as TestContext;
  const { address, database } = await startTestServer(test, testNow);
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
  };
  const stop = async () => {
    for (const end of endings.reverse()) await end();
  };
  return { address, key: partner.key, refusedKey: `pt_${'0'.repeat(56)}`, accounts, stop };
}

/** One trade a day, the last of them on the day the server takes for today. */
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
