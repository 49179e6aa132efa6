import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import type { Route } from '../../server/route.ts';
import { routes } from '../../server/routes/index.ts';
import type { NewKeyAnswer } from '../../shared/answers/keys.ts';
import type { EmbedTokenAnswer } from '../../shared/answers/partner.ts';
import type { DeliveryAnswer, NewWebhookAnswer } from '../../shared/answers/webhooks.ts';
import { widgetNames } from '../../shared/widgets.ts';
import { addressOf, api } from '../support/api.ts';
import { raise } from '../support/events.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { signIn } from '../support/signed-in.ts';
import { addUser } from '../support/users.ts';

/** All that a request can refer to: ids, addresses and firms by their kind. */
interface Things {
  account: string;
  user: string;
  trade: string;
  key: string;
  session: string;
  partner: string;
  email: string;
  firm: string;
  webhook: string;
  delivery: string;
}

type Kind = keyof Things;
type Whose = 'own' | 'foreign';

const madeUp: Things = {
  account: 'acc_00000000000000000000',
  user: 'usr_00000000000000000000',
  trade: 'trd_00000000000000000000',
  key: 'key_00000000000000000000',
  session: 'ses_00000000000000000000',
  partner: 'ptr_00000000000000000000',
  email: 'nobody@nowhere.example',
  firm: 'No such firm',
  webhook: 'wh_00000000000000000000',
  delivery: 'dlv_1000000',
};

/** Makes a partner with everything that an answer can contain; each of its texts is unique. */
async function makeFullPartner(server: TestServer, name: string) {
  const partner = await makePartner(server.database, 'enterprise');
  const word = `${name}${randomBytes(6).toString('hex')}`;
  await server.database.write
    .updateTable('partners')
    .set({ name: `${word} name` })
    .where('id', '=', partner.id)
    .execute();
  const things = { partner: partner.id, email: `second@${word}.example`, firm: `${word} firm` };
  const user = await addUser(server.database, partner.id, {
    ...{ externalId: word, name: `${word} user`, email: `user@${word}.example` },
  });
  const account = await partner.newAccount({
    ...{ nickname: `${word} account`, firm: things.firm, userId: user, externalId: word },
  });
  const trade = `${word}.trade`;
  await partner.addTrades(account, [{ ...tradesOf([12.5])[0]!, id: trade }]);
  await raise(server.database, partner.id, [
    { type: 'trade.created', accountId: account, data: { trade_id: trade, account_id: account } },
    { type: 'daily_summary', accountId: null, data: { date: word, accounts: [] } },
  ]);
  const cookie = await signIn(server, partner);
  const { key, session } = await server.database.read
    .selectFrom('sessions')
    .innerJoin('keys', 'keys.partner_id', 'sessions.partner_id')
    .select(['keys.id as key', 'sessions.id as session'])
    .where('sessions.partner_id', '=', partner.id)
    .executeTakeFirstOrThrow();
  const signedIn = api(server, cookie);
  await signedIn.post('addresses', { email: things.email });
  const label = `${word} label`;
  const made = await signedIn.post<NewKeyAnswer>('keys', { label });
  const branding = { company_name: `${word} company`, logo_url: `https://${word}.example/l.svg` };
  await signedIn.put('branding', branding);
  const receiver = { url: `https://${word}.example/hook`, description: `${word} hook` };
  const webhook = await signedIn.post<NewWebhookAnswer>('webhooks', receiver);
  const tested = await signedIn.post<DeliveryAnswer>(`webhooks/${webhook.body.id}/test`);
  const token = await signedIn.post<EmbedTokenAnswer>('embed-tokens', { account_id: account });
  await api(server, partner.key).get('stats');
  return {
    things: {
      ...{ ...things, account, user, trade, key: made.body.id, session },
      ...{ webhook: webhook.body.id, delivery: tested.body.id },
    },
    credentials: { key: partner.key, session: cookie, token: token.body.token },
    word,
    secrets: [
      partner.id,
      partner.email,
      account,
      user,
      key,
      session,
      made.body.id,
      made.body.prefix,
      webhook.body.id,
      tested.body.event_id,
    ],
    partner,
  };
}

/** The kind of thing that a parameter of an address or of a body refers to. */
const named: Readonly<Record<string, Kind>> = {
  id: 'key',
  key_id: 'key',
  account_id: 'account',
  user_id: 'user',
  firm_id: 'firm',
  email: 'email',
  webhook_id: 'webhook',
  delivery: 'delivery',
};

interface Request {
  route: Route;
  widget: string;
  by: 'key' | 'session' | 'token';
  /** Whose things all parameters refer to, and of which kind; null: of the kind in `named`. */
  whose: Whose;
  kind: Kind | null;
  gives: readonly string[];
}

