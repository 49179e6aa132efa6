import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { parse } from 'csv-parse/sync';
import type { AccountsAnswer } from '../../shared/answers/accounts.ts';
import type { StatsAnswer } from '../../shared/answers/stats.ts';
import { minute } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { exchange } from '../support/exchange.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

const csvType = 'text/csv; charset=utf-8; header=present';
const jsonType = 'application/json; charset=utf-8';
const csv = { Accept: 'text/csv' };

async function startFirm(t: TestContext) {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const account = await partner.newAccount({
    ...{ nickname: '=HYPERLINK("x"), "Ann"', externalId: '-7', firm: '@firm' },
  });
  await partner.addTrades(account, tradesOf([100.5, -40, 7], testNow - minute));
  const { get } = api(server, partner.key);
  return { server, partner, account, get };
}

function rowsOf(text: string): Record<string, string>[] {
  return parse(text, { columns: true });
}

/** The values of an object as CSV has them: numbers as JSON has them, nothing for null. */
function written(object: object): Record<string, string> {
  const entries = Object.entries(object).map(([name, value]) => [name, String(value ?? '')]);
  return Object.fromEntries(entries) as Record<string, string>;
}

test('the statistics come as one row of CSV to who accepts that, with the same figures as JSON', async (t) => {
  const { account, get } = await startFirm(t);
  for (const path of [`stats?period=all&account_id=${account}`, 'stats?period=7d', 'stats']) {
    const { body } = await get<StatsAnswer>(path);
    const { status, headers, text } = await get(path, csv);
    assert.deepEqual([status, headers.get('content-type')], [200, csvType]);
    const { account: named, currency, accounts, period, stats } = body;
    const ofStats = Object.entries(stats).map(([name, value]) => [`stats.${name}`, value]);
    assert.deepEqual(rowsOf(text), [
      written({
        'account.id': named?.id,
        'account.nickname': named && `'${named.nickname}`,
        currency,
        'accounts.counted': accounts.counted,
        'accounts.left_out': accounts.left_out,
        period,
        ...Object.fromEntries(ofStats),
      }),
    ]);
    assert.equal(text.split('\r\n').length, 3);
  }
  const { text } = await get(`stats?period=all&account_id=${account}`, csv);
  const [{ 'stats.totalPnl': total, 'stats.worstTrade': worst } = {}] = rowsOf(text);
  assert.deepEqual([total, worst], ['67.5', '-40']);
});

test('accounts come as CSV, a row for each, and a header leads from page to page', async (t) => {
  const { server, partner, get } = await startFirm(t);
  for (let number = 0; number < 6; number++)
    await partner.newAccount({ nickname: `A ${number}, EUR`, currency: 'EUR' });
  const all = (await get<AccountsAnswer>('accounts')).body.accounts;
  const found: Record<string, string>[] = [];
  let path = 'accounts?limit=3&status=active&q=a&offset=0';
  let pages = 0;
  for (let next: string | undefined = path; next !== undefined; pages++) {
    const { headers, text } = await get(path, csv);
    found.push(...rowsOf(text));
    const link = headers.get('link');
    const json = await get<AccountsAnswer>(path);
    assert.equal(json.headers.get('link'), link, 'JSON has the same');
    next = /^<([^>]+)>; rel="next"$/.exec(link ?? '')?.[1];
    assert.equal(next === undefined, json.body.next === null);
    if (next === undefined) break;
    const url = new URL(next);
    assert.equal(url.origin + url.pathname, `${server.address}/api/partner/accounts`);
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      ...{ limit: '3', status: 'active', q: 'a', cursor: json.body.next },
    });
    path = `accounts${url.search}`;
  }
  assert.equal(pages, 2);
  const guarded = ({ external_id, nickname, firm_id }: (typeof all)[number]) =>
    external_id === '-7'
      ? { external_id: "'-7", nickname: `'${nickname}`, firm_id: `'${firm_id}` }
      : {};
  assert.deepEqual(
    found,
    all.map((account) => written({ ...account, ...guarded(account) })),
  );
  const none = await get('accounts?q=nobody', csv);
  assert.equal(none.text, `${Object.keys(all[0]!).join(',')}\r\n`);
});

