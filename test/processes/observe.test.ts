import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import type { AccountAnswer } from '../../shared/answers/accounts.ts';
import { minute } from '../../shared/time.ts';
import { type CommandLine, commandLine, type Outcome, outcomeOf } from '../support/command.ts';
import { makeFirm } from '../support/firm.ts';

const time = Date.now() - minute;
const observation = { account_id: 'ext:a1', time, balance: 50_000, equity: 50_120.25 };

async function setUp(t: test.TestContext) {
  const cli = commandLine(t);
  const partner = await makeFirm(cli);
  const of = ['--partner', partner];
  await cli.run('account', 'create', '--nickname', 'Apex 50K', '--external-id', 'a1', ...of);
  const file = path.join(cli.folder, 'observations.json');
  return {
    cli,
    shown: () => cli.json<AccountAnswer>('account', 'show', 'ext:a1', ...of),
    observe: (text: string) => {
      writeFileSync(file, text);
      return cli.run('observe', file, ...of);
    },
    pipe: (text: string) => piped(cli, text, 'observe', '-', ...of),
  };
}

/** Runs a command that reads `text` from its standard input. */
function piped({ start }: CommandLine, text: string, ...args: string[]): Promise<Outcome> {
  const child = start(...args);
  // It stops reading what is too long.
  child.stdin.on('error', () => {});
  child.stdin.end(text);
  return outcomeOf(child);
}

test('observe keeps the observations of a file, or of standard input, as the API does', async (t) => {
  const { observe, pipe, shown } = await setUp(t);
  const first = await observe(JSON.stringify({ observations: [observation] }));
  assert.deepEqual(first, { code: 0, stdout: 'Kept 1 observation of 1 account.\n', stderr: '' });
  assert.deepEqual([(await shown()).equity, (await shown()).observed_at], [50_120.25, time]);
  const later = { ...observation, time: time + 1, equity: 49_000, open_pnl: -1_000 };
  const sent = JSON.stringify({ observations: [observation, later] });
  assert.equal((await pipe(sent)).stdout, 'Kept 2 observations of 1 account.\n');
  assert.deepEqual([(await shown()).equity, (await shown()).open_pnl], [49_000, -1_000]);
  assert.equal((await pipe(sent)).stdout, '2 observations of 1 account, all kept already.\n');
});

test('observe refuses what the API refuses, says why, and keeps nothing', async (t) => {
  const { observe, pipe, shown } = await setUp(t);
  const refusals: Record<string, RegExp> = {
    [JSON.stringify({ observations: [observation, { ...observation, equity: '1' }] })]:
      /^observations\.1\.equity must be a number\.$/m,
    [JSON.stringify({ observations: [{ ...observation, account_id: 'ext:b2' }] })]:
      /There is no such account/,
    [JSON.stringify([observation])]: /must be a JSON object/,
    '{"observations"': /not valid JSON/,
    [' '.repeat(2_000_000)]: /more than 1048576 bytes/,
  };
  for (const [text, says] of Object.entries(refusals)) {
    for (const outcome of [await observe(text), await pipe(text)]) {
      assert.deepEqual([outcome.code, outcome.stdout], [1, '']);
      assert.match(outcome.stderr, says);
    }
  }
  assert.equal((await shown()).equity, null);
});
