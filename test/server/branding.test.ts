import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { BrandingAnswer } from '../../shared/answers/partner.ts';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { api } from '../support/api.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const brand = {
  primary_color: '#10b981',
  logo_url: 'https://yourfirm.com/logo.svg',
  company_name: 'Apex Trader Funding',
};

/** The HTML of a shell, without the answer that its still was drawn from. */
async function stillOf({ get }: TestServer, key: string, query = ''): Promise<string> {
  const response = await get(`/embed/partner/stats-card?key=${key}${query}`);
  assert.equal(response.status, 200);
  const html = await response.text();
  return html.replace(/<script type="application\/json".*?<\/script>/s, '');
}

async function widgetBrand(server: TestServer, key: string) {
  const { body } = await api(server, key).get<WidgetAnswer>('widgets/stats-card');
  return body.branding;
}

test('a brand has the documented shape, and is empty at first', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database, 'growth');
  const { get, put } = api(server, key);
  const unset = {
    primary_color: null,
    logo_url: null,
    logo_url_light: null,
    logo_url_dark: null,
    company_name: null,
    hide_powered_by: false,
  };
  const first = await get<BrandingAnswer>('branding');
  assert.equal(first.headers.get('cache-control'), 'no-store');
  assert.deepEqual(first.body, { branding: unset, tier: 'growth', can_white_label: false });
  const { status, body } = await put<BrandingAnswer>('branding', brand);
  assert.equal(status, 200);
  assert.deepEqual(body, { ...first.body, branding: { ...unset, ...brand } });
  assert.deepEqual((await get('branding')).body, body);
});

test('the fields of a brand are changed one by one, and null clears one', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database, 'enterprise');
  const { put } = api(server, key);
  const all = {
    ...brand,
    logo_url_light: 'https://yourfirm.com/light.svg',
    logo_url_dark: 'https://yourfirm.com/dark.svg',
    hide_powered_by: true,
  };
  const change = async (fields: object) =>
    (await put<BrandingAnswer>('branding', fields)).body.branding;
  assert.deepEqual(await change(all), all);
  const others: Record<string, unknown> = { ...all };
  for (const name of Object.keys(all)) {
    others[name] = name === 'hide_powered_by' ? false : null;
    assert.deepEqual(await change({ [name]: others[name] }), others, name);
    assert.deepEqual(await change({}), others);
  }
  assert.equal((await change({ primary_color: '#ABCDEF' })).primary_color, '#abcdef');
  assert.equal((await change({ company_name: '  Firm ' })).company_name, 'Firm');
});

test('an invalid colour, address or name is a 400 that lists every problem and changes nothing', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database, 'enterprise');
  const { get, put } = api(server, key);
  const before = (await put<BrandingAnswer>('branding', brand)).body;
  const several = {
    primary_color: 'red',
    logo_url: 'http://firm.example/l.svg',
    company_name: '',
    hide_powered_by: 'yes',
    css: 'body{}',
  };
  const refused = await put('branding', several);
  assert.equal(refused.status, 400);
  assert.deepEqual(
    refused.body.details?.map(({ path }) => path),
    Object.keys(several),
  );
  for (const bad of [
    { primary_color: '10b981' },
    { primary_color: '#10b98' },
    { primary_color: '#10b9811' },
    { primary_color: '#10b981;color:red' },
    { primary_color: '#10b981\n' },
    { primary_color: 7 },
    { logo_url: '' },
    { logo_url: '/logo.svg' },
    { logo_url: '//firm.example/logo.svg' },
    { logo_url: 'javascript:alert(1)' },
    { logo_url: 'data:image/svg+xml,<svg onload=alert(1)>' },
    { logo_url: 'https://' },
    { logo_url: 'https://u:p@firm.example/l.svg' },
    { logo_url: 'https://firm.example/"onerror="alert(1)' },
    { logo_url: `https://firm.example/${'x'.repeat(2_000)}` },
    { logo_url_light: 'ftp://firm.example/l.svg' },
    { logo_url_dark: 'https://firm.example/l.svg https://evil.example' },
    { company_name: 'x'.repeat(101) },
    { company_name: 'two\nlines' },
    { company_name: '\ud800' },
    { hide_powered_by: null },
    { hide_powered_by: 1 },
    { company_name: 'Fine', primary_color: 'bad' },
    [],
  ])
    assert.equal((await put('branding', bad)).status, 400, JSON.stringify(bad));
  assert.deepEqual((await get('branding')).body, before);
});

