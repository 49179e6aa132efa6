import { z } from 'zod';
import { isPublishable, lifetimes, linkLifetime } from '../../shared/access.ts';
import { toJsonSchema, written } from '../../shared/answers/json-schema.ts';
import {
  magicLinkAnswer,
  type OpenSession,
  openSession as openSessionAnswer,
  sessionAnswer,
  successAnswer,
} from '../../shared/answers/partner.ts';
import { actorOf, isValid, type SessionCaller, scopesOfCaller } from '../access/caller.ts';
import { invalidKey } from '../access/identify.ts';
import { htmlType } from '../answers.ts';
import { emailAddress } from '../fields.ts';
import { drawProblem, drawSignIn } from '../pages/sign-in.ts';
import { oneOf } from '../query.ts';
import { Refusal } from '../refusal.ts';
import { type OpenRequest, openRoute } from '../route.ts';
import { type Queries, transact } from '../store/database.ts';
import { digestOf, isSecret, newSecret } from '../store/ids.ts';
import { findWorkingKey, scopesOf } from '../store/keys.ts';
import { queueMail } from '../store/mail.ts';
import { findPartner } from '../store/partners.ts';
import {
  endSessions,
  findSession,
  findWorkingSession,
  type Opener,
  openSession,
} from '../store/sessions.ts';
import { findSignInLink, useSignInLink } from '../store/sign-in.ts';

const path = '/api/partner/auth';

/** Where a browser goes after signing in. */
const home = '/api/partner/dashboard';

export const magicLink = openRoute({
  name: 'sendSignInLink',
  method: 'POST',
  path: `${path}/magic-link`,
  summary:
    'Mails a sign-in link if the address may sign in. The response does not say whether it may.',
  isCounted: true,
  query: z.object({}),
  body: z.strictObject({ email: emailAddress.describe('The address to send the link to.') }),
  answers: {
    200: {
      means: 'The same response for every address.',
      schema: magicLinkAnswer,
      headers: { 'Set-Cookie': 'Identifies the browser that asked for the link.' },
    },
  },
  refusals: {},
  act: async ({ body, visitor, now, services: { database, random } }) => {
    // A second request keeps the cookie of the first: there may be no second mail, and the link in
    // the first one belongs to that cookie.
    const had = visitor.cookie('pt_sign_in') ?? '';
    const browser = isSecret(had) ? had : newSecret(random);
    const asked = { recipient: body.email, browser: digestOf(browser) };
    await transact(database, (transaction) => queueMail(transaction, asked, now, random));
    // Longer than a link is valid, as the mail may arrive late.
    visitor.setCookie('pt_sign_in', browser, 2 * lifetimes.link);
    const message = 'If an account exists with that email, a login link has been sent.';
    return { status: 200, body: { success: true, message } };
  },
});

const token = z
  .string('is required')
  .max(100, 'is too long for a token')
  .describe('The secret in a sign-in link.');

export const linkFollowing = openRoute({
  name: 'followSignInLink',
  method: 'GET',
  path: `${path}/verify`,
  summary:
    'The target of a sign-in link. In the browser that asked for the link it signs in; in any other it asks first.',
  // A token that is too long or missing is treated like an expired one.
  query: z.object({ token: written(token.catch(''), toJsonSchema(token)) }),
  answers: {
    200: { means: 'A page that asks whether to sign in.', type: htmlType },
    303: {
      means: 'Signed in.',
      headers: { Location: 'The address to go to next.', 'Set-Cookie': 'The session’s cookie.' },
    },
  },
  refusals: { 400: ['invalid_link'] },
  refuse: ({ message }) => drawProblem(message),
  act: async (request) => {
    const { query, visitor, now, services } = request;
    const { read } = services.database;
    const link = await findSignInLink(read, query.token, now);
    const partner = link && (await findPartner(read, link.partner_id));
    if (!partner?.is_active) throw endedLink();
    const browser = visitor.cookie('pt_sign_in');
    const isAsker = browser !== undefined && digestOf(browser) === link!.browser;
    // Programs that scan mail follow its links, and must not use them up.
    if (!isAsker || !visitor.isFollowing) {
      return { status: 200, ...drawSignIn(partner.name, link!.email, isAsker) };
    }
    await signInBy(query.token, request);
    return { status: 303, body: null, headers: { Location: home } };
  },
});

function endedLink(): Refusal {
  return new Refusal(
    400,
    'invalid_link',
    `A sign-in link works once, and for ${linkLifetime}. Go back to where you asked for it and ask for another.`,
  );
}

/** The response of the routes that open a session. */
const signedIn = {
  means: 'The session that was opened.',
  schema: openSessionAnswer,
  headers: { 'Set-Cookie': 'The session’s cookie.' },
};

export const linkConfirmation = openRoute({
  name: 'confirmSignIn',
  method: 'POST',
  path: `${path}/verify`,
  summary: 'Signs in with a link that was opened in another browser.',
  query: z.object({}),
  body: z.strictObject({ token }),
  answers: { 201: signedIn },
  refusals: { 400: ['invalid_link'] },
  act: async (request) => ({ status: 201, body: await signInBy(request.body.token, request) }),
});

