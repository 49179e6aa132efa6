import { isPublishable } from '../../shared/access.ts';
import type { NamedAccount } from '../query.ts';
import { isExternal } from '../store/accounts.ts';
import { scopesOf } from '../store/keys.ts';
import type { Caller } from './caller.ts';
import type { KnownAccounts } from './known-accounts.ts';

/** The account that a question is about, or a list of them. */
export type NamedAccounts = string | readonly NamedAccount[];

/** An id that no account has. */
const nobody = '';

/** Whether a question names an account by its external id. */
export function isNamedExternally(named: NamedAccounts | undefined): boolean {
  if (named === undefined) return false;
  return typeof named === 'string' ? isExternal(named) : named.some(({ id }) => isExternal(id));
}

/**
 * The ids of accounts some of which are named by external ids. A page must be no directory of
 * people, so for embed tokens and publishable keys an external id is that of no account.
 */
export async function withIds(
  named: NamedAccounts,
  caller: Caller,
  accounts: KnownAccounts,
): Promise<NamedAccounts> {
  const idOf = async (reference: string) => {
    if (!isExternal(reference)) return reference;
    if (!knowsExternalIds(caller)) return nobody;
    return (await accounts.find(caller.partner, reference))?.id ?? nobody;
  };
  if (typeof named === 'string') return idOf(named);
  const ids: NamedAccount[] = [];
  for (const { asked } of named) {
    const id = await idOf(asked);
    ids.push({ asked: id === nobody ? asked : id, id });
  }
  return ids;
}

function knowsExternalIds({ by, key }: Caller): boolean {
  return by !== 'token' && !(key && isPublishable(scopesOf(key)));
}
