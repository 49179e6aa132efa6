import { findWidget } from '../../shared/widgets.ts';
import type { RawQuery } from '../query.ts';
import { Refusal } from '../refusal.ts';
import type { Partner } from '../store/partners.ts';
import type { EmbedToken } from './embed-token.ts';
import type { KnownAccounts } from './known-accounts.ts';

/** A caller by token, as far as it says what is opened. */
interface ByToken {
  partner: Partner;
  token: EmbedToken;
}

/** An id that no account has. */
const nobody = '';

/**
 * The parameters of a request with a token. If the token names accounts or a user, they name one of
 * those accounts: the one that was asked for, else the first. Throws a 403 for another account or
 * widget. No promise where no account has to be looked up, as awaiting one takes longer.
 */
export function narrowToToken(
  { partner, token }: ByToken,
  widget: string,
  raw: RawQuery,
  accounts: KnownAccounts,
): RawQuery | Promise<RawQuery> {
  refuseOtherWidget(token, widget);
  if (!namesAccounts(token)) return raw;
  const asked = raw.get('account_id') ?? [];
  const [only, ...others] = token.accounts ?? [];
  if (only !== undefined && others.length === 0) {
    if (asked.some((id) => id !== only)) throw outsideAccounts();
    return about(only, raw);
  }
  return findAccount({ partner, token }, asked, accounts).then((id) => about(id, raw));
}

function namesAccounts({ accounts, user }: EmbedToken): boolean {
  return accounts !== null || user !== null;
}

function refuseOtherWidget(token: EmbedToken, name: string): void {
  const opens = token.widgets
    ? (token.widgets as readonly string[]).includes(name)
    : !(namesAccounts(token) && findWidget(name)?.showsOthers);
  if (opens) return;
  throw new Refusal(403, 'outside_token', 'This embed token does not open this widget.');
}

/** The account that was asked for, else the first one. Where there is none, an id of no account. */
async function findAccount(
  { partner, token }: ByToken,
  asked: readonly string[],
  accounts: KnownAccounts,
): Promise<string> {
  const [first] = asked;
  if (first === undefined) return (await accounts.first(partner, token)) ?? nobody;
  for (const id of asked) {
    const isOpen = token.user
      ? await isOf(token.user, id, partner, accounts)
      : token.accounts!.includes(id);
    if (!isOpen) throw outsideAccounts();
  }
  return first;
}

/** Whether an account is a user's at this moment. An external id is that of no account here. */
async function isOf(user: string, id: string, partner: Partner, accounts: KnownAccounts) {
  const account = await accounts.find(partner, id);
  return account?.id === id && account.user_id === user;
}

function outsideAccounts(): Refusal {
  return new Refusal(
    403,
    'outside_token',
    'This embed token opens the account or accounts it was made for.',
  );
}

/** The same parameters where they name the account already: they are remembered by their address. */
function about(id: string, raw: RawQuery): RawQuery {
  return raw.get('account_id')?.[0] === id ? raw : new Map([...raw, ['account_id', [id]]]);
}
