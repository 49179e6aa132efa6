import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import type { StatsAnswer } from '../../shared/answers/stats.ts';
import type {
  EquityCurveData,
  RiskMetricsData,
  WidgetAnswer,
} from '../../shared/answers/widgets.ts';
import { periods } from '../../shared/period.ts';
import { assertFigures } from '../support/figures.ts';
import { makePartner, type TestTrade } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';

/** Lists of trades with every number they must give, computed by another program in exact arithmetic. */
const folder = path.join(import.meta.dirname, '..', 'golden');

interface Golden {
  asOf: number;
  trades: TestTrade[];
  expected: { periods: Record<string, Record<string, Record<string, unknown>>> };
}

for (const file of readdirSync(folder)) {
  const golden = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Golden;

  test(`${file}: every figure of every period is read back as it must be`, async (t) => {
    const server = await startTestServer(t, golden.asOf);
    const partner = await makePartner(server.database, 'enterprise');
    const account = await partner.newAccount({ startingBalance: 50_000 });
    // A trade with an exit and no result is one no API would take.
    const trades = golden.trades.filter(
      ({ exit_time, pnl }) => (exit_time === null) === (pnl === null),
    );
    if (trades.length > 0) assert.ok((await partner.addTrades(account, trades)).kept);

    const ask = async <Answer>(question: string) => {
      const response = await server.get(question, { 'X-API-Key': partner.key });
      assert.equal(response.status, 200);
      return (await response.json()) as Answer;
    };
    for (const period of periods) {
      const expected = golden.expected.periods[period]!;
      const asked = `account_id=${account}&period=${period}`;
      const stats = await ask<StatsAnswer>(`/api/partner/stats?${asked}`);
      assertFigures(stats.stats, expected.stats, `${period} stats`);
      assertFigures(stats.dailyPnl, expected.dailyPnl, `${period} dailyPnl`);

      const curve = await ask<WidgetAnswer<'equity-curve'>>(
        `/api/partner/widgets/equity-curve?${asked}`,
      );
      const curveData: EquityCurveData = curve.data;
      const points = curveData.equityCurve.map(({ trades: _, ...point }) => point);
      assertFigures(points, expected.equityCurve, `${period} equityCurve`);

      const risk = await ask<WidgetAnswer<'risk-metrics'>>(
        `/api/partner/widgets/risk-metrics?${asked}&max_drawdown=2000`,
      );
      const { data }: { data: RiskMetricsData } = risk;
      assertFigures(data.stats, expected.stats, `${period} stats of risk-metrics`);
      for (const part of ['raw', 'drawdown', 'streak', 'risk'] as const) {
        const { variants: _, ...figures } = expected[part]!;
        // A gauge measures the whole history, whatever the period.
        if (part === 'drawdown') {
          figures.gauge = golden.expected.periods.all!.drawdown!.gauge;
        }
        assertFigures(data[part], figures, `${period} ${part}`);
      }
    }
  });
}
