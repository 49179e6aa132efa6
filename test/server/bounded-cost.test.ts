import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import test from 'node:test';
import type { z } from 'zod';
import { addressList } from '../../server/access/address-list.ts';
import { clientAddress } from '../../server/access/client-address.ts';
import type { Action, Change, OpenRoute } from '../../server/route.ts';
import { routes } from '../../server/routes/index.ts';
import { mostOrigins, scopes } from '../../shared/access.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type { KeysAnswer } from '../../shared/answers/keys.ts';
import { widgetNames } from '../../shared/widgets.ts';
import { addressOf, api } from '../support/api.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { auth, signIn } from '../support/session.ts';
import { statementsOf } from '../support/sql.ts';

type Bodied = (Action | Change | OpenRoute) & { body: z.ZodObject };

const bodied = routes.filter(
  (route): route is Bodied => 'body' in route && route.body !== undefined,
);

/** Nearly the largest body that a route reads, in bytes. */
function sizeOf({ kind }: Bodied): number {
  return (kind === 'open' ? 4_096 : 1024 * 1024) - 200;
}

/** Values of so many bytes for a field, valid and invalid ones. */
function fillings(size: number): Record<string, string> {
  const list = (value: string) =>
    `[${`${value},`.repeat(Math.floor((size - value.length) / (value.length + 1)) - 1)}${value}]`;
  const text = (piece: string, start = '') =>
    `"${start}${piece.repeat(Math.floor((size - start.length - 5) / piece.length))}"`;
  return {
    zeros: list('0'),
    nulls: list('null'),
    objects: list('{}'),
    lists: list('[]'),
    texts: list('""'),
    scopes: list('"embed:read"'),
    widgets: list('"stats-card"'),
    origins: list('"https://a.example"'),
    'long origins': `[${text('a', 'https://')}]`,
    'an object': object(size),
    nesting: '['.repeat(size / 2) + ']'.repeat(size / 2),
    text: text('x'),
    spaces: text(' '),
    escapes: text('\\ud800'),
    'an address': text('xn--', 'https://'),
    'another address': text('<', 'https://a.example/'),
    'a mailbox': text('@a'),
    digits: '9'.repeat(size),
  };
}

/** An object of as many fields as fit into so many bytes. */
function object(size: number): string {
  let fields = '"n":0';
  for (let number = 0; fields.length < size - 20; number++) fields += `,"${number}":0`;
  return `{${fields}}`;
}

/** Bodies of so many bytes, none of them in a known field. */
function besides(size: number): Record<string, string> {
  return {
    'names that are not known': object(size),
    'one name that is not known': `{"${'n'.repeat(size - 100)}":0}`,
    'a name again and again': `{${'"a":0,'.repeat(size / 6 - 20)}"a":0}`,
    'no object': fillings(size).zeros!,
  };
}

/** A list of so many items, which counts how often an item is read. */
function countedList(length: number) {
  const looked = { at: 0 };
  const list = new Proxy(new Array<number>(length), {
    get(target, name, receiver) {
      if (typeof name === 'string' && /^\d+$/.test(name)) looked.at++;
      return Reflect.get(target, name, receiver) as unknown;
    },
    has: (target, name) => {
      looked.at++;
      return Reflect.has(target, name);
    },
    ownKeys: (target) => {
      looked.at += length;
      return Reflect.ownKeys(target);
    },
  });
  return { list, looked };
}

test('no item of a list that is too long is read, in any field of any route', () => {
  for (const { method, path, body } of bodied) {
    for (const [name, field] of Object.entries(body.shape)) {
      const what = `${method} ${path} ${name}`;
      const { list, looked } = countedList(100_000);
      const { success, error } = (field as z.ZodType).safeParse(list);
      assert.equal(success, false, what);
      assert.ok(error!.issues.length <= 3, what);
      assert.equal(looked.at, 0, what);
    }
  }
});

