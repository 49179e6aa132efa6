import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditAnswer } from '../../shared/answers/audit.ts';
import type { SettingsAnswer } from '../../shared/answers/partner.ts';
import type { StatsAnswer } from '../../shared/answers/stats.ts';
import type { TradesAnswer } from '../../shared/answers/trades.ts';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import type { WidgetName } from '../../shared/widgets.ts';
import { api } from '../support/api.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { signIn } from '../support/signed-in.ts';

const chicago = { day_zone: 'America/Chicago', day_start: '17:00' };
const utc = { day_zone: 'UTC', day_start: '00:00' };

/** A Sunday evening and a Monday in Chicago, which are one trading day that begins at 17:00. */
const trades = [
  ['2026-06-07T22:10:00Z', '2026-06-07T22:30:00Z', 100],
  ['2026-06-08T14:10:00Z', '2026-06-08T15:00:00Z', 300],
].map(([entry, exit, pnl], index) => ({
  id: `t${index}`,
  entry_time: Date.parse(String(entry)),
  exit_time: Date.parse(String(exit)),
  pnl: Number(pnl),
}));

/** Monday, 2026-06-08, 15:30 in Chicago. */
const monday = Date.parse('2026-06-08T20:30:00Z');

async function startFirm(t: TestContext) {
  const server = await startTestServer(t, { now: monday });
  const partner = await makePartner(server.database, 'growth');
  const account = await partner.newAccount({ startingBalance: 50_000 });
  await partner.addTrades(account, trades);
  const byKey = api(server, partner.key);
  const person = api(server, await signIn(server, partner));
  const settings = async () => (await byKey.get<SettingsAnswer>('settings')).body;
  /** Does the periodic work until no change is under way. */
  const settle = async () => {
    while ((await settings()).changing) {
      await server.tick();
      await sleep(10);
    }
  };
  const change = async (to: object) => {
    const changed = await person.patch<SettingsAnswer>('settings', to);
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    await settle();
    return changed.body;
  };
  const widget = async <Name extends WidgetName>(name: Name, query = '') =>
    (await byKey.get<WidgetAnswer<Name>>(`widgets/${name}?account_id=${account}&${query}`)).body
      .data;
  return { server, partner, account, byKey, person, settings, settle, change, widget };
}

test('a firm’s trading day is UTC until somebody who signed in by mail changes it', async (t) => {
  const { settings, byKey, person, settle } = await startFirm(t);
  assert.deepEqual(await settings(), { ...utc, currency: 'USD', changing: null });
  const refused = await byKey.patch('settings', chicago);
  assert.deepEqual([refused.status, refused.body.code], [403, 'sign_in_required']);

  const changed = await person.patch<SettingsAnswer>('settings', chicago);
  assert.deepEqual(changed.body, { ...utc, currency: 'USD', changing: chicago });
  assert.deepEqual(await settings(), changed.body);
  await settle();
  assert.deepEqual(await settings(), { ...chicago, currency: 'USD', changing: null });
  const { entries } = (await byKey.get<AuditAnswer>('audit')).body;
  const entry = entries.find(({ action }) => action === 'settings.changed');
  assert.deepEqual([entry?.details, entry?.actor.type], [chicago, 'session']);
});

test('only a zone, a quarter of an hour and the accounts’ currency are taken', async (t) => {
  const { person, settings } = await startFirm(t);
  for (const wrong of [
    ...[{ day_zone: 'America/Nowhere' }, { day_zone: '' }, { day_zone: 'x'.repeat(65) }],
    ...[{ day_start: '17:10' }, { day_start: '24:00' }, { day_start: 17 }, { day_start: '5:00' }],
    ...[{ day_zone: null }, { zone: 'UTC' }, { currency: 'usd' }],
  ]) {
    const { status, body } = await person.patch('settings', wrong);
    assert.deepEqual([status, body.code], [400, 'invalid_body'], JSON.stringify(wrong));
  }
  const refused = await person.patch('settings', { ...chicago, currency: 'EUR' });
  assert.deepEqual([refused.status, refused.body.code], [400, 'other_currency']);
  assert.deepEqual(await settings(), { ...utc, currency: 'USD', changing: null });
});

test('the currency can be changed while no account has another', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  await partner.newAccount({ currency: 'EUR' });
  const person = api(server, await signIn(server, partner));
  const { body } = await person.patch<SettingsAnswer>('settings', { currency: 'EUR' });
  assert.equal(body.currency, 'EUR');
  assert.equal((await api(server, partner.key).get<StatsAnswer>('stats')).body.currency, 'EUR');
});