type Opening = Pick<OpenRequest, 'visitor' | 'now' | 'services'>;

/**
 * Signs in by a link, which is then used up. Of several requests at once, one signs in and the
 * others get a 400.
 */
async function signInBy(secret: string, opening: Opening): Promise<OpenSession> {
  const { visitor, now, services } = opening;
  const opened = await transact(services.database, async (transaction) => {
    const used = await useSignInLink(transaction, secret, now);
    const partner = used && (await findPartner(transaction, used.partner_id));
    if (!used || !partner?.is_active) throw endedLink();
    return startSession(transaction, used.partner_id, { email: used.email }, opening);
  });
  visitor.clearCookie('pt_sign_in');
  return handOver(opened, opening);
}

export const sessionOpening = openRoute({
  name: 'openSession',
  method: 'POST',
  path: `${path}/session`,
  summary: 'Opens a session with a key. The session has the key’s rights and ends with the key.',
  query: z.object({}),
  body: z.strictObject({
    api_key: z
      .string('must be a key')
      .max(1_000, 'is too long for a key')
      .describe('The key that opens the session.'),
  }),
  answers: { 201: signedIn },
  refusals: { 403: ['invalid_key', 'publishable_key'] },
  act: async (request) => {
    const { body, now, services } = request;
    const digest = digestOf(body.api_key.trim());
    // Read before the transaction, so that an invalid key never waits for the write lock.
    const found = await findWorkingKey(services.database.read, digest, now);
    if (!found) throw invalidKey();
    request.countBurst({ by: 'key', ...found });
    const opened = await transact(services.database, async (transaction) => {
      const found = await findWorkingKey(transaction, digest, now);
      if (!found) throw invalidKey();
      const { key, partner } = found;
      if (isPublishable(scopesOf(key))) {
        throw new Refusal(403, 'publishable_key', 'A key that stands in pages opens no session.');
      }
      return startSession(transaction, partner.id, { key }, request);
    });
    return { status: 201, body: handOver(opened, request) };
  },
});

/** Opens a session with a new id, and ends the one that this browser had. */
async function startSession(
  transaction: Queries,
  partnerId: string,
  opener: Opener,
  { visitor, now, services }: Opening,
): Promise<Opened> {
  const had = await findSession(transaction, visitor.cookie('pt_session') ?? '', now);
  if (had) {
    const actor = actorOf({ by: 'session', ...had });
    await endSessions(transaction, had.partner.id, { id: had.session.id }, actor, now);
  }
  const secret = await openSession(transaction, partnerId, opener, now, services.random);
  const opened = (await findSession(transaction, secret, now))!;
  return { secret, caller: { by: 'session', ...opened } };
}

interface Opened {
  secret: string;
  caller: SessionCaller;
}

function handOver({ secret, caller }: Opened, { visitor }: Opening): OpenSession {
  visitor.setCookie('pt_session', secret, lifetimes.session);
  return presentSession(caller);
}

const nobody = { authenticated: false } as const;

export const sessionStatus = openRoute({
  name: 'readSession',
  method: 'GET',
  path: `${path}/session`,
  summary: 'Says whether somebody is signed in, and who.',
  query: z.object({}),
  answers: { 200: { means: 'The session, or that there is none.', schema: sessionAnswer } },
  refusals: {},
  act: async (request) => {
    const secret = request.visitor.cookie('pt_session');
    const { read } = request.services.database;
    const found = secret ? await findWorkingSession(read, secret, request.now) : undefined;
    const caller = found && ({ by: 'session', ...found } as const);
    const isSignedIn = caller && isValid(caller, request.now);
    if (!isSignedIn && secret) request.countAttempt();
    return { status: 200, body: isSignedIn ? presentSession(caller) : nobody };
  },
});

export const sessionEnding = openRoute({
  name: 'endSession',
  method: 'DELETE',
  path: `${path}/session`,
  summary: 'Signs out, in this browser or everywhere.',
  query: z.object({
    everywhere: oneOf(['true', 'false'])
      .default('false')
      .describe('Whether to end all sessions that the same address or key opened.'),
  }),
  answers: {
    200: {
      means: 'Signed out.',
      schema: successAnswer,
      headers: { 'Set-Cookie': 'Removes the session’s cookie.' },
    },
  },
  refusals: {},
  act: async (request) => {
    const { query, visitor, now, services } = request;
    const caller = await findOwnSession(request);
    if (caller) {
      const { id, email, key_id, partner_id } = caller.session;
      const opener = email === null ? { keyId: key_id! } : { email };
      const which = query.everywhere === 'true' ? opener : { id };
      const end = (transaction: Queries) =>
        endSessions(transaction, partner_id, which, actorOf(caller), now);
      await transact(services.database, end, Infinity);
    }
    visitor.clearCookie('pt_session');
    return { status: 200, body: { success: true } };
  },
});

async function findOwnSession({
  visitor,
  now,
  services,
}: OpenRequest): Promise<SessionCaller | undefined> {
  const secret = visitor.cookie('pt_session');
  const found = secret ? await findSession(services.database.read, secret, now) : undefined;
  return found && { by: 'session', ...found };
}

function presentSession(caller: SessionCaller): OpenSession {
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
