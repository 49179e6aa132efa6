import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import test from 'node:test';
import { lifetimes } from '../../shared/access.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type { DashboardAnswer, SessionAnswer } from '../../shared/answers/partner.ts';
import { day } from '../../shared/time.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import {
  addAddress,
  auth,
  Browser,
  isSignedIn,
  linksIn,
  mailedLink,
  signIn,
  tokenOf,
} from '../support/session.ts';
import { textOfTables } from '../support/tables.ts';

const dashboard = '/api/partner/dashboard';

test('the mailed link, opened in the browser that requested it, signs in and leads to the dashboard', async (t) => {
  const server = await startTestServer(t);
  const { id, email } = await makePartner(server.database);
  const browser = new Browser(server);
  const followed = await browser.get(await mailedLink(server, browser, email));
  assert.equal(followed.status, 303);
  assert.equal(followed.headers.get('location'), dashboard);
  assert.equal(followed.headers.get('cache-control'), 'no-store');
  const cookie = followed.headers.getSetCookie().find((given) => given.startsWith('pt_session='))!;
  assert.match(cookie, /^pt_session=[\w-]{22}; path=\/; expires=[^;]+; samesite=lax; httponly$/i);
  assert.deepEqual([...browser.cookies.keys()], ['pt_session']);
  const days = (Date.parse(/expires=([^;]+)/.exec(cookie)![1]!) - Date.now()) / day;
  assert.ok(Math.abs(days - 7) < 0.01, `It lasts ${days} days`);
  const { partner } = (await (await browser.get(dashboard)).json()) as DashboardAnswer;
  assert.equal(partner.id, id);
});

test('on https the cookies are secure and of this host alone', async (t) => {
  const server = await startTestServer(t, { publicUrl: 'https://portal.example' });
  const { email } = await makePartner(server.database);
  const browser = new Browser(server);
  const link = await mailedLink(server, browser, email);
  assert.match(
    server.mails[0]!.text,
    /\nhttps:\/\/portal\.example\/api\/partner\/auth\/verify\?token=/,
  );
  assert.deepEqual([...browser.cookies.keys()], ['__Host-pt_sign_in']);
  const given = (await browser.get(link)).headers.getSetCookie();
  const cookie = given.find((one) => one.startsWith('__Host-pt_session='));
  assert.match(cookie!, /; path=\/; expires=[^;]+; samesite=lax; secure; httponly$/i);
  assert.ok(await isSignedIn(browser));
  // Without the prefix another host of the domain could have set it.
  const secret = browser.cookies.get('__Host-pt_session')!;
  browser.cookies.clear();
  browser.cookies.set('pt_session', secret);
  assert.ok(!(await isSignedIn(browser)));
});

test('no header of the request changes the address in the link', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const headers = {
    Host: 'evil.example',
    'X-Forwarded-Host': 'evil.example',
    'X-Forwarded-Proto': 'https',
    Forwarded: 'host=evil.example;proto=https',
    'Content-Type': 'application/json',
  };
  const status = await new Promise((resolve, reject) => {
    request(`${server.address}${auth}/magic-link`, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end(JSON.stringify({ email }));
  });
  assert.equal(status, 200);
  await server.tick();
  assert.ok(server.mails[0]!.text.includes(`\n${server.address}/api/partner/auth/verify?token=`));
  assert.ok(!JSON.stringify(server.mails).includes('evil.example'));
});

test('another browser gets a page with a button instead of a session, and the link stays valid', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const asker = new Browser(server);
  const link = await mailedLink(server, asker, email);
  const scanner = new Browser(server);
  const other = new Browser(server);
  await mailedLink(server, other, email);
  for (const browser of [scanner, other]) {
    const before = new Map(browser.cookies);
    const page = await browser.get(link);
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type')!, /^text\/html/);
    assert.match(await page.text(), /<button/);
    assert.deepEqual(page.headers.getSetCookie(), []);
    assert.deepEqual(browser.cookies, before);
    assert.ok(!(await isSignedIn(browser)));
  }
  assert.equal((await asker.get(link)).status, 303);
});

test('the page with the button has partner and address as text, and sends no referrer', async (t) => {
  const server = await startTestServer(t);
  const { id } = await makePartner(server.database);
  const email = "o'hara&co@firm.example";
  await addAddress(server.database, id, email);
  await server.database.write
    .updateTable('partners')
    .set({ name: '<img src=x onerror=alert(1)> & "Co"' })
    .execute();
  const link = await mailedLink(server, new Browser(server), email);
  const page = await server.get(link);
  const html = await page.text();
  assert.ok(!html.includes('<img'));
  assert.match(html, /&lt;img src=x onerror=alert\(1\)/);
  assert.ok(html.includes("o'hara&amp;co@firm.example"));
  assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
  assert.equal(page.headers.get('cache-control'), 'no-store');
  const policy = page.headers.get('content-security-policy')!;
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.ok(!policy.includes('unsafe'));
  for (const element of ['script', 'style']) {
    const [, inline] = new RegExp(`<${element}>(.*?)</${element}>`, 's').exec(html)!;
    const hash = createHash('sha256').update(inline!).digest('base64');
    assert.ok(policy.includes(`${element}-src 'sha256-${hash}'`), `The ${element} would not run`);
  }
});

