import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { importStatement } from '../server/ingest/import.ts';
import { changeAccount } from '../server/records/accounts.ts';
import { observe } from '../server/records/observations.ts';
import { makeTraderLink } from '../server/records/traders.ts';
import { findOrMakeUser } from '../server/records/users.ts';
import { type Account, findAccount, listAccounts } from '../server/store/accounts.ts';
import { operator } from '../server/store/audit.ts';
import { type Database, transact } from '../server/store/database.ts';
import type { Random } from '../server/store/ids.ts';
import { createKey } from '../server/store/keys.ts';
import {
  changePartner,
  createPartner,
  listPartners,
  type Partner,
} from '../server/store/partners.ts';
import { allowances } from '../shared/access.ts';
import { fromDecimal } from '../shared/money.ts';
import { type Trader, traders } from './traders.ts';
import { tradesAsCsv } from './trading.ts';

export interface Demo {
  /** A key with every scope, for curl. */
  key: string;
  /** A key with embed:read alone, which the pages contain. */
  publishableKey: string;
  /** The address that may sign in. */
  email: string;
  /** The account that the pages show first. */
  accountId: string;
  /** The accounts in the firm's own currency. */
  accounts: readonly { id: string; nickname: string }[];
  /** Of a link to the page of the person who has the first two accounts; another with each call. */
  traderSecret: string;
}

const email = 'demo@proptally.example';
/** What the open position of the first account is worth. */
const openPnl = fromDecimal(437.5);

/** The database has partners other than the demo's. */
export class NotADemo extends Error {}

/**
 * Makes the demo's partner, keys and accounts where they are missing, and adds the trades closed
 * since the last call. The keys are kept in `keyFile`, as the database has only their digests.
 */
export async function fillDemo(
  database: Database,
  keyFile: string,
  now: number,
  random: Random,
): Promise<Demo> {
  const partner = await findOrMakePartner(database, now, random);
  const { accounts } = await listAccounts(database.read, partner.id, {
    firm: null,
    limit: traders.length,
    from: 0,
  });
  const made: { id: string; nickname: string }[] = [];
  for (const trader of traders) {
    const known = accounts.find(({ nickname }) => nickname === trader.nickname);
    const id = await trade(database, partner, trader, known, now, random);
    if (trader.currency === partner.currency) made.push({ id, nickname: trader.nickname });
  }
  const keys = await findOrMakeKeys(database, partner, keyFile, now, random);
  const theirs = made.slice(0, 2).map(({ id }) => id);
  const traderSecret = await showTrader(database, partner, theirs, now, random);
  return { ...keys, email, accountId: made[0]!.id, accounts: made, traderSecret };
}

async function findOrMakePartner(database: Database, now: number, random: Random) {
  const partners = await listPartners(database.read);
  const known = partners.find((partner) => partner.email === email);
  if (partners.length > (known ? 1 : 0)) {
    throw new NotADemo('This database has partners of its own. Name another file with --db.');
  }
  const made = { name: 'Summit Funded', email, tier: 'enterprise', currency: 'USD' } as const;
  if (known) return known;
  return transact(database, async (transaction) => {
    const { id } = await createPartner(transaction, made, now, random);
    const brand = { company_name: made.name };
    const act = { action: 'branding.changed', details: brand } as const;
    return (await changePartner(transaction, id, brand, act, operator, now))!;
  });
}

async function trade(
  database: Database,
  partner: Partner,
  trader: Trader,
  known: Account | undefined,
  now: number,
  random: Random,
): Promise<string> {
  const { nickname, firm, currency, startingBalance } = trader;
  const report = await importStatement(
    database,
    tradesAsCsv(trader, now),
    {
      partnerId: partner.id,
      account: known?.id ?? {
        nickname,
        firm_id: firm,
        currency,
        starting_balance: fromDecimal(startingBalance),
      },
      format: 'csv',
      zone: null,
      // An older version of the demo may have stored other trades under the same ids.
      skipsBad: true,
      isDryRun: false,
      restores: false,
      events: 'none',
      fileName: `${nickname}.csv`,
      actor: operator,
    },
    () => now,
    random,
  );
  return report.account!.id!;
}

/**
 * Gives accounts to a person, tells what the first is worth at the moment, with a position open, and
 * makes a link to the person's page; returns its secret.
 */
async function showTrader(
  database: Database,
  partner: Partner,
  accounts: readonly string[],
  now: number,
  random: Random,
): Promise<string> {
  const { handle } = database;
  return transact(database, async (transaction) => {
    const writing = { transaction, handle, partnerId: partner.id, actor: operator, now, random };
    const { user } = await findOrMakeUser(writing, { external_id: 'u-1', name: 'Maya Lindqvist' });
    const theirs: Account[] = [];
    for (const id of accounts) {
      const account = (await findAccount(transaction, partner.id, id))!;
      theirs.push(await changeAccount(writing, account, { user_id: user.id }));
    }
    const { id, starting_balance, total_pnl } = theirs[0]!;
    const balance = starting_balance! + total_pnl;
    const equity = balance + openPnl;
    observe(writing, [{ account_id: id, time: now, balance, equity, open_pnl: openPnl }]);
    const maker = { key_id: null, session_id: null };
    return (await makeTraderLink(writing, user, maker, null)).secret;
  });
}

async function findOrMakeKeys(
  database: Database,
  partner: Partner,
  keyFile: string,
  now: number,
  random: Random,
) {
  if (existsSync(keyFile)) {
    return JSON.parse(readFileSync(keyFile, 'utf8')) as Pick<Demo, 'key' | 'publishableKey'>;
  }
  const keys = await transact(database, async (transaction) => {
    const all = { label: 'Demo', scopes: allowances.enterprise.scopes, expiresAt: null };
    const page = { label: 'Demo page', scopes: ['embed:read'], expiresAt: null } as const;
    const { key } = await createKey(transaction, partner.id, all, operator, now, random);
    const made = await createKey(transaction, partner.id, page, operator, now, random);
    return { key, publishableKey: made.key };
  });
  writeFileSync(keyFile, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}
