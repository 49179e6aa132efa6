import assert from 'node:assert/strict';
import test from 'node:test';
import { operator } from '../../server/store/audit.ts';
import { transact } from '../../server/store/database.ts';
import { endSessions } from '../../server/store/sessions.ts';
import type { NewKeyAnswer } from '../../shared/answers/keys.ts';
import type { LoginLinkAnswer } from '../../shared/answers/users.ts';
import { day, hour, minute, second } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { serveBeside } from '../support/beside.ts';
import { startTestServer, type TestServer, testNow } from '../support/server.ts';
import { Browser, linksIn, signIn, signInByKey } from '../support/session.ts';
import { signIn as signInAtOnce } from '../support/signed-in.ts';
import { textOfTables } from '../support/tables.ts';
import {
  asked,
  makeLink,
  openedBy,
  openLink,
  type TraderFirm,
  traderFirm,
} from '../support/traders.ts';
import { addUser } from '../support/users.ts';

const ended = '401 missing_key';

test('a link opens a page with a button, whose POST opens the page of the user’s accounts', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, one, two } = await traderFirm(server);
  const { status, body } = await firm.post<LoginLinkAnswer>('users/ext:u1/login-link');
  assert.equal(status, 201);
  assert.ok(body.url.startsWith(`${server.address}/trader/open?token=`));
  assert.deepEqual([body.expires_at, body.sent], [testNow + 15 * minute, false]);
  const link = await makeLink(firm, user);
  const browser = new Browser(server);
  const opening = await browser.get(link);
  assert.equal(opening.status, 200);
  assert.match(await opening.text(), /<button/);
  assert.deepEqual([...browser.cookies], []);
  const opened = await openLink(browser, link, { 'Sec-Fetch-Site': 'same-origin' });
  assert.equal(opened.status, 201);
  const [cookie] = opened.headers.getSetCookie();
  assert.match(cookie!, /^pt_trader=[\w-]{22}; path=\/; expires=[^;]+; samesite=lax; httponly$/i);
  const hours = (Date.parse(/expires=([^;]+)/.exec(cookie!)![1]!) - Date.now()) / hour;
  assert.ok(Math.abs(hours - 12) < 0.01, `It lasts ${hours} hours`);
  const page = await browser.get('/trader');
  assert.equal(page.status, 200);
  const html = await page.text();
  for (const text of ['Maya Lindqvist', 'One', 'Two', one, two, '<pt-risk-metrics'])
    assert.ok(html.includes(text), text);
  for (const text of ['Somebody else', 'pt-leaderboard', 'pt_', 'pte_'])
    assert.ok(!html.includes(text), text);
  assert.equal(await asked(browser, one), 'One');
  assert.equal(await asked(browser, two), 'Two');
});

test('on https the cookie is secure and of this host alone', async (t) => {
  const server = await startTestServer(t, { publicUrl: 'https://stats.example' });
  const { firm, user } = await traderFirm(server);
  const browser = await openedBy(server, await makeLink(firm, user));
  assert.deepEqual([...browser.cookies.keys()], ['__Host-pt_trader']);
  assert.equal((await browser.get('/trader')).status, 200);
  browser.cookies.set('pt_trader', browser.cookies.get('__Host-pt_trader')!);
  browser.cookies.delete('__Host-pt_trader');
  assert.equal((await browser.get('/trader')).status, 401);
});