test('a HEAD request does not use up a link, in any browser', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const browser = new Browser(server);
  const link = await mailedLink(server, browser, email);
  for (const one of [browser, new Browser(server)]) {
    const looked = await one.send('HEAD', link);
    assert.equal(looked.status, 200);
    assert.deepEqual(looked.headers.getSetCookie(), []);
  }
  assert.equal((await browser.get(link)).status, 303);
});

test('prefetching a link, or loading it as part of a page, does not use it up in the browser that requested it', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const browser = new Browser(server);
  const link = await mailedLink(server, browser, email);
  const looks: Record<string, string>[] = [
    { 'Sec-Purpose': 'prefetch' },
    { 'Sec-Purpose': 'prefetch;prerender' },
    { 'Sec-Purpose': 'prefetch;anonymous-client-ip' },
    { Purpose: 'prefetch' },
    { 'X-Moz': 'prefetch' },
    { 'X-Purpose': 'preview' },
    { 'Sec-Fetch-Dest': 'iframe' },
    { 'Sec-Fetch-Dest': 'image' },
    { 'Sec-Fetch-Dest': 'empty' },
    { 'Sec-Fetch-Dest': 'embed' },
  ];
  for (const headers of looks) {
    const looked = await browser.get(link, headers);
    assert.equal(looked.status, 200, JSON.stringify(headers));
    assert.deepEqual(looked.headers.getSetCookie(), []);
    const page = await looked.text();
    assert.match(page, /<button/);
    assert.doesNotMatch(page, /wasn’t asked for in this browser/);
  }
  assert.equal((await browser.get(link, { 'Sec-Fetch-Dest': 'document' })).status, 303);
});

test('the button signs in the browser in which it is pressed', async (t) => {
  const server = await startTestServer(t);
  const { id, email } = await makePartner(server.database);
  const link = await mailedLink(server, new Browser(server), email);
  const phone = new Browser(server);
  const pressed = await phone.post(`${auth}/verify`, { token: tokenOf(link) });
  assert.equal(pressed.status, 201);
  const session = (await pressed.json()) as SessionAnswer & { authenticated: true };
  assert.deepEqual([session.partner.id, session.session.email], [id, email]);
  assert.ok(await isSignedIn(phone));
});

test('a link works once', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const browser = new Browser(server);
  const asked = await mailedLink(server, browser, email);
  const asker = new Map(browser.cookies);
  assert.equal((await browser.get(asked)).status, 303);
  const again = new Browser(server);
  for (const [name, value] of asker) again.cookies.set(name, value);
  const page = await again.get(asked);
  assert.equal(page.status, 400);
  assert.match(page.headers.get('content-type')!, /^text\/html/);
  const pressed = await again.post(`${auth}/verify`, { token: tokenOf(asked) });
  assert.equal(pressed.status, 400);
  assert.equal(((await pressed.json()) as ErrorAnswer).code, 'invalid_link');
  assert.ok(!again.cookies.has('pt_session'));
});

test('a link works for ten minutes, as its mail and its refusal say', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const browser = new Browser(server);
  const link = await mailedLink(server, browser, email);
  const asker = new Map(browser.cookies);
  const sent = server.clock.now;
  const words = `${lifetimes.link / 60} minutes`;
  assert.ok(server.mails.at(-1)!.text.includes(`within ${words}`));
  server.clock.now = sent + lifetimes.link * 1_000;
  for (const one of [browser, new Browser(server)]) {
    assert.equal((await one.get(link)).status, 400);
    const refused = await one.post(`${auth}/verify`, { token: tokenOf(link) });
    assert.equal(refused.status, 400);
    assert.match(((await refused.json()) as ErrorAnswer).error, new RegExp(`for ${words}\\.`));
  }
  server.clock.now -= 1;
  assert.deepEqual(browser.cookies, asker);
  assert.equal((await browser.get(link)).status, 303);
});

