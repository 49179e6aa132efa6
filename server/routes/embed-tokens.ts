import { z } from 'zod';
import { lifetimes, mostAccountsOfToken, tierIncludes } from '../../shared/access.ts';
import type { AuditActor } from '../../shared/answers/audit.ts';
import {
  type EmbedTokenAnswer,
  embedTokenAnswer,
  successAnswer,
} from '../../shared/answers/partner.ts';
import { type WidgetName, widgetNames, widgets } from '../../shared/widgets.ts';
import type { EmbedToken } from '../access/embed-token.ts';
import { count, list, someOf } from '../fields.ts';
import { longestReference } from '../query.ts';
import { Refusal } from '../refusal.ts';
import { change } from '../route.ts';
import { findAccountIds } from '../store/accounts.ts';
import { recordAct } from '../store/audit.ts';
import type { Queries } from '../store/database.ts';
import { endTokens, type Partner } from '../store/partners.ts';
import { noSuchAccount } from './coverage.ts';
import { knownUser } from './users.ts';

const path = '/api/partner/embed-tokens';

const named = z.string('must be an id').max(longestReference, 'is too long for an id');

const subjects = ['account_id', 'account_ids', 'user_id'] as const;

export const embedTokenCreation = change({
  name: 'createEmbedToken',
  method: 'POST',
  path,
  summary: 'Creates an embed token, which a page uses instead of a key.',
  grants: true,
  scope: 'embed:read',
  query: z.object({}),
  body: z
    .strictObject({
      widgets: someOf(widgetNames, 'widget', 'must be the name of a widget')
        .optional()
        .describe(
          'The widgets that the token opens. Default: all that the tier includes, but no leaderboard if accounts or a user are named.',
        ),
      account_id: named
        .optional()
        .describe(
          'The only account that the token opens, by its id, or `ext:` and its external id. Default: all accounts.',
        ),
      account_ids: list(named, 1, mostAccountsOfToken, 'account')
        .optional()
        .describe(
          'Or the only accounts, likewise. A request that names none of them is about the first.',
        ),
      user_id: named
        .optional()
        .describe(
          'Or the user whose accounts the token opens, as they are at each request: the id, or `ext:` and the external id. A request that names none of them is about the oldest.',
        ),
      expires_in: count(1, lifetimes.longestToken)
        .default(lifetimes.token)
        .describe('How long the token is valid, in seconds.'),
    })
    .superRefine((body, context) => {
      const given = subjects.filter((name) => body[name] !== undefined);
      for (const name of given.slice(1)) {
        const message = `can’t be given beside ${given[0]}`;
        context.addIssue({ code: 'custom', path: [name], message });
      }
    })
    .meta({
      dependentSchemas: {
        account_ids: { properties: { account_id: false } },
        user_id: { properties: { account_id: false, account_ids: false } },
      },
    }),
  answers: { 201: { means: 'The token.', schema: embedTokenAnswer } },
  refusals: { 403: ['tier_required'], 404: ['not_found'] },
  change: async ({ body, transaction, caller, actor, now, signToken }) => {
    const { partner, key } = caller;
    refuseSmallerTier(partner, body.widgets ?? []);
    const token: EmbedToken = {
      partner: partner.id,
      key: key?.id ?? null,
      widgets: body.widgets ?? null,
      accounts: await accountsOf(body, transaction, partner.id),
      user:
        body.user_id === undefined
          ? null
          : (await knownUser(transaction, partner.id, body.user_id)).id,
      expires: now + body.expires_in * 1_000,
      generation: partner.token_generation,
    };
    await recordToken(transaction, token, actor, now);
    return { status: 201, body: presentToken(token, signToken(token)) };
  },
});

/** The ids of the accounts that a body names, each once; null: it names none. Throws a 404. */
async function accountsOf(
  {
    account_id,
    account_ids,
  }: { account_id?: string | undefined; account_ids?: string[] | undefined },
  transaction: Queries,
  partnerId: string,
): Promise<string[] | null> {
  const references = account_id === undefined ? account_ids : [account_id];
  if (!references) return null;
  const ids = await findAccountIds(transaction, partnerId, references);
  if (ids.every((id) => id !== undefined)) return [...new Set(ids)];
  if (account_id !== undefined) throw noSuchAccount();
  const details = [...ids.entries()]
    .filter(([, id]) => id === undefined)
    .map(([index]) => ({ path: `account_ids.${index}`, message: 'is not an account' }));
  throw new Refusal(404, 'not_found', 'Some of these accounts do not exist.', { details });
}

/** A token with what it opens, as it is told to whoever asked for it. */
export function presentToken(
  { expires, widgets, accounts, user }: EmbedToken,
  token: string,
): EmbedTokenAnswer {
  return {
    token,
    expires_at: expires,
    widgets: widgets && [...widgets],
    ...presentSubject({ accounts, user }),
  };
}

function presentSubject({ accounts, user }: Pick<EmbedToken, 'accounts' | 'user'>) {
  return {
    account_id: accounts?.length === 1 ? accounts[0]! : null,
    account_ids: accounts && [...accounts],
    user_id: user,
  };
}

/** Throws a 403 for widgets that the tier does not have. */
export function refuseSmallerTier({ tier }: Partner, names: readonly WidgetName[]): void {
  const beyond = names.filter((name) => !tierIncludes(tier, widgets[name].tier));
  if (beyond.length > 0) {
    const sentence = `The ${tier} tier does not have ${beyond.join(', ')}.`;
    throw new Refusal(403, 'tier_required', sentence);
  }
}

/** Records in the audit trail that a token was made. The token itself is not kept. */
export function recordToken(
  transaction: Queries,
  token: EmbedToken,
  actor: AuditActor,
  now: number,
): Promise<void> {
  const { partner, key, widgets, expires } = token;
  const details = { widgets, ...presentSubject(token), expires_at: expires };
  const act = { action: 'embed_token.created', subject: key, details } as const;
  return recordAct(transaction, partner, actor, act, now);
}

export const embedTokenRevocation = change({
  name: 'revokeEmbedTokens',
  method: 'DELETE',
  path,
  summary: 'Revokes all embed tokens of the partner.',
  ends: true,
  query: z.object({}),
  answers: { 200: { means: 'The tokens are revoked.', schema: successAnswer } },
  refusals: {},
  change: async ({ transaction, caller, actor, now }) => {
    await endTokens(transaction, caller.partner.id, actor, now);
    return { status: 200, body: { success: true } };
  },
});