test('JSON is the answer unless the Accept header prefers CSV', async (t) => {
  const { server, partner, get } = await startFirm(t);
  for (const [accept, expected] of [
    ['text/csv', csvType],
    ['TEXT/CSV', csvType],
    ['text/csv; charset=utf-8', csvType],
    ['text/csv;header=present', csvType],
    ['text/*', csvType],
    ['text/csv, application/json', csvType],
    ['text/csv, */*', csvType],
    ['text/csv, application/json;q=0.9', csvType],
    ['application/json;q=0.5, text/csv;q=0.6', csvType],
    ['application/json;q=0, */*', csvType],
    ['application/json', jsonType],
    ['application/json, text/csv', jsonType],
    ['text/csv;q=0.5, */*', jsonType],
    ['text/csv;q=0.5, application/json', jsonType],
    ['text/csv;q=0', jsonType],
    ['text/csv;header=absent', jsonType],
    ['*/*', jsonType],
    ['text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8', jsonType],
    ['text/html', jsonType],
    ['image/png;q=1', jsonType],
    ['', jsonType],
    [';;,q=1,,text/csv/x', jsonType],
    [`${'text/csv,'.repeat(1_000)}text/csv`, jsonType],
  ] as const) {
    for (const path of ['stats', 'accounts']) {
      const { status, headers } = await get(path, { Accept: accept });
      assert.deepEqual([status, headers.get('content-type')], [200, expected], accept.slice(0, 80));
    }
  }
  const bare = `GET /api/partner/stats?api_key=${partner.key} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
  assert.match(
    await exchange(server, bare),
    /^HTTP\/1\.1 200 .*\r\ncontent-type: application\/json;/is,
  );
  assert.deepEqual(server.log, []);
});

test('other answers and refusals are JSON, whatever is accepted', async (t) => {
  const { server, account, get } = await startFirm(t);
  const refused = await get('stats?period=x', csv);
  assert.deepEqual(
    [refused.status, refused.headers.get('content-type'), refused.body.code],
    [400, jsonType, 'invalid_parameters'],
  );
  const unknown = await api(server, null).get('accounts', csv);
  assert.deepEqual([unknown.status, unknown.headers.get('content-type')], [401, jsonType]);
  for (const path of [`accounts/${account}`, `trades?account_id=${account}`, 'events']) {
    const { headers } = await get(path, csv);
    assert.equal(headers.get('content-type'), jsonType, path);
    assert.doesNotMatch(headers.get('vary')!, /\bAccept(,|$)/, path);
  }
});

test('both formats are known by ETags of their own, and caches are told what they vary by', async (t) => {
  const { partner, account, get } = await startFirm(t);
  for (const path of ['stats?period=all', 'accounts']) {
    const json = (await get(path)).headers;
    const table = (await get(path, csv)).headers;
    for (const headers of [json, table]) assert.match(headers.get('vary')!, /, Accept$/);
    const [tag = '', tagOfTable = ''] = [json.get('etag')!, table.get('etag')!];
    assert.notEqual(tag, tagOfTable);
    const statusOf = async (tag: string, headers: object) =>
      (await get(path, { 'If-None-Match': tag, ...headers })).status;
    assert.equal(await statusOf(tag, {}), 304);
    assert.equal(await statusOf(tagOfTable, csv), 304);
    assert.equal(await statusOf(tag, csv), 200);
    assert.equal(await statusOf(tagOfTable, {}), 200);
    const unlike = await get(path, { 'If-None-Match': tagOfTable });
    assert.equal(unlike.headers.get('content-type'), jsonType);
    await partner.addTrades(account, [{ ...tradesOf([5])[0]!, id: `more${path.length}` }]);
    assert.equal(await statusOf(tagOfTable, csv), 200);
  }
});