test('a link is refused once its address is removed, and while its partner is inactive', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  await addAddress(server.database, partner.id, 'leaver@firm.example');
  const owner = await signIn(server, partner.email);
  const statuses = async (browser: Browser, link: string) => [
    (await new Browser(server).get(link)).status,
    (await browser.get(link)).status,
    (await browser.post(`${auth}/verify`, { token: tokenOf(link) })).status,
  ];
  const leaver = new Browser(server);
  const leaversLink = await mailedLink(server, leaver, 'leaver@firm.example');
  const ownersLink = await mailedLink(server, owner, partner.email);
  await owner.send('DELETE', '/api/partner/addresses/leaver%40firm.example');
  assert.deepEqual(await statuses(leaver, leaversLink), [400, 400, 400]);
  // Nor is it valid when the address is added again.
  await addAddress(server.database, partner.id, 'leaver@firm.example');
  assert.deepEqual(await statuses(leaver, leaversLink), [400, 400, 400]);
  await partner.set({ is_active: 0 });
  assert.deepEqual(await statuses(owner, ownersLink), [400, 400, 400]);
});

test('the answer to a request for a link does not reveal whether the address may sign in', async (t) => {
  const server = await startTestServer(t);
  const known = await makePartner(server.database);
  const inactive = await makePartner(server.database);
  await inactive.set({ is_active: 0 });
  const answers = await Promise.all(
    [known.email, inactive.email, 'nobody@firm.example', `x${known.email}`].map(async (email) => {
      const browser = new Browser(server);
      const response = await browser.post(`${auth}/magic-link`, { email });
      const headers = Object.fromEntries(response.headers);
      delete headers['x-request-id'];
      delete headers.date;
      headers['set-cookie'] = headers['set-cookie']!.replace(/=[\w-]{22};/, '=…;');
      return { status: response.status, headers, body: await response.json() };
    }),
  );
  assert.deepEqual(answers[0]!.body, {
    success: true,
    message: 'If an account exists with that email, a login link has been sent.',
  });
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  await server.tick();
  assert.deepEqual(
    server.mails.map(({ to }) => to),
    [known.email],
  );
});

test('an address is the same in capitals and with spaces around it', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  await signIn(server, `  ${email.toUpperCase()}\n`);
  assert.equal(server.mails[0]!.to, email);
});

test('an address of several partners gets one mail with a link for each', async (t) => {
  const server = await startTestServer(t);
  const one = await makePartner(server.database);
  const other = await makePartner(server.database);
  const inactive = await makePartner(server.database);
  const unrelated = await makePartner(server.database);
  for (const { id } of [other, inactive]) await addAddress(server.database, id, one.email);
  await inactive.set({ is_active: 0 });
  const browser = new Browser(server);
  await mailedLink(server, browser, one.email);
  const links = linksIn(server.mails[0]!);
  const opened = [];
  for (const link of links) {
    const second = new Browser(server);
    for (const [name, value] of browser.cookies) second.cookies.set(name, value);
    await second.get(link);
    const answer = (await (await second.get(`${auth}/session`)).json()) as SessionAnswer;
    opened.push(answer.authenticated && answer.partner.id);
  }
  assert.deepEqual(opened.sort(), [one.id, other.id].sort());
  assert.ok(!opened.includes(unrelated.id));
});

test('no secret of a link, browser or session is in any table or in the log', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const browser = new Browser(server);
  const unused = tokenOf(await mailedLink(server, new Browser(server), email));
  const link = await mailedLink(server, browser, email);
  const asker = browser.cookies.get('pt_sign_in')!;
  await browser.get(link);
  await isSignedIn(browser);
  await server.tick();
  const session = browser.cookies.get('pt_session')!;
  const kept = textOfTables(server.database) + JSON.stringify(server.log);
  assert.match(kept, /sign_in_links \[\{/);
  for (const secret of [unused, tokenOf(link), asker, session]) {
    assert.match(secret, /^[\w-]{22}$/);
    assert.ok(!kept.includes(secret));
  }
});

test('each sign-in opens a new session, and ends the one that the browser had', async (t) => {
  const server = await startTestServer(t);
  const one = await makePartner(server.database);
  const other = await makePartner(server.database);
  const browser = await signIn(server, one.email);
  const elsewhere = await signIn(server, one.email);
  const first = new Browser(server);
  first.cookies.set('pt_session', browser.cookies.get('pt_session')!);
  assert.ok(await isSignedIn(first));
  await signIn(server, other.email, browser);
  assert.notEqual(browser.cookies.get('pt_session'), first.cookies.get('pt_session'));
  assert.ok(await isSignedIn(browser));
  assert.ok(!(await isSignedIn(first)));
  assert.ok(await isSignedIn(elsewhere));
});

test('a session id that a client chose is never adopted', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const browser = new Browser(server);
  const chosen = 'A'.repeat(22);
  browser.cookies.set('pt_session', chosen);
  await signIn(server, email, browser);
  assert.notEqual(browser.cookies.get('pt_session'), chosen);
});
