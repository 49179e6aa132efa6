import { z } from 'zod';
import { lifetimes, tierIncludes } from '../../shared/access.ts';
import type { EmbedTokenAnswer, SuccessAnswer } from '../../shared/answers/partner.ts';
import { type WidgetName, widgetNames, widgets } from '../../shared/widgets.ts';
import { actorOf } from '../access/caller.ts';
import { json } from '../answers.ts';
import { count } from '../fields.ts';
import { Refusal } from '../refusal.ts';
import { action } from '../route.ts';
import { findAccount } from '../store/accounts.ts';
import { recordAct } from '../store/audit.ts';
import { transact } from '../store/database.ts';
import { endTokens } from '../store/partners.ts';
import { noSuchAccount } from './coverage.ts';

const path = '/api/partner/embed-tokens';

export const embedTokenCreation = action({
  method: 'POST',
  path,
  summary: 'Signs a token that stands in a page instead of a key.',
  scope: 'embed:read',
  query: z.object({}),
  body: z.strictObject({
    widgets: z
      .array(
        z.enum(widgetNames as [WidgetName, ...WidgetName[]], 'must be the name of a widget'),
        'must be a list of widgets',
      )
      .min(1, 'must hold a widget')
      .transform((list) => [...new Set(list)])
      .optional(),
    account_id: z
      .string('must be the id of an account')
      .max(64, 'is too long for an id')
      .optional(),
    expires_in: count(1, lifetimes.longestToken).default(lifetimes.token),
  }),
  act: async ({ body, caller, now, services: { database, signToken } }) => {
    const { partner, key } = caller;
    const opened = body.widgets ?? null;
    const beyond = (opened ?? []).filter((name) => !tierIncludes(partner.tier, widgets[name].tier));
    if (beyond.length > 0) {
      const missing = beyond.join(', ');
      throw new Refusal(403, 'tier_required', `The ${partner.tier} tier does not have ${missing}.`);
    }
    const account = body.account_id ?? null;
    const expires = now + body.expires_in * 1_000;
    await transact(database, async (transaction) => {
      if (account !== null && !(await findAccount(transaction, partner.id, account)))
        throw noSuchAccount();
      const details = { widgets: opened, account_id: account, expires_at: expires };
      await recordAct(
        transaction,
        partner.id,
        actorOf(caller),
        { action: 'embed_token.created', subject: key?.id ?? null, details },
        now,
      );
    });
    const answer: EmbedTokenAnswer = {
      token: signToken({
        partner: partner.id,
        key: key?.id ?? null,
        widgets: opened,
        account,
        expires,
        generation: partner.token_generation,
      }),
      expires_at: expires,
      widgets: opened,
      account_id: account,
    };
    return { status: 201, content: json(answer) };
  },
});

export const embedTokenRevocation = action({
  method: 'DELETE',
  path,
  summary: 'Ends every embed token of the partner.',
  query: z.object({}),
  act: async ({ caller, now, services: { database } }) => {
    await transact(database, (transaction) =>
      endTokens(transaction, caller.partner.id, actorOf(caller), now),
    );
    const answer: SuccessAnswer = { success: true };
    return { status: 200, content: json(answer) };
  },
});
