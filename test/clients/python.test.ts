import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { PropTally } from '../../clients/js/index.ts';
import { makePartner, plainCsv, tradesOf } from '../support/partner.ts';
import { runPython, withoutPython } from '../support/python.ts';
import { startTestServer, testNow } from '../support/server.ts';

const file = path.resolve(import.meta.dirname, '../../clients/python/proptally.py');

/** A running server and a firm on it. */
async function startFirm(t: TestContext) {
  const server = await startTestServer(t);
  const firm = await makePartner(server.database, 'enterprise');
  const pt = new PropTally({ baseUrl: server.address, key: firm.key });
  /** Runs lines with a client `pt` of the firm; returns what they show. */
  const run = (lines: string, given: object = {}) =>
    runPython(
      `from proptally import PropTally, PropTallyError
pt = PropTally(given["address"], key=given["key"])
${lines}`,
      { address: server.address, key: firm.key, ...given },
    );
  return { server, firm, pt, run };
}

describe('the Python client', { skip: withoutPython, concurrency: true }, () => {
  test('is one file in the syntax of Python 3.9, which needs no package', async () => {
    const parse = 'import ast; ast.parse(given["text"], feature_version=(3, 9)); import proptally';
    await runPython(parse, { text: readFileSync(file, 'utf8') });
  });

  test('works in the documentation’s first lines, and the others are Python', async (t) => {
    const { pt, firm, server } = await startFirm(t);
    const { id } = await pt.createAccount({ nickname: 'Apex 50K', external_id: '12345' });
    server.clock.now = Date.now();
    const page = readFileSync(path.resolve(file, '../../../docs/clients.md'), 'utf8');
    const examples = [...page.matchAll(/^```python\n(.*?)^```/gms)].map(([, text]) => text!);
    const first = examples[0]!.replace('https://stats.example.com', server.address);
    const program = `
import ast
for each in given["examples"]:
    ast.parse(each)
print = lambda *values: show(" ".join(map(str, values)))
exec(given["first"])`;
    const shown = await runPython(program, { examples, first: first.replace('pt_…', firm.key) });
    assert.deepEqual(shown, ['0 % of 0 trades', 'Apex 50K 0']);
    assert.equal((await pt.listAccountTrades({ account_id: id })).trades.length, 1);
  });

  test('makes an account, sends trades, corrects them and reads the figures', async (t) => {
    const { run } = await startFirm(t);
    const trade = {
      ...{ external_id: 't1', symbol: 'ES', direction: 'long', quantity: 1, entry_price: 5250.5 },
      ...{ exit_price: 5254.25, pnl: 187.5, entry_time: testNow - 60_000, exit_time: testNow - 1 },
    };
    const shown = await run(
      `
user = pt.create_user(external_id="u1", name="Ada")
account = pt.create_account(nickname="Apex 50K", user_id="ext:u1")
show(account["user_id"] == user["id"])
one = {**given["trade"], "account_id": account["id"]}
pt.send_trades(**one)
pt.send_trades(trades=[{**one, "external_id": "t2", "pnl": -50.25}])
show(pt.change_trade("t2", account_id=account["id"], pnl=-60.25)["pnl"])
stats = pt.read_stats(account_id=account["id"], period="all")["stats"]
show([stats["tradeCount"], stats["totalPnl"]])
show(len(pt.read_stats_of_accounts(account_id=[account["id"], "acc_unknown"])["accounts"]))
pt.send_trades(**{**one, "pnl": 1}, upsert=True)
show(pt.delete_trade("t1", account_id=account["id"]))
show(pt.read_account(account["id"])["trade_count"])
`,
      { trade },
    );
    assert.deepEqual(shown, [true, -60.25, [2, 127.25], 2, { success: true }, 1]);
  });

  test('unsets a field by None, and leaves out what is not given', async (t) => {
    const { run } = await startFirm(t);
    const shown = await run(`
made = pt.create_account(nickname="A", firm="Summit", external_id="a1")
changed = pt.change_account(made["id"], firm=None)
show([changed["firm"], changed["external_id"]])
show(next(pt.list_accounts(status=None).pages())["total"])
`);
    assert.deepEqual(shown, [[null, 'a1'], 1]);
  });

  test('raises an error with status, code, sentence, details and request id', async (t) => {
    const { run } = await startFirm(t);
    const [invalid, ...others] = (await run(`
try:
    list(pt.list_accounts(limit=0, status="none"))
except PropTallyError as error:
    paths = [each["path"] for each in error.details]
    show([error.status, error.code, str(error) == error.answer["error"], paths, len(error.request_id)])
try:
    PropTally(given["address"], "pt_unknown").read_branding()
except PropTallyError as error:
    show(error.code)
for name, call in [
    ("path", lambda: pt.erase_user("..")),
    ("number", lambda: pt.send_trades(account_id="a", pnl=float("nan"))),
]:
    try:
        call()
    except ValueError:
        show(name)
`)) as unknown[][];
    assert.deepEqual(invalid, [400, 'invalid_parameters', true, ['status', 'limit'], 12]);
    assert.deepEqual(others, ['invalid_key', 'path', 'number']);
  });

  test('reads lists to their end, by cursor, page and number, or page after page', async (t) => {
    const { run, firm, server, pt } = await startFirm(t);
    for (const nickname of ['A', 'B', 'C', 'D']) {
      server.clock.now += 1;
      await pt.createAccount({ nickname });
    }
    const { accounts } = await pt.listAccounts();
    const account = accounts[0]!.id;
    await firm.addTrades(account, tradesOf([1, 2, 3, 4, 5]));
    const shown = await run(
      `
show([account["nickname"] for account in pt.list_accounts(limit=3)])
show([account["nickname"] for account in pt.list_accounts(limit=2, offset=1)])
show([len(page["accounts"]) for page in pt.list_accounts(limit=3).pages()])
show([trade["pnl"] for trade in pt.list_trades(account_id=given["account"], limit=2, order="asc")])
show(len([entry for entry in pt.read_audit(limit=2) if entry["action"] == "account.created"]))
pages = list(pt.list_events(types=["trade.created", "milestone.reached"], limit=2).pages())
show(sum(len(page["events"]) for page in pages))
show(next(pt.list_events(after=pages[-1]["next"]).pages())["events"])
`,
      { account },
    );
    const names = ['A', 'B', 'C', 'D'];
    assert.deepEqual(shown.slice(0, 3), [names, names.slice(1), [3, 1]]);
    assert.deepEqual(shown.slice(3), [[1, 2, 3, 4, 5], 4, 6, []]);
  });

  test('sends a file as bytes or from the disk, and gives a history as a stream', async (t) => {
    const { run } = await startFirm(t);
    const shown = await run(
      `
import io
csv = given["csv"].encode()
for file in [csv, io.BytesIO(csv)]:
    show(pt.import_file(file, nickname="A", format="csv")["added"])
account = next(iter(pt.list_accounts()))
with pt.export_trades(account_id=account["id"]) as history:
    show(pt.import_file(history, nickname="Again", dry_run=True)["added"])
`,
      { csv: plainCsv(tradesOf([100, -50.25])) },
    );
    assert.deepEqual(shown, [2, 2, 2]);
  });

  test('takes a key of one’s own that makes it safe to call again', async (t) => {
    const { run } = await startFirm(t);
    const [total] = await run(`
for key in ["order-17", "order-17", None]:
    pt.create_account(nickname="A", idempotency_key=key)
show(next(pt.list_accounts().pages())["total"])
`);
    assert.equal(total, 2);
  });
});
