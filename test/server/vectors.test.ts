import assert from 'node:assert/strict';
import test from 'node:test';
import type { RiskMetricsData, WidgetAnswer } from '../../shared/answers/widgets.ts';
import { day as dayLength, hour } from '../../shared/time.ts';
import { readCase, withoutCases } from '../support/cases.ts';
import { makePartner, type TestPartner, type TestTrade } from '../support/partner.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

interface Feed {
  kind: 'dailySeries' | 'tradeList';
  pnls?: string[];
  trades?: TestTrade[];
  startingBalance?: string;
  check: Record<string, { value: number | null; absTol: number }>;
}

interface Vectors {
  cases: { id: string; feed: Feed | null }[];
}

for (const file of ['empyrical.json', 'lean.json']) {
  test(`the figures agree with the assertions of the test suite behind ${file}`, {
    skip: withoutCases,
  }, async (t) => {
    const server = await startTestServer(t);
    const partner = await makePartner(server.database, 'enterprise');
    const cases = readCase<Vectors>('vectors', file).cases.filter(({ feed }) => feed !== null);
    assert.ok(cases.length > 0);
    for (const { id, feed } of cases) {
      const figures = await figuresOf(server, partner, feed!);
      for (const [path, { value, absTol }] of Object.entries(feed!.check)) {
        const actual = path
          .split('.')
          .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], figures);
        const isClose =
          value === null || actual === null
            ? value === actual
            : Math.abs((actual as number) - value) <= absTol;
        assert.ok(isClose, `${id}: ${path} is ${actual}, not ${value}`);
      }
    }
  });
}

async function figuresOf(
  server: TestServer,
  partner: TestPartner,
  feed: Feed,
): Promise<RiskMetricsData> {
  const { startingBalance } = feed;
  const account = await partner.newAccount(
    startingBalance === undefined ? {} : { startingBalance: Number(startingBalance) },
  );
  const trades = feed.kind === 'tradeList' ? feed.trades! : dailyTrades(feed.pnls!);
  if (trades.length > 0) assert.ok((await partner.addTrades(account, trades)).kept);
  const response = await server.get(
    `/api/partner/widgets/risk-metrics?account_id=${account}&period=all`,
    { 'X-API-Key': partner.key },
  );
  return ((await response.json()) as WidgetAnswer<'risk-metrics'>).data;
}

/** One trade a day on consecutive weekdays. */
function dailyTrades(pnls: readonly string[]): TestTrade[] {
  const trades: TestTrade[] = [];
  for (let day = Date.UTC(2024, 0, 1); trades.length < pnls.length; day += dayLength) {
    if ([0, 6].includes(new Date(day).getUTCDay())) continue;
    const entry = day + 14.5 * hour;
    trades.push({ entry_time: entry, exit_time: entry + 1_800_000, pnl: pnls[trades.length]! });
  }
  return trades;
}
