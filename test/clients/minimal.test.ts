import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { document } from '../../server/routes/index.ts';
import { defaultScopes } from '../../shared/access.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { runPython, withoutRequests } from '../support/python.ts';
import { startTestServer } from '../support/server.ts';

/**
 * The clients that the documentation of the product's service prints, which people have copied.
 * They are run as they are printed, but for the key, which a reader fills in; requests to the
 * service go to the test's server.
 */
const printed = (name: string, key: string) =>
  readFileSync(path.join(import.meta.dirname, 'printed', name), 'utf8').replace('pt_YOUR_KEY', key);

const service = 'https://proptally.app';

async function startFirm(t: TestContext) {
  const server = await startTestServer(t);
  const firm = await makePartner(server.database);
  const accountId = await firm.newAccount();
  await firm.addTrades(accountId, tradesOf([100, -50, 25.5, 30]));
  const usual = await firm.newKey(defaultScopes);
  return { server, firm, accountId, usual };
}

/** What the tests use of the printed class. */
interface Minimal {
  getStats(parameters: object): Promise<{ stats: object }>;
  getAccounts(parameters: object): Promise<{ total: number }>;
  getTrades(parameters: object): Promise<{ trades: object[] }>;
  getDashboard(): Promise<{ partner: object }>;
  getBranding(): Promise<{ tier: string }>;
  createKey(label: string, scopes: string[]): Promise<{ key: string }>;
  getWebhooks(): Promise<{ webhooks: object[]; available_events: string[] }>;
  createWebhook(url: string, events: string[]): Promise<{ secret: string }>;
}

/** Runs the printed JavaScript to its end, with its example. */
async function runMinimal({ address }: { address: string }, key: string) {
  const fetchHere = (url: string, init: RequestInit) => fetch(url.replace(service, address), init);
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const text = `${printed('minimal-client.js.txt', key)}\nreturn { pt, stats };`;
  return (await new AsyncFunction('fetch', text)(fetchHere)) as {
    pt: Minimal;
    stats: { stats: { winRate: number } };
  };
}

test('the printed JavaScript client works unchanged, with a key of the default scopes', async (t) => {
  const { server, accountId, usual } = await startFirm(t);
  const { pt, stats } = await runMinimal(server, usual);
  assert.equal(stats.stats.winRate, 75);
  assert.equal((await pt.getAccounts({ limit: 10, offset: 0 })).total, 1);
  const { trades } = await pt.getTrades({ account_id: accountId, sort: 'pnl', page: 1 });
  assert.equal(trades.length, 4);
  assert.ok((await pt.getDashboard()).partner);
  assert.equal((await pt.getBranding()).tier, 'growth');
  assert.match((await pt.createKey('Widget', ['embed:read', 'stats:read'])).key, /^pt_/);
  await assert.rejects(pt.getTrades({ limit: 'x' }), /^Error: API error 400: /);
});

const program = `
import contextlib, io, requests
send = requests.request
def request(method, url, **more):
    return send(method, url.replace("${service}", given["address"]), **more)
requests.request = request
said = io.StringIO()
with contextlib.redirect_stdout(said):
    exec(given["text"])
show(said.getvalue())
`;

/** Runs the printed Python, and then more of it; returns what that shows. */
function runMinimalPython({ address }: { address: string }, key: string, more: string) {
  const text = printed('minimal-client.py.txt', key);
  return runPython(program + more, { address, text }, { packages: true });
}

test('the printed Python client works unchanged, with a key of the default scopes', {
  skip: withoutRequests,
}, async (t) => {
  const { server, accountId, usual } = await startFirm(t);
  const shown = await runMinimalPython(
    server,
    usual,
    `
show(pt.get_accounts(limit=10)["total"])
show(len(pt.get_trades(account_id="${accountId}", sort="pnl")["trades"]))
show(pt.get_dashboard()["partner"]["tier"])
try:
    pt.get_trades()
except requests.HTTPError as error:
    show(error.response.status_code)
`,
  );
  assert.deepEqual(shown, ['Win rate: 75%\n', 1, 4, 'growth', 400]);
});

const hook = 'https://yourfirm.com/webhooks/proptally';
const withoutWebhooks =
  '/api/partner/webhooks' in document.paths ? false : 'the API has no webhooks';

test('the printed JavaScript client makes and lists webhooks', {
  skip: withoutWebhooks,
}, async (t) => {
  const { server, firm } = await startFirm(t);
  const { pt } = await runMinimal(server, firm.key);
  const events = ['trade.created', 'milestone.reached'];
  assert.match((await pt.createWebhook(hook, events)).secret, /^whsec_/);
  const { webhooks, available_events } = await pt.getWebhooks();
  assert.partialDeepStrictEqual(webhooks, [{ url: hook, events, is_active: true }]);
  assert.ok(available_events.includes('daily_summary'));
});

test('the printed Python client makes webhooks', {
  skip: withoutWebhooks || withoutRequests,
}, async (t) => {
  const { server, firm } = await startFirm(t);
  const more = `show(pt.create_webhook("${hook}", ["trade.created"])["secret"][:6])`;
  const [, secret] = await runMinimalPython(server, firm.key, more);
  assert.equal(secret, 'whsec_');
});