test('only the POST of the button uses a link up: no GET, HEAD, preloading or foreign page does', async (t) => {
  const server = await startTestServer(t);
  const { firm, user } = await traderFirm(server);
  const link = await makeLink(firm, user);
  const scanner = new Browser(server);
  for (const headers of [{}, { 'Sec-Purpose': 'prefetch' }, { Purpose: 'preview' }] as Record<
    string,
    string
  >[])
    assert.equal((await scanner.get(link, headers)).status, 200);
  assert.equal((await scanner.send('HEAD', link)).status, 200);
  for (const headers of [
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
  ] as Record<string, string>[]) {
    const refused = await openLink(scanner, link, headers);
    assert.equal(refused.status, 403);
    assert.equal(((await refused.json()) as { code: string }).code, 'foreign_page');
  }
  const form = await fetch(`${server.address}/trader/open`, {
    method: 'POST',
    body: new URLSearchParams({ token: link.split('=')[1]! }),
  });
  assert.equal(form.status, 415);
  assert.deepEqual([...scanner.cookies], []);
  assert.equal((await openLink(new Browser(server), link)).status, 201);
});

test('a link that was used, has expired or was made up gets one and the same page and refusal', async (t) => {
  const server = await startTestServer(t);
  const { firm, user } = await traderFirm(server);
  const used = await makeLink(firm, user);
  await openedBy(server, used);
  const expired = await makeLink(firm, user);
  server.clock.now += 15 * minute;
  const madeUp = `/trader/open?token=${'A'.repeat(22)}`;
  const seen = new Set<string>();
  for (const link of [
    used,
    expired,
    madeUp,
    '/trader/open',
    `/trader/open?token=${'x'.repeat(500)}`,
  ]) {
    const browser = new Browser(server);
    const page = await browser.get(link);
    seen.add(`${page.status} ${await page.text()}`);
    const refused = await openLink(browser, link.length > 100 ? madeUp : link);
    assert.equal(refused.status, 400, link);
    assert.deepEqual([...browser.cookies], []);
  }
  assert.equal(seen.size, 1);
  assert.match([...seen][0]!, /^400 .*for 15 minutes/);
});

test('of many who use a link at once, in several processes, one gets a session', async (t) => {
  const server = await startTestServer(t);
  const { firm, user } = await traderFirm(server);
  await using beside = await serveBeside(server);
  const link = await makeLink(firm, user);
  const browsers = Array.from({ length: 20 }, (_, turn) => new Browser(turn % 2 ? server : beside));
  const statuses = await Promise.all(
    browsers.map(async (browser) => (await openLink(browser, link)).status),
  );
  assert.deepEqual(statuses.toSorted(), [201, ...Array(19).fill(400)]);
  const rows = await server.database.read.selectFrom('trader_sessions').selectAll().execute();
  assert.equal(rows.length, 1);
});

test('guesses of links and of cookies are limited by address', async (t) => {
  const server = await startTestServer(t);
  const statuses = new Map<number, number>();
  const count = ({ status }: Response) => statuses.set(status, (statuses.get(status) ?? 0) + 1);
  for (let turn = 0; turn < 60; turn++) {
    const browser = new Browser(server);
    count(await openLink(browser, `/trader/open?token=${'A'.repeat(20)}${turn}`));
    browser.cookies.set('pt_trader', 'B'.repeat(22));
    count(await browser.get('/trader'));
  }
  assert.deepEqual([...statuses].toSorted(), [
    [400, 50],
    [401, 50],
    [429, 20],
  ]);
  // Somebody without a cookie guesses nothing.
  assert.equal((await new Browser(server).get('/trader')).status, 401);
});