const request: fc.Arbitrary<Request> = fc.record({
  route: fc.constantFrom(...routes),
  widget: fc.constantFrom(...widgetNames),
  by: fc.constantFrom('key', 'session', 'token'),
  whose: fc.constantFrom('own', 'foreign', 'foreign'),
  kind: fc.option(fc.constantFrom(...(Object.keys(madeUp) as Kind[])), {
    freq: 3,
  }),
  gives: fc.subarray(['account_id', 'user_id', 'firm_id', 'key_id', 'webhook_id']),
});

/** The bodies for routes that take one. */
const bodies: Readonly<Record<string, (things: Things) => object>> = {
  'POST /api/partner/embed-tokens': ({ account }) => ({ account_id: account }),
  'POST /api/partner/keys': () => ({ label: 'Another' }),
  'PATCH /api/partner/keys/:id': () => ({ label: 'Taken over' }),
  'PUT /api/partner/origins': () => ({ allowed_origins: [] }),
  'PUT /api/partner/branding': () => ({ company_name: 'Taken over' }),
  'POST /api/partner/addresses': () => ({ email: 'third@own.example' }),
  'POST /api/partner/webhooks': () => ({ url: 'https://taken.example' }),
  'PATCH /api/partner/webhooks/:id': () => ({ description: 'Taken over' }),
  'POST /api/partner/auth/verify': ({ session }) => ({ token: session }),
  'POST /api/partner/auth/session': ({ key }) => ({ api_key: key }),
};

async function ask(
  server: TestServer,
  { route, widget, by, kind, gives }: Request,
  credentials: Awaited<ReturnType<typeof makeFullPartner>>['credentials'],
  things: Things,
) {
  const thing = (name: string) => things[kind ?? named[name]!];
  const ofId = /\/(user|trade|webhook)s\/:id/.exec(route.path)?.[1] as Kind | undefined;
  const path = {
    ...{ id: kind === null && ofId ? things[ofId] : thing('id'), account_id: thing('account_id') },
    ...{ email: thing('email'), delivery: thing('delivery'), widget },
  };
  const query = new URLSearchParams(gives.map((name) => [name, thing(name)]));
  const ofKind = Object.fromEntries(
    Object.entries(things).map(([name, own]) => [name, kind ? things[kind] : own]),
  );
  const hasBody = route.method !== 'GET' && route.method !== 'DELETE';
  const body = bodies[`${route.method} ${route.path}`]?.(ofKind as unknown as Things) ?? {};
  const { status, text } = await api(server, credentials[by]).send(
    route.method,
    `${addressOf(route, path)}?${query}`,
    hasBody ? body : undefined,
  );
  // What was asked for is said again of an account that is not found among several.
  const said = route.path.endsWith('/bulk') ? text.replaceAll(/"account_id":"[^"]*"/g, '') : text;
  return { status, text: said };
}

/** All rows of a partner. */
function rowsOf(server: TestServer, partnerId: string) {
  return Promise.all([
    server.database.read.selectFrom('partners').selectAll().where('id', '=', partnerId).execute(),
    ...(
      [
        'keys',
        'users',
        'accounts',
        'trades',
        'events',
        'sessions',
        'sign_in_addresses',
        'audit',
        'usage_days',
        'webhooks',
        'deliveries',
      ] as const
    ).map((table) =>
      server.database.read
        .selectFrom(table)
        .selectAll()
        .where('partner_id', '=', partnerId)
        .execute(),
    ),
  ]);
}

test('no request of a partner shows or changes anything of another, whose ids are answered like made-up ones', async (t) => {
  const server = await startTestServer(t);
  const other = await makeFullPartner(server, 'theirs');
  await server.tick();
  const before = await rowsOf(server, other.partner.id);
  let answered = 0;

  const run = async (requests: readonly Request[]) => {
    const own = await makeFullPartner(server, 'mine');
    for (const one of requests) {
      // Time passes, so that requests without valid credentials meet no rate limit.
      server.clock.now += 2_000;
      const things = one.whose === 'own' ? own.things : other.things;
      const { status, text } = await ask(server, one, own.credentials, things);
      const what = `${one.route.method} ${one.route.path} by ${one.by}: ${text.slice(0, 200)}`;
      assert.ok(status < 500, what);
      if (status < 300) answered++;
      for (const secret of [other.word, ...other.secrets]) assert.ok(!text.includes(secret), what);
      const isSettled = one.route.kind === 'question' || status >= 400;
      if (one.whose === 'own' || !isSettled) continue;
      assert.deepEqual(await ask(server, one, own.credentials, madeUp), { status, text }, what);
    }
  };

  await fc.assert(fc.asyncProperty(fc.array(request, { minLength: 10, maxLength: 25 }), run), {
    numRuns: 60,
    seed: 4,
  });
  assert.ok(answered > 200, `only ${answered} requests were answered, which shows little`);
  await server.tick();
  assert.deepEqual(await rowsOf(server, other.partner.id), before);
});
