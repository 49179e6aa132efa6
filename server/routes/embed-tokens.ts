import { z } from 'zod';
import { lifetimes, tierIncludes } from '../../shared/access.ts';
import type { AuditActor } from '../../shared/answers/audit.ts';
import { embedTokenAnswer, successAnswer } from '../../shared/answers/partner.ts';
import { type WidgetName, widgetNames, widgets } from '../../shared/widgets.ts';
import type { EmbedToken } from '../access/embed-token.ts';
import { count, someOf } from '../fields.ts';
import { Refusal } from '../refusal.ts';
import { change } from '../route.ts';
import { findAccount } from '../store/accounts.ts';
import { recordAct } from '../store/audit.ts';
import type { Queries } from '../store/database.ts';
import { endTokens, type Partner } from '../store/partners.ts';
import { noSuchAccount } from './coverage.ts';

const path = '/api/partner/embed-tokens';

export const embedTokenCreation = change({
  name: 'createEmbedToken',
  method: 'POST',
  path,
  summary: 'Creates an embed token, which a page uses instead of a key.',
  grants: true,
  scope: 'embed:read',
  query: z.object({}),
  body: z.strictObject({
    widgets: someOf(widgetNames, 'widget', 'must be the name of a widget')
      .optional()
      .describe(
        'The widgets that the token opens. Default: all that the tier includes, but no leaderboard if `account_id` is given.',
      ),
    account_id: z
      .string('must be the id of an account')
      .max(64, 'is too long for an id')
      .optional()
      .describe('The only account that the token opens. Default: all accounts.'),
    expires_in: count(1, lifetimes.longestToken)
      .default(lifetimes.token)
      .describe('How long the token is valid, in seconds.'),
  }),
  answers: { 201: { means: 'The token.', schema: embedTokenAnswer } },
  refusals: { 403: ['tier_required'], 404: ['not_found'] },
  change: async ({ body, transaction, caller, actor, now, signToken }) => {
    const { partner, key } = caller;
    refuseSmallerTier(partner, body.widgets ?? []);
    const named = body.account_id;
    const account =
      named === undefined ? undefined : await findAccount(transaction, partner.id, named);
    if (named !== undefined && !account) throw noSuchAccount();
    const token: EmbedToken = {
      partner: partner.id,
      key: key?.id ?? null,
      widgets: body.widgets ?? null,
      account: account?.id ?? null,
      expires: now + body.expires_in * 1_000,
      generation: partner.token_generation,
    };
    await recordToken(transaction, token, actor, now);
    const { expires, widgets } = token;
    return {
      status: 201,
      body: { token: signToken(token), expires_at: expires, widgets, account_id: token.account },
    };
  },
});

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
  { partner, key, widgets, account, expires }: EmbedToken,
  actor: AuditActor,
  now: number,
): Promise<void> {
  const details = { widgets, account_id: account, expires_at: expires };
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