test('the cookie opens the data of the user’s accounts and nothing else', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, one, other, key } = await traderFirm(server);
  const browser = await openedBy(server, await makeLink(firm, user));
  const own = { 'Sec-Fetch-Site': 'same-origin' };
  assert.equal(await asked(browser, other), '403 outside_token');
  assert.equal(await asked(browser, 'acc_0'), '403 outside_token');
  assert.notEqual(await asked(browser), 'all');
  const status = async (path: string, headers: Record<string, string> = own) =>
    (await browser.get(path, headers)).status;
  const widget = '/api/partner/widgets/stats-card';
  assert.equal(await status('/api/partner/widgets/leaderboard?token=trader'), 403);
  // Without saying so, and on every other route, in frames and beside another credential.
  for (const path of [
    `${widget}?account_id=${one}`,
    `/api/partner/stats?token=trader&account_id=${one}`,
    '/api/partner/accounts?token=trader',
    '/api/partner/dashboard?token=trader',
    '/api/partner/users?token=trader',
    `/embed/partner/stats-card?token=trader&account_id=${one}`,
  ])
    assert.equal(await status(path), 401, path);
  for (const [method, path] of [
    ['POST', '/api/partner/embed-tokens?token=trader'],
    ['POST', `/api/partner/users/${user}/login-link?token=trader`],
    ['DELETE', '/api/partner/embed-tokens?token=trader'],
  ] as const)
    assert.equal((await browser.send(method, path, { headers: own })).status, 401, path);
  const bad = { ...own, 'X-API-Key': `pt_${'0'.repeat(56)}` };
  assert.equal(await asked(browser, one, bad), '403 invalid_key');
  assert.equal(await asked(browser, other, { ...own, 'X-API-Key': key }), 'Somebody else');
});

test('the cookie counts only for requests of the server’s own pages', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, one, set } = await traderFirm(server);
  const browser = await openedBy(server, await makeLink(firm, user));
  const refused = [
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'none' },
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { 'Sec-Fetch-Site': 'cross-site', Origin: server.address },
  ] as Record<string, string>[];
  for (const headers of refused) assert.equal(await asked(browser, one, headers), ended);
  for (const headers of [
    { 'Sec-Fetch-Site': 'same-origin' },
    { Origin: server.address },
    {},
  ] as Record<string, string>[])
    assert.equal(await asked(browser, one, headers), 'One');
  // The allowed origins are about the pages of others.
  await set({ allowed_origins: 'https://app.example.com' });
  assert.equal(await asked(browser, one), 'One');
});

test('a person who is signed in and opens a trader’s page sees there what the trader sees', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, one, other, email } = await traderFirm(server);
  const browser = await signIn(server, email);
  assert.equal((await openLink(browser, await makeLink(firm, user))).status, 201);
  assert.deepEqual([...browser.cookies.keys()].sort(), ['pt_session', 'pt_trader']);
  assert.equal(await asked(browser, one), 'One');
  assert.equal(await asked(browser, other), '403 outside_token');
  const portal = await browser.get(`/api/partner/widgets/stats-card?account_id=${other}`);
  assert.equal(portal.status, 200);
});

test('an account that was moved away is closed at the next request, and one that was added is open', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, one, other } = await traderFirm(server);
  const browser = await openedBy(server, await makeLink(firm, user));
  assert.equal(await asked(browser, one), 'One');
  await firm.patch(`accounts/${one}`, { user_id: null });
  await firm.patch(`accounts/${other}`, { user_id: user });
  assert.equal(await asked(browser, one), '403 outside_token');
  assert.equal(await asked(browser, other), 'Somebody else');
  const html = await (await browser.get('/trader')).text();
  assert.ok(html.includes('Somebody else') && !html.includes('>One<'));
});

/** What ends a session at once; `key` made its link. */
const endings: Record<
  string,
  (firm: TraderFirm, made: NewKeyAnswer, server: TestServer, browser: Browser) => unknown
> = {
  'the key that made the link is revoked': ({ firm }, { id }) => firm.delete(`keys/${id}`),
  'that key is paused': ({ firm }, { id }) => firm.patch(`keys/${id}`, { is_active: false }),
  'the firm ends the user’s sessions': ({ firm }) => firm.delete('users/ext:u1/sessions'),
  'the user is erased': ({ firm, user }) => firm.delete(`users/${user}`),
  'the partner is made inactive': ({ set }) => set({ is_active: 0 }),
  'twelve hours are over': (_firm, _made, { clock }) => {
    clock.now += 12 * hour;
  },
  'the trader signs out': (_firm, _made, _server, browser) =>
    browser.send('DELETE', '/trader', { headers: { 'Sec-Fetch-Site': 'same-origin' } }),
};

