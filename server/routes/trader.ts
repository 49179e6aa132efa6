import { z } from 'zod';
import { lifetimes } from '../../shared/access.ts';
import { toJsonSchema, written } from '../../shared/answers/json-schema.ts';
import { successAnswer } from '../../shared/answers/partner.ts';
import { defaultLanguage } from '../../shared/language.ts';
import { holds } from '../access/caller.ts';
import { callerOf, findTrader } from '../access/trader.ts';
import { type Content, htmlType } from '../answers.ts';
import {
  drawEndedLink,
  drawFailure,
  drawOpening,
  drawSignedOut,
  drawTraderPage,
} from '../pages/trader.ts';
import { Refusal } from '../refusal.ts';
import { openRoute, type RefusedRequest } from '../route.ts';
import { listAccountsOfTrader } from '../store/accounts.ts';
import { transact } from '../store/database.ts';
import { endTraderSession, findWorkingTrader, openTraderSession } from '../store/traders.ts';
import { findUser } from '../store/users.ts';

const path = '/trader';

export const traderPage = openRoute({
  name: 'showTraderPage',
  method: 'GET',
  path,
  summary: 'Shows a user its accounts, in a session that a link opened.',
  query: z.object({
    account: written(z.string().optional(), { type: 'string' }).describe(
      'The id of the account to show. Default: the newest active one.',
    ),
  }),
  answers: {
    200: { means: 'The page.', type: htmlType },
    401: { means: 'A page that says how to get a link.', type: htmlType },
  },
  refusals: {},
  refuse,
  act: async (request) => {
    const { query, visitor, language, now, services } = request;
    const { read } = services.database;
    const trader = await findTrader(read, visitor, now);
    const user = trader && (await findUser(read, trader.partner.id, trader.session.user_id));
    if (!user || !holds(callerOf(trader), 'embed:read')) {
      if (visitor.cookie('pt_trader')) request.countAttempt();
      return { status: 401, ...drawSignedOut(language) };
    }
    request.countBurst(callerOf(trader));
    const { partner } = trader;
    const accounts = await listAccountsOfTrader(read, partner.id, user.id, query.account);
    const shown = accounts.find(({ id }) => id === query.account) ?? accounts[0] ?? null;
    return {
      status: 200,
      ...drawTraderPage({ partner, name: user.name, accounts, shown, language }),
    };
  },
});

function refuse({ code }: Refusal, { language }: RefusedRequest): Content {
  const draw = code === 'invalid_link' ? drawEndedLink : drawFailure;
  return draw(language ?? defaultLanguage);
}

const token = z
  .string('is required')
  .max(100, 'is too long for a token')
  .describe('The secret in the link.');

function endedLink(): Refusal {
  return new Refusal(400, 'invalid_link', 'This link was used or has expired. Ask for another.');
}

export const traderLinkShowing = openRoute({
  name: 'showTraderLink',
  method: 'GET',
  path: `${path}/open`,
  summary: 'The target of a link to a user’s page: a page with a button.',
  // A token that is too long or missing is treated like an expired one.
  query: z.object({ token: written(token.catch(''), toJsonSchema(token)) }),
  answers: { 200: { means: 'A page whose button opens the session.', type: htmlType } },
  refusals: { 400: ['invalid_link'] },
  refuse,
  act: async ({ query, language, now, services }) => {
    const found = await findWorkingTrader(services.database.read, 'link', query.token, now);
    if (!found) throw endedLink();
    return { status: 200, ...drawOpening(found.partner, language) };
  },
});

export const traderLinkOpening = openRoute({
  name: 'openTraderLink',
  method: 'POST',
  path: `${path}/open`,
  summary: 'Uses up a link to a user’s page, and opens the session in which that is shown.',
  query: z.object({}),
  body: z.strictObject({ token }),
  answers: {
    201: {
      means: 'The session is open.',
      schema: successAnswer,
      headers: { 'Set-Cookie': 'The session’s cookie.' },
    },
  },
  refusals: { 400: ['invalid_link'] },
  act: async ({ body, visitor, now, services: { database, random } }) => {
    // Read before the transaction, so that an invalid link never waits for the write lock.
    if (!(await findWorkingTrader(database.read, 'link', body.token, now))) throw endedLink();
    const secret = await transact(database, async (transaction) => {
      const found = await findWorkingTrader(transaction, 'link', body.token, now);
      const opened = found && (await openTraderSession(transaction, found.session, now, random));
      if (!opened) throw endedLink();
      const had = await findTrader(transaction, visitor, now);
      if (had) await endTraderSession(transaction, had.session);
      return opened;
    });
    visitor.setCookie('pt_trader', secret, lifetimes.traderSession);
    return { status: 201, body: { success: true } };
  },
});

export const traderSigningOut = openRoute({
  name: 'signTraderOut',
  method: 'DELETE',
  path,
  summary: 'Signs a user out of its page.',
  query: z.object({}),
  answers: {
    200: {
      means: 'Signed out.',
      schema: successAnswer,
      headers: { 'Set-Cookie': 'Removes the session’s cookie.' },
    },
  },
  refusals: {},
  act: async ({ visitor, now, services: { database } }) => {
    const trader = await findTrader(database.read, visitor, now);
    if (trader) {
      await transact(
        database,
        (transaction) => endTraderSession(transaction, trader.session),
        Infinity,
      );
    }
    visitor.clearCookie('pt_trader');
    return { status: 200, body: { success: true } };
  },
});
