import { z } from 'zod';
import { isPublishable, lifetimes } from '../../shared/access.ts';
import type {
  MagicLinkAnswer,
  SessionAnswer,
  SuccessAnswer,
} from '../../shared/answers/partner.ts';
import { actorOf, isValid, type SessionCaller, scopesOfCaller } from '../access/caller.ts';
import { invalidKey } from '../access/identify.ts';
import { json } from '../answers.ts';
import { emailAddress } from '../fields.ts';
import { drawEndedLink, drawSignIn } from '../pages/sign-in.ts';
import { oneOf } from '../query.ts';
import { Refusal } from '../refusal.ts';
import { type Calling, openRoute, type Reply } from '../route.ts';
import { transact } from '../store/database.ts';
import { digestOf, newSecret } from '../store/ids.ts';
import { findKey, isActive, isWellFormedKey, scopesOf } from '../store/keys.ts';
import { queueMail } from '../store/mail.ts';
import { findPartner } from '../store/partners.ts';
import { endSessions, findSession, type Opener, openSession } from '../store/sessions.ts';
import { findSignInLink, useSignInLink } from '../store/sign-in.ts';

const path = '/api/partner/auth';

/** Where somebody who signed in goes. */
const home = '/api/partner/dashboard';

export const magicLink = openRoute({
  method: 'POST',
  path: `${path}/magic-link`,
  summary: 'Mails a sign-in link, if the address may sign in; the answer does not tell.',
  query: z.object({}),
  body: z.strictObject({ email: emailAddress }),
  act: async ({ body, visitor, now, services, countAttempt }) => {
    countAttempt();
    const { database, random, wakeMailer } = services;
    const browser = newSecret(random);
    await transact(database, (transaction) =>
      queueMail(transaction, body.email, digestOf(browser), now, random),
    );
    wakeMailer();
    // The mail may be a while in coming.
    visitor.setCookie('pt_sign_in', browser, 2 * lifetimes.link);
    const answer: MagicLinkAnswer = {
      success: true,
      message: 'If an account exists with that email, a login link has been sent.',
    };
    return { status: 200, content: json(answer) };
  },
});

/** The secret of a link. */
const token = z.string('is required').max(100, 'is too long for a token');

export const linkFollowing = openRoute({
  method: 'GET',
  path: `${path}/verify`,
  summary: 'Where a sign-in link leads. In another browser than the one that asked it asks first.',
  query: z.object({ token: token.catch('') }),
  act: async (calling) => {
    const { query, visitor, now, services } = calling;
    const { read } = services.database;
    const link = await findSignInLink(read, query.token, now);
    const partner = link && (await findPartner(read, link.partner_id));
    if (!partner?.is_active) return refuseLink(calling);
    const browser = visitor.cookie('pt_sign_in');
    const isAsker = browser !== undefined && digestOf(browser) === link!.browser;
    // Whatever looks at mail follows its links, and must not use them up.
    if (!isAsker || !visitor.isFollowing) {
      return { status: 200, content: drawSignIn(partner.name, link!.email) };
    }
    if (!(await signInBy(query.token, calling))) return refuseLink(calling);
    return { status: 303, content: null, headers: { Location: home } };
  },
});

function refuseLink({ countAttempt }: Pick<Calling, 'countAttempt'>): Reply {
  countAttempt();
  return { status: 400, content: drawEndedLink() };
}

export const linkConfirmation = openRoute({
  method: 'POST',
  path: `${path}/verify`,
  summary: 'Signs in by a link that was opened in another browser.',
  query: z.object({}),
  body: z.strictObject({ token }),
  act: async (calling) => {
    const session = await signInBy(calling.body.token, calling);
    if (!session) {
      calling.countAttempt();
      throw new Refusal(400, 'invalid_link', 'This link was used, or is older than ten minutes.');
    }
    return { status: 201, content: json(session) };
  },
});

type Opening = Pick<Calling, 'visitor' | 'now' | 'services'>;