test('an enterprise partner can hide "Powered by PropTally", which is shown again after a downgrade', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'enterprise');
  const { get, put } = api(server, partner.key);
  const poweredBy = /Powered by PropTally/;
  const hides = async () => {
    const inStill = !poweredBy.test(await stillOf(server, partner.key));
    const inAnswer = (await widgetBrand(server, partner.key)).hide_powered_by;
    const { branding } = (await get<BrandingAnswer>('branding')).body;
    return [inStill, inAnswer, branding.hide_powered_by];
  };
  assert.deepEqual(await hides(), [false, false, false]);
  const hidden = await put<BrandingAnswer>('branding', { hide_powered_by: true });
  assert.equal(hidden.body.can_white_label, true);
  assert.deepEqual(await hides(), [true, true, true]);
  for (const tier of ['growth', 'starter'] as const) {
    await partner.set({ tier });
    assert.deepEqual(await hides(), [false, false, false]);
    const refused = await put('branding', { hide_powered_by: true, company_name: 'New' });
    assert.deepEqual([refused.status, refused.body.code], [403, 'tier_required']);
    assert.equal((await put('branding', { hide_powered_by: false })).status, 200);
  }
  const { body } = await get<BrandingAnswer>('branding');
  assert.deepEqual([body.branding.company_name, body.can_white_label], [null, false]);
});