for (const [ending, end] of Object.entries(endings)) {
  test(`a trader’s session, and a link that was not opened yet, are over once ${ending}`, async (t) => {
    const server = await startTestServer(t);
    const firm = await traderFirm(server);
    await using beside = await serveBeside(server);
    const made = (await firm.firm.post<NewKeyAnswer>('keys', { preset: 'full' })).body;
    const own = api(server, made.key);
    const browser = await openedBy(server, await makeLink(own, firm.user));
    const elsewhere = new Browser(beside);
    for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value);
    server.clock.now += 12 * hour - second;
    const link = await makeLink(own, firm.user);
    assert.equal(await asked(browser, firm.one), 'One');
    assert.equal(await asked(elsewhere, firm.one), 'One');
    server.clock.now += ending.startsWith('twelve') ? second - 12 * hour : 0;
    const cookies = new Map(browser.cookies);
    await end(firm, made, server, browser);
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    assert.equal(await asked(browser, firm.one), ended);
    assert.equal(await asked(elsewhere, firm.one), ended);
    assert.equal((await browser.get('/trader')).status, 401);
    const isOfTrader = ending.startsWith('the trader') || ending.startsWith('twelve');
    const later = await openLink(new Browser(server), link);
    assert.equal(later.status, isOfTrader ? 201 : 400);
  });
}

test('a session ends with the session that made its link, whether a key or a mail had opened that', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, one, key, id, email } = await traderFirm(server);
  const byMail = await signIn(server, email);
  const byKey = await signInByKey(server, key);
  for (const person of [byMail, byKey]) {
    const made = await person.post(`/api/partner/users/${user}/login-link`, {});
    assert.equal(made.status, 201);
    const { pathname, search } = new URL(((await made.json()) as LoginLinkAnswer).url);
    const browser = await openedBy(server, pathname + search);
    assert.equal(await asked(browser, one), 'One');
    assert.equal((await person.send('DELETE', '/api/partner/auth/session')).status, 200);
    assert.equal(await asked(browser, one), ended);
  }
  const all = await signInAtOnce(server, { id, email } as TraderFirm);
  const link = await makeLink(api(server, all), user);
  const browser = await openedBy(server, link);
  await transact(server.database, (transaction) =>
    endSessions(transaction, id, 'all', operator, server.clock.now),
  );
  assert.equal(await asked(browser, one), ended);
  assert.equal(await asked(await openedBy(server, await makeLink(firm, user)), one), 'One');
});

test('another user’s session, and another partner’s, go on when one user’s are ended', async (t) => {
  const server = await startTestServer(t);
  const mine = await traderFirm(server);
  const theirs = await traderFirm(server);
  const second = await addUser(server.database, mine.id);
  await mine.firm.patch(`accounts/${mine.other}`, { user_id: second });
  const ofSecond = await openedBy(server, await makeLink(mine.firm, second));
  const ofTheirs = await openedBy(server, await makeLink(theirs.firm, theirs.user));
  assert.equal((await mine.firm.delete(`users/${mine.user}/sessions`)).status, 200);
  assert.equal(await asked(ofSecond, mine.other), 'Somebody else');
  assert.equal(await asked(ofTheirs, theirs.one), 'One');
  assert.equal(await asked(ofTheirs, mine.one), '403 outside_token');
  for (const path of [
    `users/${theirs.user}/login-link`,
    'users/usr_00000000000000000000/login-link',
  ])
    assert.equal((await mine.firm.post(path)).status, 404);
  assert.equal((await mine.firm.delete(`users/${theirs.user}/sessions`)).status, 404);
});

