import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import type { StatsAnswer } from '../../shared/answers/stats.ts';
import type { DrawdownFigures, WidgetAnswer, WidgetData } from '../../shared/answers/widgets.ts';
import { periods } from '../../shared/period.ts';
import { sorts, type WidgetName } from '../../shared/widgets.ts';
import { goldenFiles } from '../golden/generate.ts';
import { assertFigures } from '../support/figures.ts';
import { makePartner, type TestTrade } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';

/** A list of trades with all its expected figures, as `test/golden/generate.ts` calculates them. */
interface Golden {
  asOf: number;
  trades: TestTrade[];
  expected: {
    periods: Record<string, Record<string, Record<string, unknown>>>;
    recentTrades: unknown[];
    calendar: Record<string, unknown>;
    leaderboard: Record<string, object[]>;
  };
}

for (const file of goldenFiles()) {
  const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;

  test(`${path.basename(file)}: the API answers every figure of every period as expected`, async (t) => {
    const server = await startTestServer(t, { now: golden.asOf });
    const partner = await makePartner(server.database, 'enterprise');
    const account = await partner.newAccount({ startingBalance: 50_000 });
    // The API accepts no trade that has an exit but no result.
    const trades = golden.trades.filter(
      ({ exit_time, pnl }) => (exit_time === null) === (pnl === null),
    );
    if (trades.length > 0) assert.ok((await partner.addTrades(account, trades)).kept);

    const ask = async <Answer>(question: string) => {
      const response = await server.get(question, { 'X-API-Key': partner.key });
      assert.equal(response.status, 200);
      return (await response.json()) as Answer;
    };
    const data = async <Name extends WidgetName>(name: Name, question: string) => {
      const answer = await ask<WidgetAnswer<Name>>(
        `/api/partner/widgets/${name}?account_id=${account}&${question}`,
      );
      return answer.data as WidgetData[Name];
    };
    for (const period of periods) {
      const expected = golden.expected.periods[period]!;
      const asked = `account_id=${account}&period=${period}`;
      const stats = await ask<StatsAnswer>(`/api/partner/stats?${asked}`);
      assertFigures(stats.stats, expected.stats, `${period} stats`);
      assertFigures(stats.dailyPnl, expected.dailyPnl, `${period} dailyPnl`);

      const card = await data('stats-card', `period=${period}`);
      assertFigures(card.stats, expected.stats, `${period} stats of stats-card`);
      const { equityCurve } = await data('equity-curve', `period=${period}`);
      const points = equityCurve.map(({ trades: _, ...point }) => point);
      assertFigures(points, expected.equityCurve, `${period} equityCurve`);

      const performance = await data('performance-summary', `period=${period}`);
      for (const part of ['stats', 'dailyPnl', 'instruments'] as const) {
        assertFigures(performance[part], expected[part], `${period} ${part} of performance`);
      }
      const { instruments } = await data('instrument-breakdown', `period=${period}`);
      assertFigures(instruments, expected.instruments, `${period} instruments`);
      const { heatmap } = await data('trade-heatmap', `period=${period}`);
      assertFigures(heatmap, expected.heatmap!.entry, `${period} heatmap`);
      const { streak } = await data('win-streak', `period=${period}`);
      assertFigures(streak, expected.streak, `${period} streak`);

      const risk = await data('risk-metrics', `period=${period}&max_drawdown=2000`);
      assertFigures(risk.stats, expected.stats, `${period} stats of risk-metrics`);
      assertFigures(risk.dailyPnl, expected.dailyPnl, `${period} dailyPnl of risk-metrics`);
      for (const part of ['raw', 'drawdown', 'streak', 'risk'] as const) {
        const { variants: _, ...figures } = expected[part]!;
        // A gauge measures the whole history, whatever the period.
        if (part === 'drawdown') {
          figures.gauge = golden.expected.periods.all!.drawdown!.gauge;
        }
        assertFigures(withoutDay(risk[part]), figures, `${period} ${part}`);
      }
    }

    const { drawdown } = await data('drawdown-gauge', 'max_drawdown=2000');
    assertFigures(withoutDay(drawdown), golden.expected.periods.all!.drawdown, 'drawdown');
    for (const [month, expected] of Object.entries(golden.expected.calendar)) {
      const { days, totalPnl, trades, winDays, lossDays, flatDays } = await data(
        'monthly-calendar',
        `month=${month}`,
      );
      const figures = { days, totalPnl, trades, winDays, lossDays, flatDays };
      assertFigures(figures, expected, month);
    }
    for (const sort of sorts) {
      const { leaders, own } = await data('leaderboard', `sort=${sort}`);
      const rows = leaders.map(({ nickname: _, ...row }) => row);
      const expected = golden.expected.leaderboard[sort]!.map((row) => ({
        ...row,
        account_id: account,
      }));
      assertFigures(rows, expected, `leaderboard by ${sort}`);
      assert.deepEqual(own, leaders[0] ?? null);
    }
    const recent = await data('recent-trades', 'limit=10');
    const latest = recent.trades.map(({ id, symbol, direction, pnl, exit_time, durationMs }) => ({
      id,
      symbol,
      direction,
      pnl,
      exit_time,
      durationMs,
    }));
    assertFigures(latest, golden.expected.recentTrades, 'recentTrades');
  });
}

/** The figures without the day of a breach, which is not among the expected ones; it is there exactly if there was a breach. */
function withoutDay<Part>(part: Part): Part {
  const { gauge } = part as Partial<DrawdownFigures>;
  if (!gauge) return part;
  const { breachedOn, ...others } = gauge;
  assert.equal(breachedOn !== null, gauge.everBreached, `breached on ${breachedOn}`);
  return { ...part, gauge: others };
}
