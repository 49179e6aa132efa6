import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { importStatement } from '../../server/ingest/import.ts';
import type { RiskMetricsData, WidgetAnswer } from '../../shared/answers/widgets.ts';
import { casesFolder, withoutCases } from '../support/cases.ts';
import { importDefaults, makePartner } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

interface Expected {
  file: string;
  trades: number;
  raw: Partial<RiskMetricsData['raw']>;
  maxDrawdown?: number;
  profitFactor?: number;
}

const statements: Expected[] = [
  {
    file: 'tradovate/Performance.csv',
    trades: 221,
    raw: {
      totalPnl: -140,
      wins: 91,
      losses: 125,
      breakeven: 5,
      bestTrade: 203.75,
      worstTrade: -118.75,
    },
  },
  {
    file: 'mt4/DetailedStatement.htm',
    trades: 250,
    raw: { totalPnl: 606.01, grossProfit: 650.2, grossLoss: -44.19, wins: 189, losses: 61 },
    maxDrawdown: 15.12,
    profitFactor: 14.71,
  },
  { file: 'mt5/deals.csv', trades: 361, raw: { totalPnl: 1470.71 } },
];

for (const { file, trades, raw, maxDrawdown, profitFactor } of statements) {
  test(`the figures of ${file} are exactly those of the broker`, {
    skip: withoutCases,
  }, async (t) => {
    const server = await startTestServer(t);
    const partner = await makePartner(server.database);
    const account = await partner.newAccount();
    const add = () =>
      importStatement(
        server.database,
        createReadStream(path.join(casesFolder!, 'data', file)),
        {
          partnerId: partner.id,
          account,
          format: 'auto',
          zone: 'America/Chicago',
          ...importDefaults,
        },
        () => testNow,
        randomBytes,
      );
    const report = await add();
    assert.deepEqual([report.read, report.added, report.refused], [trades, trades, 0]);
    assert.equal((await add()).already_there, trades);
    const response = await server.get(
      `/api/partner/widgets/risk-metrics?account_id=${account}&period=all`,
      { 'X-API-Key': partner.key },
    );
    const { data } = (await response.json()) as WidgetAnswer<'risk-metrics'>;
    assert.equal(data.stats.tradeCount, trades);
    for (const [name, value] of Object.entries(raw)) {
      assert.equal(data.raw[name as keyof typeof raw], value, name);
    }
    if (maxDrawdown !== undefined) assert.equal(data.drawdown.maxDrawdown, maxDrawdown);
    if (profitFactor !== undefined) assert.equal(data.stats.profitFactor, profitFactor);
  });
}