test('a body of a megabyte is refused with a short answer, and no more queries than any refusal', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const browser = await signIn(server, email);
  const { keys } = (await (await browser.get('/api/partner/keys')).json()) as KeysAnswer;
  const send = async (route: Bodied, body: string) => {
    server.clock.now += 1_000;
    let text = '';
    let status = 0;
    const statements = await statementsOf(t, async () => {
      const { id } = keys[0]!;
      const address = `${addressOf(route, { id, account_id: id })}?account_id=${id}`;
      const response = await fetch(server.address + address, {
        method: route.method,
        headers: {
          Cookie: `pt_session=${browser.cookies.get('pt_session')}`,
          'Content-Type': 'application/json',
        },
        body,
      });
      status = response.status;
      text = await response.text();
    });
    // Writes, and queries for waiting mail and for quotas, are the server's own work.
    const asked = statements.filter(({ text }) =>
      /^select(?!.* from "(mail|key_days)")/.test(text),
    );
    return { status, text, asked: asked.length };
  };
  for (const route of bodied) {
    const plain = await send(route, '{"unknown":1}');
    assert.equal(plain.status, 400);
    const bodies = [
      ...Object.entries(besides(sizeOf(route))),
      ...Object.keys(route.body.shape).flatMap((name) =>
        Object.entries(fillings(sizeOf(route) - name.length)).map(
          ([what, value]) => [`${what} in ${name}`, `{"${name}":${value}}`] as const,
        ),
      ),
    ];
    for (const [what, body] of bodies) {
      const where = `${route.method} ${route.path}: ${what}`;
      const { status, text, asked } = await send(route, body);
      // Any text may be a key, which is refused as an invalid one.
      const isKey = route.path.endsWith('/session') && status === 403;
      assert.ok(status === 400 || isKey, `${where}: ${status} ${text.slice(0, 200)}`);
      const { details = [], error } = JSON.parse(text) as ErrorAnswer;
      assert.ok(details.length <= 100, where);
      assert.ok(error.length < 10_000 && text.length < 30_000, `${where}: ${text.length}`);
      assert.ok(asked <= plain.asked + (isKey ? 1 : 0), `${where}: ${asked} statements`);
    }
  }
  assert.deepEqual(server.log, []);
});

test('a list of the greatest allowed length is accepted, and one item more is refused', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database, 'enterprise');
  const { post, put } = api(server, key);
  for (const [most, send] of [
    [scopes.length, (count: number) => post('keys', { scopes: repeat(scopes, count) })],
    [
      widgetNames.length,
      (count: number) => post('embed-tokens', { widgets: repeat(widgetNames, count) }),
    ],
    [mostOrigins, (count: number) => put('origins', { allowed_origins: originsOf(count) })],
  ] as const) {
    assert.ok((await send(most)).status < 300);
    const { status, body } = await send(most + 1);
    assert.equal(status, 400);
    assert.match(body.error, new RegExp(` must hold at most ${most} `));
  }
});

function repeat(words: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, number) => words[number % words.length]!);
}

function originsOf(count: number): string[] {
  return Array.from({ length: count }, (_, number) => `https://a${number}.example`);
}

/** About as long as a header, or an address, may be, in bytes. */
const long = 14_000;

/** The languages and zones that are passed to Intl while `work` runs. */
async function passedToIntl(work: () => Promise<unknown>): Promise<string[]> {
  const passed: string[] = [];
  const { Locale, DateTimeFormat } = Intl;
  class RecordingLocale extends Locale {
    constructor(tag: string, options?: Intl.LocaleOptions) {
      passed.push(tag);
      super(tag, options);
    }
  }
  class RecordingFormat extends DateTimeFormat {
    constructor(tag?: string, options?: Intl.DateTimeFormatOptions) {
      if (options?.timeZone) passed.push(options.timeZone);
      super(tag, options);
    }
  }
  Object.assign(Intl, { Locale: RecordingLocale, DateTimeFormat: RecordingFormat });
  try {
    await work();
  } finally {
    Object.assign(Intl, { Locale, DateTimeFormat });
  }
  return passed;
}

const languages = [
  `de${'-abcdefgh'.repeat(long / 9)}`,
  `en-u-${'nu-latn-'.repeat(long / 8)}x`,
  `x-${'a'.repeat(long)}`,
  `${'a-'.repeat(long / 2)}a`,
  Array.from({ length: 2_000 }, (_, number) => `x${number}`).join(','),
  ','.repeat(long),
  'de;q='.repeat(long / 5),
];

/** A long zone, and the language in the address and in the header: at most 16 KB fit into the head of a request. */
function inBothPlaces(lang: string) {
  const query = `lang=${encodeURIComponent(lang)}`;
  return [
    { query: `timezone=Asia/Tokyo${'/x'.repeat(7_000)}`, headers: {} },
    { query: query.slice(0, long), headers: {} },
    { query: 'timezone=Asia/Tokyo', headers: { 'Accept-Language': lang } },
  ];
}

test('languages and zones in a refused request are not evaluated', async (t) => {
  const server = await startTestServer(t);
  const shell = '/embed/partner/stats-card';
  for (const credential of ['', `&key=pt_${'0'.repeat(56)}`, '&key=x', '&token=pte_x']) {
    const passed = await passedToIntl(async () => {
      for (const lang of ['de', ...languages]) {
        for (const ask of inBothPlaces(lang)) {
          const response = await server.get(`${shell}?${ask.query}${credential}`, ask.headers);
          assert.ok([401, 403].includes(response.status), String(response.status));
          assert.match(await response.text(), /<html lang="en">/);
        }
      }
    });
    // Refusals are in English.
    assert.deepEqual(
      passed.filter((tag) => tag !== 'en'),
      [],
    );
  }
});

