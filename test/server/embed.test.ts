import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import test from 'node:test';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';

for (const widget of ['stats-card', 'equity-curve'] as const) {
  test(`the shell of ${widget} has its figures in the HTML, and a content policy that allows only what is in it`, async (t) => {
    const server = await startTestServer(t);
    const partner = await makePartner(server.database, 'starter');
    const key = await partner.newKey(['embed:read']);
    const account = await partner.newAccount();
    await partner.addTrades(account, tradesOf([1234.56, -234.5]));
    const response = await server.get(
      `/embed/partner/${widget}?key=${key}&account_id=${account}&theme=light&accent=f59e0b`,
    );
    const html = await response.text();
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type')!, /^text\/html/);
    const text = html.replace(/<(style|script)\b.*?<\/\1>/gs, '').replace(/<[^>]+>/g, ' ');
    assert.match(text, /\+\$1,000\.06/);
    assert.match(text, /Apex 50K/);

    const policy = response.headers.get('content-security-policy')!;
    assert.match(policy, /default-src 'none'/);
    assert.ok(policy.includes(`script-src 'self' ${server.address};`), policy);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.doesNotMatch(policy, /unsafe/);
    const styles = [...html.matchAll(/<style>(.*?)<\/style>/gs)].map(([, style]) => style!);
    assert.equal(styles.length, 3);
    for (const style of styles) {
      const hash = createHash('sha256').update(style).digest('base64');
      assert.ok(policy.includes(`'sha256-${hash}'`));
    }
    assert.doesNotMatch(html, / style=| on\w+=/);
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
    assert.ok(!html.includes(key));

    for (const [, file] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const loaded = await server.get(file!);
      assert.equal(loaded.status, 200, file);
      assert.match(loaded.headers.get('cache-control')!, /immutable/);
    }
  });
}

test('a shell that is refused has the API’s status and says why', async (t) => {
  const server = await startTestServer(t);
  const starter = await makePartner(server.database, 'starter');
  const other = await starter.newKey(['stats:read']);
  const shown = async (query: string) => {
    const response = await server.get(`/embed/partner/stats-card${query}`);
    const html = await response.text();
    assert.match(response.headers.get('content-type')!, /^text\/html/);
    assert.match(html, /<pt-stats-card/);
    assert.doesNotMatch(html, /id="answer"/);
    return response.status;
  };
  assert.equal(await shown(''), 401);
  assert.equal(await shown('?key=pt_wrong'), 403);
  assert.equal(await shown(`?key=${other}`), 403);
  assert.equal(await shown(`?key=${starter.key}&account_id=acc_none`), 404);
  assert.equal((await server.get(`/embed/partner/pie-chart?key=${starter.key}`)).status, 404);
});

test('a shell of an unreadable database is a 503 that reloads by itself', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  server.database.handle.pragma('wal_checkpoint(truncate)');
  writeFileSync(server.database.path, Buffer.alloc(100_000, 'x'));
  const response = await server.get(`/embed/partner/stats-card?key=${key}`);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('refresh'), '30');
  assert.match(await response.text(), /<pt-stats-card/);
  // It is logged once, by the periodic check of the file.
  await server.tick();
  assert.equal(server.log.length, 1);
});

test('a shell mends invalid parameters and is in the visitor’s language', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const account = await partner.newAccount();
  await partner.addTrades(account, tradesOf([1234.5]));
  const ask = async (query: string, language: string) => {
    const response = await server.get(`/embed/partner/stats-card?key=${partner.key}${query}`, {
      'Accept-Language': language,
    });
    assert.equal(response.status, 200);
    return response.text();
  };
  const german = await ask('&theme=pink&accent=%22%3E%3Cscript%3E&period=99', 'xx-1, de-DE;q=0.8');
  assert.match(german, /<html lang="de-DE">/);
  assert.match(german, /1\.234,50/);
  assert.doesNotMatch(german, /pink/);
  assert.match(await ask('&lang=fr', 'de-DE'), /<html lang="fr">/);
  assert.match(await ask('&lang=%22onload', '*'), /<html lang="en">/);
  const arabic = await ask('&lang=ar', 'de-DE');
  assert.match(arabic, /<html lang="ar" dir="rtl">.*<title>نظرة عامة<\/title>/);
  assert.match(arabic, /نسبة النجاح/);
  assert.match(german, /<html lang="de-DE"><.*<title>Übersicht<\/title>/);
  // Not every browser has the formats of these languages, and would draw something else than the server.
  assert.match(await ask('&lang=ne', 'de-DE'), /<html lang="de-DE">/);
  assert.match(await ask('', 'my, kk;q=0.9, fr;q=0.8'), /<html lang="fr">/);
});

test('a shell loads the words of its language alone, and in English none', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const loadedIn = async (language: string) => {
    const html = await (
      await server.get(`/embed/partner/stats-card?key=${key}&lang=${language}`)
    ).text();
    return [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, file]) => file!);
  };
  const [english, german] = [await loadedIn('en'), await loadedIn('de-AT')];
  const [words, ...others] = new Set(german.filter((file) => !english.includes(file)));
  assert.deepEqual(others, []);
  assert.match(await (await server.get(words!)).text(), /Profitfaktor/);
});

test('a shell says in the visitor’s language why it shows nothing', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const response = await server.get(
    `/embed/partner/leaderboard?key=${key}&account_id=acc_none&lang=pt`,
  );
  assert.equal(response.status, 404);
  const html = await response.text();
  assert.match(html, /<html lang="pt">.*<title>Ranking<\/title>/);
  assert.match(html, /Esta conta não foi encontrada/);
});

test('the name of an account or a brand can’t run as code in a shell', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const nickname = '</script><script>alert(1)</script><img src=x onerror=alert(1)><!--';
  const account = await partner.newAccount({ nickname });
  await partner.addTrades(account, tradesOf([1]));
  await partner.set({
    company_name: '<b>"\'&',
    logo_url: 'javascript:alert(1)',
    primary_color: 'red;} body{background:url(https://evil.example)',
  });
  const response = await server.get(
    `/embed/partner/stats-card?key=${partner.key}&account_id=${account}`,
  );
  const html = await response.text();
  assert.equal(html.match(/<script\b/g)?.length, 2);
  assert.ok(!html.includes('<img src=x'));
  assert.doesNotMatch(
    html.replace(/<script type="application\/json".*?<\/script>/s, ''),
    /javascript:|evil/,
  );
  const inlined =
    /<script type="application\/json" id="answer" data-now="\d+">(.*?)<\/script>/s.exec(html)![1]!;
  const answer = JSON.parse(inlined);
  assert.equal(answer.data.account.nickname, nickname);
  assert.equal(answer.branding.logo_url, null);
});

test('built files are sent compressed with a lifetime and an ETag, and no other files are served', async (t) => {
  const server = await startTestServer(t);
  const script = await server.get('/widgets.js', { 'Accept-Encoding': 'br' });
  assert.equal(script.headers.get('content-encoding'), 'br');
  assert.match(script.headers.get('cache-control')!, /max-age=300/);
  assert.equal(script.headers.get('access-control-allow-origin'), '*');
  const etag = script.headers.get('etag')!;
  assert.equal((await server.get('/widgets.js', { 'If-None-Match': etag })).status, 304);
  assert.equal((await server.get('/loader.js')).status, 200);
  assert.equal((await server.get('/../package.json')).status, 404);
  assert.equal((await server.get('/manifest.json')).status, 404);
});
