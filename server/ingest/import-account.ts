import { findOrMakeAccount } from '../records/accounts.ts';
import type { PartnerWriting } from '../records/partner-writing.ts';
import { makeToldAttempts } from '../records/told-attempts.ts';
import { type Account, findAccount } from '../store/accounts.ts';
import type { Queries } from '../store/database.ts';
import { NotPossible } from '../store/not-possible.ts';
import { findPartner } from '../store/partners.ts';
import { type AccountToMake, ImportRefused } from './report.ts';
import type { Statement } from './statement.ts';

/**
 * The account that a file goes into, which is made if it is to be a new one, with the attempts that
 * the file tells of. Throws ImportRefused, and NotPossible as {@link findOrMakeAccount} does.
 */
export async function openAccount(
  writing: PartnerWriting,
  wanted: string | AccountToMake,
  { currency, attempts }: Pick<Statement, 'currency' | 'attempts'>,
): Promise<{ account: Account; isNew: boolean }> {
  const { account, isNew } = await findOrMake(writing, wanted, currency);
  const told = makeToldAttempts(writing, account, attempts).catch((error) => {
    if (error instanceof NotPossible) throw new ImportRefused(error.message);
    throw error;
  });
  return { account: await told, isNew };
}

/** `currency`: the file's; null: it names none. */
async function findOrMake(
  writing: PartnerWriting,
  wanted: string | AccountToMake,
  currency: string | null,
): Promise<{ account: Account; isNew: boolean }> {
  const { transaction, partnerId } = writing;
  if (typeof wanted === 'string') {
    const account = await knownAccount(transaction, partnerId, wanted);
    refuseOtherCurrency(account, currency);
    return { account, isNew: false };
  }
  const named = wanted.currency ?? currency ?? (await currencyOf(transaction, partnerId));
  if (currency !== null && named !== currency) {
    throw new ImportRefused(`The file is in ${currency}, not in ${named}.`);
  }
  const given = { ...wanted, currency: named };
  const made = await findOrMakeAccount(writing, given, wanted.currency !== null);
  refuseOtherCurrency(made.account, currency);
  return made;
}

/** Throws ImportRefused when there is none. */
export async function knownAccount(
  database: Queries,
  partnerId: string,
  reference: string,
): Promise<Account> {
  const found = await findAccount(database, partnerId, reference);
  if (found) return found;
  throw new ImportRefused(`The partner has no account ${reference}.`);
}

function refuseOtherCurrency(account: Account, currency: string | null): void {
  if (currency === null || account.currency === currency) return;
  throw new ImportRefused(
    `The file is in ${currency}, the account ${account.nickname} in ${account.currency}. Nothing is converted: import it into an account in ${currency}.`,
  );
}

async function currencyOf(database: Queries, partnerId: string): Promise<string> {
  const partner = await findPartner(database, partnerId);
  if (!partner) throw new ImportRefused(`There is no partner ${partnerId}.`);
  return partner.currency;
}