test('a Sunday evening in Chicago is one day with Monday once the day begins at 17:00', async (t) => {
  const { byKey, account, change, widget } = await startFirm(t);
  const stats = async () =>
    (await byKey.get<StatsAnswer>(`stats?account_id=${account}&period=7d`)).body.dailyPnl;
  const all = async () => (await byKey.get<StatsAnswer>('stats?period=all')).body.dailyPnl;
  const two = [
    { day: '2026-06-07', pnl: 100, trades: 1 },
    { day: '2026-06-08', pnl: 300, trades: 1 },
  ];
  assert.deepEqual([await stats(), await all()], [two, two]);
  await change(chicago);
  const one = [{ day: '2026-06-08', pnl: 400, trades: 2 }];
  assert.deepEqual([await stats(), await all()], [one, one]);
  const { days, winDays } = await widget('monthly-calendar');
  assert.deepEqual([days.map(({ day, pnl }) => [day, pnl]), winDays], [[['2026-06-08', 400]], 1]);
  const { equityCurve } = await widget('equity-curve');
  assert.deepEqual(
    equityCurve.map(({ day, pnl }) => [day, pnl]),
    [['2026-06-08', 400]],
  );
  const { heatmap, ...shown } = await widget('trade-heatmap');
  assert.deepEqual([shown.day_zone, shown.day_start], [chicago.day_zone, chicago.day_start]);
  // Entered at 17:10 on Sunday and at 9:10 on Monday, in hours after 17:00.
  assert.deepEqual(
    heatmap.map(({ dow, hour, pnl }) => [dow, hour, pnl]),
    [
      [1, 0, 100],
      [1, 16, 300],
    ],
  );
  await change(utc);
  assert.deepEqual([await stats(), await all()], [two, two]);
});

test('today and periods go by the firm’s day, the daily limit by UTC', async (t) => {
  const { server, byKey, account, change, widget } = await startFirm(t);
  await change(chicago);
  const today = async () => (await widget('monthly-calendar')).today;
  const reset = async () => {
    const { headers } = await byKey.get('stats');
    return Number(/t=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
  };
  assert.equal(await today(), '2026-06-08');
  // A second before and at 17:00 in Chicago.
  server.clock.now = Date.parse('2026-06-08T21:59:59Z');
  assert.equal(await today(), '2026-06-08');
  server.clock.now += 1_000;
  assert.equal(await today(), '2026-06-09');
  assert.equal(await reset(), 2 * 3_600);
  // Seven days, of which the first began on Sunday at 17:00, and then on Monday.
  const ids = async () =>
    (await byKey.get<TradesAnswer>(`trades?account_id=${account}&period=7d`)).body.trades.map(
      ({ id }) => id,
    );
  server.clock.now = Date.parse('2026-06-14T21:59:59Z');
  assert.deepEqual(await ids(), ['t1', 't0']);
  server.clock.now += 1_000;
  assert.deepEqual(await ids(), []);
});

test('until a new day is in force, answers and writes are by the old one', async (t) => {
  const { byKey, person, partner, account, settle, server } = await startFirm(t);
  const daily = async () => (await byKey.get<StatsAnswer>('stats?period=all')).body.dailyPnl;
  await person.patch('settings', chicago);
  const later = { ...trades[0]!, id: 'later', exit_time: trades[0]!.exit_time + 60_000, pnl: 7 };
  await partner.addTrades(account, [later]);
  assert.deepEqual(await daily(), [
    { day: '2026-06-07', pnl: 107, trades: 2 },
    { day: '2026-06-08', pnl: 300, trades: 1 },
  ]);
  await settle();
  assert.deepEqual(await daily(), [{ day: '2026-06-08', pnl: 407, trades: 3 }]);
  assert.equal(server.log.length, 0);
});

test('a second change replaces the first, and the day that is in force ends one', async (t) => {
  const { person, settings, settle, server } = await startFirm(t);
  await person.patch('settings', chicago);
  const replaced = await person.patch<SettingsAnswer>('settings', { day_start: '16:00' });
  assert.deepEqual(replaced.body.changing, { ...chicago, day_start: '16:00' });
  assert.equal((await person.patch<SettingsAnswer>('settings', utc)).body.changing, null);
  await person.patch('settings', { day_zone: 'asia/tokyo' });
  await settle();
  assert.deepEqual(await settings(), {
    ...{ day_zone: 'Asia/Tokyo', day_start: '00:00' },
    ...{ currency: 'USD', changing: null },
  });
  for (const table of ['remakings', 'old_sums'] as const) {
    while ((await server.database.read.selectFrom(table).selectAll().execute()).length > 0) {
      await server.tick();
      await sleep(10);
    }
  }
  const versions = await server.database.read
    .selectFrom('account_hour_days')
    .select('version')
    .distinct()
    .execute();
  assert.equal(versions.length, 1);
});
