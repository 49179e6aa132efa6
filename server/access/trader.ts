import type { Queries } from '../store/database.ts';
import { findWorkingTrader, type Trader } from '../store/traders.ts';
import type { TokenCaller } from './caller.ts';
import type { Visitor } from './visitor.ts';

/**
 * The word in place of a token by which the trader's page says that its cookie is to answer: the
 * browser may have the cookie of a person who is signed in beside it.
 */
export const byCookie = 'trader';

/** The trader whose page has the cookie of the request; undefined: nobody's. */
export async function findTrader(
  database: Queries,
  visitor: Visitor,
  now: number,
): Promise<Trader | undefined> {
  const secret = visitor.cookie('pt_trader');
  return secret ? findWorkingTrader(database, 'cookie', secret, now) : undefined;
}

/**
 * A trader as a caller: what a token for the accounts of the user would be, with the rights of what
 * made the link.
 */
export function callerOf({ session, partner, key }: Trader): TokenCaller {
  return {
    by: 'token',
    partner,
    key,
    token: {
      partner: partner.id,
      key: session.key_id,
      widgets: null,
      accounts: null,
      user: session.user_id,
      expires: session.expires_at,
      generation: partner.token_generation,
    },
    signature: session.link,
  };
}