test('a changed brand is in the next answer and the next still of a widget', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  await partner.addTrades(await partner.newAccount(), tradesOf([100, -40]));
  const { put } = api(server, partner.key);
  const plain = await stillOf(server, partner.key);
  const kept = await server.get(`/embed/partner/stats-card?key=${partner.key}`);
  await put('branding', brand);
  const branded = await stillOf(server, partner.key);
  const stylesOf = (html: string) => [...html.matchAll(/<style>(.*?)<\/style>/gs)].length;
  assert.equal(stylesOf(branded), stylesOf(plain) + 1);
  assert.match(branded, /--accent:light-dark\(#[0-9a-f]{6},#10b981\)/);
  assert.match(branded, /Apex Trader Funding/);
  assert.match(branded, /<img src="?https:\/\/yourfirm\.com\/logo\.svg/);
  assert.partialDeepStrictEqual(await widgetBrand(server, partner.key), brand);
  const etag = kept.headers.get('etag')!;
  const again = await server.get(`/embed/partner/stats-card?key=${partner.key}`, {
    'If-None-Match': etag,
  });
  assert.equal(again.status, 200);

  await put('branding', { primary_color: '#f59e0b', logo_url: null, company_name: 'Other' });
  const other = await stillOf(server, partner.key);
  assert.match(other, /#f59e0b/);
  assert.match(other, /Other/);
  assert.doesNotMatch(other, /#10b981|Apex Trader Funding|<img/);
});

test('a still shows the logo of its theme, else the general one', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const { put } = api(server, key);
  const logosOf = async (theme: string) =>
    [...(await stillOf(server, key, `&theme=${theme}`)).matchAll(/firm\.example\/(\w+)\.svg/g)]
      .map(([, name]) => name)
      .sort();
  await put('branding', {
    logo_url: 'https://firm.example/any.svg',
    logo_url_light: 'https://firm.example/light.svg',
    logo_url_dark: 'https://firm.example/dark.svg',
  });
  assert.deepEqual(await logosOf('light'), ['light']);
  assert.deepEqual(await logosOf('dark'), ['dark']);
  assert.deepEqual(await logosOf('auto'), ['dark', 'light']);
  await put('branding', { logo_url_dark: null });
  assert.deepEqual(await logosOf('light'), ['light']);
  assert.deepEqual(await logosOf('dark'), ['any']);
});

test('a page’s own accent takes precedence over the brand’s colour', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  await api(server, key).put('branding', brand);
  const still = await stillOf(server, key, '&accent=f59e0b');
  assert.match(still, /#f59e0b/);
  assert.doesNotMatch(still, /#10b981/);
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
  fc
    .array(
      fc.constantFrom(
        ...['</bdi>', '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '"', "'", '>'],
        ...['&quot;', '</style>', '</template>', '<!--', '-->', '${', '\u2028', '\u202e', 'x', ' '],
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((parts) => parts.join('')),
);
const address = fc.oneof(
  hostile,
  hostile.map((text) => `https://firm.example/${text}`),
  fc.constantFrom('HTTPS://firm.example/l.svg', 'https:firm.example', 'https:/firm.example/l.svg'),
  fc.webUrl({ validSchemes: ['https', 'http', 'javascript'], withQueryParameters: true }),
);
const colour = fc.oneof(
  hostile,
  hostile.map((text) => `#10b981${text}`),
  fc.integer({ min: 0, max: 0xffffff }).map((number) => `#${number.toString(16).padStart(6, '0')}`),
);

/** The elements and the names of attributes in a document's body. */
function structureOf(html: string): string[] {
  const [, body = ''] = html.split('<body>');
  return [...body.replace(/<style>.*?<\/style>/gs, '').matchAll(/<(\/?[\w-]+)([^>]*)>/g)].map(
    ([, tag = '', attributes = '']) =>
      `${tag} ${[...attributes.matchAll(/([\w-]+)(?:="[^"]*"|=[^\s"']*)?/g)].map(([, name]) => name)}`,
  );
}

test('any name, colour or logo is either refused or adds no markup to a still', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database, 'enterprise');
  const { put } = api(server, key);
  await put('branding', brand);
  const structure = structureOf(await stillOf(server, key));
  let kept = 0;
  const run = async (field: keyof typeof brand, text: string) => {
    server.clock.now += 1_000;
    const { status, body } = await put<BrandingAnswer>('branding', { ...brand, [field]: text });
    if (status === 400) return;
    assert.equal(status, 200, JSON.stringify(text));
    kept++;
    const value = body.branding[field]!;
    if (field === 'primary_color') assert.match(value, /^#[0-9a-f]{6}$/);
    if (field === 'logo_url') assert.match(value, /^https:\/\/[^\s"'<>\\`]+$/);
    if (field === 'company_name') assert.equal(value, text.trim());
    if (field === 'logo_url') assert.equal(value, new URL(text).href);
    if (field === 'primary_color') assert.equal(value, text.toLowerCase());
    const response = await server.get(`/embed/partner/stats-card?key=${key}`);
    const html = await response.text();
    assert.equal(html.match(/<script\b/g)?.length, 2);
    const shown = html.replace(/<script type="application\/json".*?<\/script>/s, '');
    assert.deepEqual(structureOf(shown), structure, JSON.stringify(text));
    assert.doesNotMatch(response.headers.get('content-security-policy')!, /unsafe|firm\.example/);
  };
  const field = fc.oneof(
    fc.tuple(fc.constant('company_name' as const), hostile),
    fc.tuple(fc.constant('logo_url' as const), address),
    fc.tuple(fc.constant('primary_color' as const), colour),
  );
  await fc.assert(
    fc.asyncProperty(field, ([name, text]) => run(name, text)),
    { numRuns: 400, seed: 4 },
  );
  assert.ok(kept > 80, `only ${kept} were kept, which shows little`);
});