test('a link needs both users:write and embed:read; ending sessions needs users:write', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, one, newKey } = await traderFirm(server);
  const refusal = async (scopes: Parameters<typeof newKey>[0]) => {
    const { status, body } = await api(server, await newKey(scopes)).post(
      `users/${user}/login-link`,
    );
    return status === 201 ? 201 : `${status} ${body.error}`;
  };
  assert.equal(
    await refusal(['users:write', 'stats:read']),
    '403 Missing required scope: embed:read',
  );
  assert.equal(
    await refusal(['embed:read', 'users:read']),
    '403 Missing required scope: users:write',
  );
  assert.equal(await refusal(['embed:read', 'users:write']), 201);
  const narrow = await firm.post<NewKeyAnswer>('keys', { scopes: ['embed:read', 'users:write'] });
  const browser = await openedBy(server, await makeLink(api(server, narrow.body.key), user));
  assert.equal(await asked(browser, one), 'One');
  // The session has the rights of the key that made its link.
  await firm.patch(`keys/${narrow.body.id}`, { scopes: ['users:write'] });
  assert.equal(await asked(browser, one), '403 missing_scope');
  assert.equal((await browser.get('/trader')).status, 401);
});

test('opening a link ends the session that this browser had', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, one } = await traderFirm(server);
  const browser = await openedBy(server, await makeLink(firm, user));
  const before = new Browser(server);
  for (const [name, value] of browser.cookies) before.cookies.set(name, value);
  await openLink(browser, await makeLink(firm, user));
  assert.equal(await asked(browser, one), 'One');
  assert.equal(await asked(before, one), ended);
});

test('the page’s requests count as those of a token for the user', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, one } = await traderFirm(server);
  const token = await firm.post<{ token: string }>('embed-tokens', { user_id: user });
  const browser = await openedBy(server, await makeLink(firm, user));
  const left = (headers: Headers) => headers.get('x-ratelimit-remaining');
  const byToken = await api(server, token.body.token).get('widgets/stats-card');
  assert.equal(left(byToken.headers), '999');
  const byPage = await browser.get(
    `/api/partner/widgets/stats-card?token=trader&account_id=${one}`,
  );
  assert.deepEqual(
    [byPage.headers.get('x-ratelimit-limit'), left(byPage.headers)],
    ['1000', '998'],
  );
});

test('a link that is to be sent is mailed to the user’s address, with the firm’s name', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, one, set } = await traderFirm(server);
  await set({ company_name: 'Summit <Funded> & Co' });
  const made = await firm.post<LoginLinkAnswer>(`users/${user}/login-link`, { send: true });
  assert.deepEqual([made.status, made.body.sent], [201, true]);
  const secret = new URL(made.body.url).searchParams.get('token')!;
  assert.ok(!textOfTables(server.database).includes(secret));
  // It is valid for its time from when it was sent.
  server.clock.now += 10 * minute;
  await server.tick();
  const [mail, ...others] = server.mails;
  assert.equal(others.length, 0);
  assert.equal(mail!.to, 'maya@example.com');
  assert.match(mail!.subject, /Summit <Funded> & Co/);
  assert.match(mail!.text, /15 minutes/);
  assert.ok(mail!.html.includes('Summit &lt;Funded&gt; &amp; Co'));
  const [link] = linksIn(mail!);
  assert.equal(`${server.address}${link}`, made.body.url);
  server.clock.now += 14 * minute;
  assert.equal(await asked(await openedBy(server, link!), one), 'One');
  await server.tick();
  assert.equal(server.mails.length, 1);
  const kept = await server.database.read.selectFrom('mail').select(['state', 'link']).execute();
  assert.deepEqual(kept, [{ state: 'sent', link: null }]);
});

