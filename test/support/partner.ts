import { randomBytes } from 'node:crypto';
import { importStatement } from '../../server/ingest/import.ts';
import type { ImportReport } from '../../server/ingest/report.ts';
import { createAccount } from '../../server/store/accounts.ts';
import { operator } from '../../server/store/audit.ts';
import { type Database, transact } from '../../server/store/database.ts';
import { createKey } from '../../server/store/keys.ts';
import { changePartner, createPartner, type PartnerChanges } from '../../server/store/partners.ts';
import { allowances, type Scope, type Tier } from '../../shared/access.ts';
import { fromDecimal } from '../../shared/money.ts';
import { minute } from '../../shared/time.ts';
import { testNow } from './server.ts';

export interface TestPartner {
  id: string;
  /** The address that may sign in. */
  email: string;
  set(changes: PartnerChanges): Promise<void>;
  /** A key with every scope of the tier. */
  key: string;
  /** Makes another key; it expires at `expiresAt`, epoch ms, or never. */
  newKey(scopes: readonly Scope[], expiresAt?: number): Promise<string>;
  newAccount(account?: TestAccount): Promise<string>;
  addTrades(accountId: string, trades: readonly TestTrade[]): Promise<ImportReport>;
}

export interface TestAccount {
  nickname?: string;
  firm?: string;
  firmName?: string;
  userId?: string;
  externalId?: string;
  currency?: string;
  startingBalance?: number;
  maxDrawdown?: number;
}

/** The fields of a trade as the API names them. */
export interface TestTrade {
  id?: string;
  symbol?: string;
  direction?: 'long' | 'short';
  quantity?: number;
  entry_price?: number;
  exit_price?: number | null;
  entry_time: number;
  exit_time: number | null;
  pnl: number | string | null;
  commission?: number;
}

/** The options of an import that few tests set. */
export const importDefaults = {
  ...{ skipsBad: false, isDryRun: false, restores: false },
  ...{ events: 'auto' as const, fileName: 'trades.csv', actor: operator },
};

let partners = 0;

/** Makes a partner with a key of all scopes that its tier has. */
export async function makePartner(
  database: Database,
  tier: Tier = 'growth',
  email = `firm${partners + 1}@example.com`,
): Promise<TestPartner> {
  const number = ++partners;
  const { id } = await transact(database, (transaction) =>
    createPartner(
      transaction,
      { name: `Firm ${number}`, email, tier, currency: 'USD' },
      testNow,
      randomBytes,
    ),
  );
  const newKey: TestPartner['newKey'] = async (scopes, expiresAt) => {
    const made = await transact(database, (transaction) =>
      createKey(
        transaction,
        id,
        { label: 'Test', scopes, expiresAt: expiresAt ?? null },
        operator,
        // A key that has expired was made before its expiry.
        Math.min(testNow, (expiresAt ?? Infinity) - 1),
        randomBytes,
      ),
    );
    return made.key;
  };
  return {
    id,
    email,
    set: async (changes) => {
      await transact(database, (transaction) =>
        changePartner(
          transaction,
          id,
          changes,
          { action: 'partner.changed', details: changes },
          operator,
          testNow,
        ),
      );
    },
    key: await newKey(allowances[tier].scopes),
    newKey,
    newAccount: async ({
      nickname = 'Apex 50K',
      currency = 'USD',
      startingBalance,
      maxDrawdown,
      ...given
    } = {}) => {
      const account = await transact(database, (transaction) =>
        createAccount(
          transaction,
          id,
          {
            nickname,
            firm: given.firm ?? null,
            firmName: given.firmName ?? null,
            userId: given.userId ?? null,
            externalId: given.externalId ?? null,
            currency,
            startingBalance: startingBalance === undefined ? null : fromDecimal(startingBalance),
            maxDrawdown: maxDrawdown === undefined ? null : fromDecimal(maxDrawdown),
          },
          testNow,
          randomBytes,
        ),
      );
      return account.id;
    },
    addTrades: (accountId, trades) => importTrades(database, id, accountId, trades),
  };
}

/** Imports trades as plain CSV, as a firm would. */
export function importTrades(
  database: Database,
  partnerId: string,
  accountId: string,
  trades: readonly TestTrade[],
): Promise<ImportReport> {
  return importStatement(
    database,
    bytes(plainCsv(trades)),
    { ...importDefaults, partnerId, account: accountId, format: 'csv', zone: 'UTC' },
    () => testNow,
    randomBytes,
  );
}

export async function* bytes(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

/** A trade for each result, with exits a minute apart, the last one at `lastExit`. */
export function tradesOf(results: readonly (number | string)[], lastExit = testNow): TestTrade[] {
  return results.map((pnl, index) => {
    const exit = lastExit - (results.length - 1 - index) * minute;
    return { entry_time: exit - 30_000, exit_time: exit, pnl };
  });
}

/** The columns of a plain CSV. */
export const columns = [
  'id',
  'symbol',
  'direction',
  'quantity',
  'entry_price',
  'exit_price',
  'entry_time',
  'exit_time',
  'pnl',
  'commission',
] as const;

export function plainCsv(trades: readonly TestTrade[]): string {
  const rows = trades.map((trade, index) => {
    const full = {
      id: `t${index}`,
      symbol: 'ES',
      direction: 'long',
      quantity: 1,
      entry_price: 5000,
      exit_price: trade.exit_time === null ? null : 5000,
      commission: 0,
      ...trade,
    };
    return columns.map((column) => full[column] ?? '').join(',');
  });
  return [columns.join(','), ...rows].join('\n');
}