test('only a few short languages and zones of a request are evaluated, and the preferred language is chosen', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const shell = `/embed/partner/stats-card?key=${key}`;
  for (const lang of languages) {
    const passed = await passedToIntl(async () => {
      for (const ask of inBothPlaces(lang)) {
        const response = await server.get(`${shell}&${ask.query}`, ask.headers);
        assert.equal(response.status, 200);
      }
    });
    assert.ok(passed.length <= 20, `${lang.slice(0, 20)}: ${passed.length}`);
    for (const each of passed) assert.ok(each.length <= 35, each);
  }
  const chosen = async (accepted: string) => {
    const response = await server.get(shell, { 'Accept-Language': accepted });
    return /<html lang="([^"]*)">/.exec(await response.text())![1];
  };
  assert.equal(await chosen('fr;q=0.3, de-DE;q=0.9, en;q=0.8'), 'de-DE');
  assert.equal(await chosen('de;q=0, fr;q=0.1'), 'fr');
  assert.equal(await chosen('xx, FR-ca'), 'fr-CA');
  assert.equal(await chosen('*'), 'en');
  assert.equal(await chosen('de-Latn-DE-1996-u-co-phonebk-nu-latn'), 'en');
  assert.equal(await chosen('de-DE-1996-u-co-phonebk-nu-latn'), 'de-DE-1996');
});

/** Backtracking in a regular expression would make a long text cost more than in proportion to its length. */
test('an overlong Content-Type is refused without being parsed', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const read: string[] = [];
  const { exec } = RegExp.prototype;
  t.mock.method(RegExp.prototype, 'exec', function (this: RegExp, text: string) {
    if (this.source.includes('json')) read.push(text);
    return exec.call(this, text);
  });
  for (const [path, who] of [
    ['/api/partner/keys', { 'X-API-Key': key }],
    [`${auth}/magic-link`, {}],
    [`${auth}/verify`, {}],
    [`${auth}/session`, {}],
  ] as const) {
    for (const type of [
      `application/json${' '.repeat(long)}x`,
      `application/json; ${'charset='.repeat(long / 8)}`,
      `application/json; charset="${' '.repeat(long)}`,
    ]) {
      const response = await fetch(server.address + path, {
        method: 'POST',
        headers: { ...who, 'Content-Type': type },
        body: '{}',
      });
      assert.equal(response.status, 415, path);
    }
  }
  assert.deepEqual(
    read.filter((text) => text.length > 100),
    [],
  );
});

test('only the last few addresses of X-Forwarded-For are read', (t) => {
  const trusted = addressList('10.0.0.0/8');
  const check = t.mock.method(trusted, 'check');
  const from = (forwarded: string) => {
    check.mock.resetCalls();
    return clientAddress(
      {
        socket: { remoteAddress: '10.0.0.1' },
        headers: { 'x-forwarded-for': forwarded },
      } as unknown as IncomingMessage,
      trusted,
    );
  };
  assert.equal(from('192.0.2.1, 10.0.0.3, 10.0.0.2'), '192.0.2.1');
  assert.equal(from(`${'192.0.2.9, '.repeat(1_300)}192.0.2.1, 10.0.0.2`), '192.0.2.1');
  assert.equal(from(`192.0.2.1, ${'10.0.0.3,'.repeat(1_600)}10.0.0.2`), '10.0.0.3');
  assert.ok(check.mock.callCount() <= 12);
  assert.equal(from(`${'9'.repeat(long)}.0.0.1`), '10.0.0.1');
  assert.equal(from(`[${']:1'.repeat(long / 3)}`), '10.0.0.1');
});

test('a query has at most a hundred parameters', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const status = async (count: number) =>
    (await server.get(`/api/partner/stats?api_key=${key}${'&x'.repeat(count - 1)}`)).status;
  assert.equal(await status(100), 200);
  assert.equal(await status(101), 400);
  assert.equal(await status(5_000), 400);
});

test('any text in a header, however often repeated, is answered without a server error', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const pieces = [
    'a',
    ' ',
    ',',
    ';',
    '; ',
    '"',
    '=',
    'q=',
    '[',
    ']:1',
    '*',
    'W/"',
    '10.0.0.1,',
    '%',
  ];
  const names = [
    ...['Accept-Encoding', 'Accept-Language', 'Authorization', 'Cookie', 'If-None-Match'],
    ...['Origin', 'Referer', 'X-API-Key', 'X-Forwarded-For', 'Content-Type', 'Sec-Fetch-Site'],
  ];
  for (const name of names) {
    for (const piece of pieces) {
      const value = `x${piece.repeat(long / piece.length)}x`;
      for (const path of [
        `/api/partner/stats?api_key=${key}`,
        `/embed/partner/stats-card?key=${key}`,
        '/widgets.js',
        `${auth}/session`,
      ]) {
        const { status } = await server.get(path, { [name]: value });
        assert.ok(status < 500, `${name} of ${piece} for ${path}`);
      }
    }
  }
  assert.deepEqual(server.log, []);
});