test('a user without an address, one who was mailed just before, and a server without mail get a 409 and no link', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, id } = await traderFirm(server);
  const nobody = await addUser(server.database, id);
  const send = (whose: string) => firm.post(`users/${whose}/login-link`, { send: true });
  const without = await send(nobody);
  assert.deepEqual([without.status, without.body.code], [409, 'conflict']);
  assert.equal((await send(user)).status, 201);
  const again = await send(user);
  assert.deepEqual([again.status, again.body.code], [409, 'conflict']);
  server.clock.now += minute;
  assert.equal((await send(user)).status, 201);
  const rows = await server.database.read.selectFrom('trader_sessions').selectAll().execute();
  assert.equal(rows.length, 2);

  const mute = await startTestServer(t, { canMail: false });
  const other = await traderFirm(mute);
  const refused = await other.firm.post(`users/${other.user}/login-link`, { send: true });
  assert.deepEqual([refused.status, refused.body.code], [409, 'conflict']);
  assert.match(refused.body.error, /can send no mail/);
  assert.equal((await other.firm.post(`users/${other.user}/login-link`)).status, 201);
});

test('a mail that waits is not sent once its link has ended, and sign-in mails to the same address are', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, email } = await traderFirm(server);
  await firm.patch(`users/${user}`, { email });
  assert.equal((await firm.post(`users/${user}/login-link`, { send: true })).status, 201);
  await firm.delete(`users/${user}/sessions`);
  const browser = new Browser(server);
  await browser.post('/api/partner/auth/magic-link', { email });
  for (let turn = 0; turn < 3; turn++) {
    await server.tick();
    server.clock.now += minute;
  }
  assert.deepEqual(
    server.mails.map(({ subject }) => subject.split(' ')[0]),
    ['Sign'],
  );
});

test('a sign-in mail to the same address drops no mail with a link to a user’s page', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, email } = await traderFirm(server);
  await firm.patch(`users/${user}`, { email });
  await new Browser(server).post('/api/partner/auth/magic-link', { email });
  assert.equal((await firm.post(`users/${user}/login-link`, { send: true })).status, 201);
  for (let turn = 0; turn < 3; turn++) {
    await server.tick();
    server.clock.now += minute;
  }
  assert.deepEqual(server.mails.map(({ subject }) => subject.split(' ')[0]).sort(), [
    'Sign',
    'Your',
  ]);
});

test('secrets are neither in the database nor in the log, and the audit trail says who made a link and ended sessions', async (t) => {
  const server = await startTestServer(t);
  const { firm, user } = await traderFirm(server);
  const link = await makeLink(firm, user);
  const browser = await openedBy(server, link);
  await browser.get(link);
  await browser.get('/trader');
  await server.tick();
  const kept = textOfTables(server.database) + JSON.stringify(server.log);
  for (const secret of [link.split('=')[1]!, browser.cookies.get('pt_trader')!])
    assert.ok(!kept.includes(secret));
  await firm.delete(`users/${user}/sessions`);
  const { body } = await firm.get<{ entries: { action: string }[] }>('audit');
  const entries = body.entries.filter(({ action }) => action.startsWith('trader_'));
  assert.partialDeepStrictEqual(entries, [
    { action: 'trader_sessions.ended', subject: user, details: { sessions: 1 } },
    {
      action: 'trader_link.created',
      subject: user,
      actor: { type: 'key', name: 'Test' },
      details: { expires_at: testNow + 15 * minute, sent: false },
    },
  ]);
});

test('nothing is left of an erased user’s sessions and mails, and old ones are removed', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, id } = await traderFirm(server);
  await firm.post(`users/${user}/login-link`, { send: true });
  await server.tick();
  await openedBy(server, await makeLink(firm, user));
  const rows = async () => [
    (await server.database.read.selectFrom('trader_sessions').selectAll().execute()).length,
    (await server.database.read.selectFrom('mail').selectAll().execute()).length,
  ];
  assert.deepEqual(await rows(), [2, 1]);
  await firm.delete(`users/${user}`);
  assert.deepEqual(await rows(), [0, 0]);
  await openedBy(server, await makeLink(firm, await addUser(server.database, id)));
  await server.tick();
  const ends = server.clock.now + 12 * hour;
  // In steps: a clock that jumps by a day is not trusted.
  for (const now of [ends, ends + day / 2, ends + day - minute]) {
    server.clock.now = now;
    await server.tick();
  }
  assert.deepEqual(await rows(), [1, 0]);
  server.clock.now += hour + minute;
  await server.tick();
  assert.deepEqual(await rows(), [0, 0]);
});