/** Uses a link up: of any number who try at once, one signs in. Null for the others. */
async function signInBy(secret: string, opening: Opening): Promise<SessionAnswer | null> {
  const { visitor, now, services } = opening;
  const link = await transact(services.database, async (transaction) => {
    const used = await useSignInLink(transaction, secret, now);
    const partner = used && (await findPartner(transaction, used.partner_id));
    if (!used || !partner?.is_active) return null;
    return startSession(transaction, used.partner_id, { email: used.email }, opening);
  });
  if (!link) return null;
  visitor.clearCookie('pt_sign_in');
  return handOver(link, opening);
}

export const sessionOpening = openRoute({
  method: 'POST',
  path: `${path}/session`,
  summary: 'Opens a session with a key: it has the key’s rights and ends with it.',
  query: z.object({}),
  body: z.strictObject({ api_key: z.string('must be a key').max(1_000, 'is too long for a key') }),
  act: async (calling) => {
    const { body, now, services, countAttempt } = calling;
    const { database } = services;
    const secret = body.api_key.trim();
    const found = isWellFormedKey(secret)
      ? await findKey(database.read, digestOf(secret))
      : undefined;
    if (!found?.partner.is_active || !isActive(found.key, now)) {
      countAttempt();
      throw invalidKey();
    }
    if (isPublishable(scopesOf(found.key))) {
      throw new Refusal(403, 'publishable_key', 'A key that stands in pages opens no session.');
    }
    const started = await transact(database, (transaction) =>
      startSession(transaction, found.partner.id, { keyId: found.key.id }, calling),
    );
    return { status: 201, content: json(await handOver(started, calling)) };
  },
});

/** A new id at every sign-in; the session that this browser had ends. */
async function startSession(
  transaction: Parameters<typeof openSession>[0],
  partnerId: string,
  opener: Opener,
  { visitor, now, services }: Opening,
): Promise<string> {
  const had = await findSession(transaction, visitor.cookie('pt_session') ?? '', now);
  if (had) {
    const actor = actorOf({ by: 'session', ...had });
    await endSessions(transaction, had.partner.id, { id: had.session.id }, actor, now);
  }
  return openSession(transaction, partnerId, opener, now, services.random);
}

async function handOver(secret: string, { visitor, now, services }: Opening) {
  visitor.setCookie('pt_session', secret, lifetimes.session);
  const found = await findSession(services.database.read, secret, now);
  return presentSession(found && { by: 'session', ...found });
}

export const sessionStatus = openRoute({
  method: 'GET',
  path: `${path}/session`,
  summary: 'Whether somebody is signed in, and who.',
  query: z.object({}),
  act: async (calling) => ({
    status: 200,
    content: json(presentSession(await findOwnSession(calling))),
  }),
});

export const sessionEnding = openRoute({
  method: 'DELETE',
  path: `${path}/session`,
  summary: 'Signs out, here or everywhere.',
  query: z.object({ everywhere: oneOf(['true', 'false']).default('false') }),
  act: async (calling) => {
    const { query, visitor, now, services } = calling;
    const caller = await findOwnSession(calling);
    if (caller) {
      const { session, partner, key } = caller;
      const { id, email } = session;
      const opener = email === null ? { keyId: key!.id } : { email };
      const which = query.everywhere === 'true' ? opener : { id };
      await transact(services.database, (transaction) =>
        endSessions(transaction, partner.id, which, actorOf(caller), now),
      );
    }
    visitor.clearCookie('pt_session');
    const answer: SuccessAnswer = { success: true };
    return { status: 200, content: json(answer) };
  },
});

/** Counts a cookie that is not good as an attempt: session ids are not to be tried out. */
async function findOwnSession({
  visitor,
  now,
  services,
  countAttempt,
}: Calling): Promise<SessionCaller | undefined> {
  const secret = visitor.cookie('pt_session');
  if (!secret) return undefined;
  const found = await findSession(services.database.read, secret, now);
  const caller = found && ({ by: 'session', ...found } as const);
  if (caller && isValid(caller, now)) return caller;
  countAttempt();
  return undefined;
}

function presentSession(caller: SessionCaller | undefined): SessionAnswer {
  if (!caller) return { authenticated: false };
  const { partner, session } = caller;
  return {
    authenticated: true,
    partner: { id: partner.id, name: partner.name, tier: partner.tier },
    session: {
      id: session.id,
      email: session.email,
      key_id: session.key_id,
      scopes: scopesOfCaller(caller),
      expires_at: session.expires_at,
    },
  };
}