test('the pages are not stored, not framed, send no referrer, and run nothing but their own scripts', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, set, one } = await traderFirm(server);
  await server.database.write
    .updateTable('users')
    .set({ name: '<img src=x onerror=alert(1)> "Maya"' })
    .execute();
  await firm.patch(`accounts/${one}`, { nickname: '</option><script>alert(1)</script>' });
  await set({
    company_name: '<b>Firm</b>',
    primary_color: '#f5b301',
    logo_url: 'https://x.example/"l.svg',
  });
  const link = await makeLink(firm, user);
  const opening = await new Browser(server).get(link);
  const browser = await openedBy(server, link);
  const pages = [opening, await browser.get('/trader'), await new Browser(server).get('/trader')];
  pages.push(await new Browser(server).get(link));
  for (const page of pages) {
    const { headers } = page;
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.equal(headers.get('access-control-allow-origin'), null);
    const policy = headers.get('content-security-policy')!;
    for (const part of [
      "default-src 'none'",
      "frame-ancestors 'none'",
      "form-action 'none'",
      "base-uri 'none'",
      "require-trusted-types-for 'script'",
    ])
      assert.ok(policy.split('; ').includes(part), part);
    assert.doesNotMatch(policy, /unsafe/);
    const html = await page.text();
    for (const text of ['<img src=x', '<script>alert', '<b>Firm']) assert.ok(!html.includes(text));
  }
});

test('the page is in the visitor’s language, and says so when there is no account or no session', async (t) => {
  const server = await startTestServer(t);
  const { firm, id } = await traderFirm(server);
  const empty = await addUser(server.database, id, { name: 'Noor' });
  const browser = await openedBy(server, await makeLink(firm, empty));
  const read = async (from: Browser, language: string) =>
    (await from.get('/trader', { 'Accept-Language': language })).text();
  assert.match(await read(browser, 'en'), /<html lang="en">.*No accounts yet/);
  assert.match(await read(browser, 'de-AT'), /<html lang="de">.*Noch keine Konten/);
  assert.match(await read(browser, 'ar'), /<html lang="ar" dir="rtl">/);
  assert.match(await read(new Browser(server), 'pt'), /<html lang="pt-BR">.*Você saiu/);
  assert.match(await read(new Browser(server), 'ko'), /<html lang="en">.*signed out/);
});

test('the page shows the newest active account, or the one that its address names if that is the user’s', async (t) => {
  const server = await startTestServer(t);
  const { firm, user, one, two, other, newAccount } = await traderFirm(server);
  const newest = await newAccount({ nickname: 'Newest', userId: user });
  await server.database.write
    .updateTable('accounts')
    .set({ created_at: testNow + 1 })
    .where('id', '=', newest)
    .execute();
  const browser = await openedBy(server, await makeLink(firm, user));
  const shown = async (query = '') => {
    const html = await (await browser.get(`/trader${query}`)).text();
    return /<pt-stats-card account-id="(\w+)"/.exec(html)![1];
  };
  assert.equal(await shown(), newest);
  assert.equal(await shown(`?account=${one}`), one);
  assert.equal(await shown(`?account=${other}`), newest);
  await firm.post(`accounts/${newest}/close`);
  assert.equal(await shown(), [one, two].sort()[1]);
  assert.equal(await shown(`?account=${newest}`), newest);
  // Of more accounts than the page lists, too.
  for (let more = 0; more < 110; more++) await newAccount({ userId: user });
  for (const named of [one, newest]) assert.equal(await shown(`?account=${named}`), named);
});
