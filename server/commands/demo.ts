import { Command } from 'commander';
import { openDatabase } from '../store/database.ts';
import { traderLink } from '../store/traders.ts';
import { databaseOption, jsonOption, outside, type ServeOptions } from './options.ts';
import { print } from './output.ts';
import { withServeOptions } from './serve.ts';

export function demoCommand(): Command {
  return withServeOptions(
    new Command('demo').description(
      'serve a demo: a database of made-up traders, and pages that show its widgets',
    ),
  )
    .addOption(databaseOption().default('proptally-demo.db'))
    .addOption(jsonOption())
    .action(async (options: ServeOptions) => {
      const { fillDemo } = await import('../../demo/fill.ts');
      const { serveDemoPages } = await import('../../demo/pages/serve.ts');
      const { Receiver } = await import('../../demo/receiver.ts');
      const { beginDay } = await import('../../demo/day.ts');
      const { PropTally } = await import('../../clients/js/index.ts');
      const { startServer } = await import('./start-server.ts');
      const database = await openDatabase(options.db);
      const demo = await fillDemo(database, `${options.db}-keys`, outside.clock(), outside.random);
      const { key, publishableKey, accountId, email, traderSecret } = demo;
      const receiver = new Receiver(outside.clock);
      // The receiver is a page of this very server.
      options.webhookAllow.addAddress('127.0.0.1');
      const server = await startServer(database, options, serveDemoPages(demo, receiver));
      const { address } = server;
      const own = `http://127.0.0.1:${server.port}`;
      const firm = new PropTally({ baseUrl: own, key });
      await receiver.subscribe(firm, `${own}/hook`);
      beginDay(firm, demo, outside.clock);
      const link = traderLink(address, traderSecret);
      print(
        options.json,
        {
          ...{ address, key, publishable_key: publishableKey, account_id: accountId, email },
          trader_link: link,
        },
        [
          '',
          `A firm’s page    ${address}/`,
          `Its webhooks     ${address}/receiver`,
          `Strict policy    ${address}/strict`,
          `Widget builder   ${address}/builder#key=${publishableKey}&account_id=${accountId}`,
          `A widget         ${address}/embed/partner/stats-card?key=${publishableKey}&account_id=${accountId}`,
          `A trader’s page  ${link}`,
          `A key            ${key}`,
          '',
          `  curl -H "X-API-Key: ${key}" "${address}/api/partner/stats?period=30d"`,
          '',
          'Post a trade, and see it arrive:',
          '',
          `  ${postTrade(address, key, accountId)}`,
          '',
          'Sign in as the firm: the link is printed here.',
          '',
          `  curl --json '{"email":"${email}"}' "${address}/api/partner/auth/magic-link"`,
          '',
          'Ctrl-C ends it.',
        ],
      );
    });
}

/** A command that posts a trade which was closed just now. */
function postTrade(address: string, key: string, accountId: string): string {
  const trade = `{"account_id":"${accountId}","symbol":"ES","direction":"long","quantity":1,"entry_price":6120,"exit_price":6124,"pnl":195.4,"entry_time":'$(date +%s)'000,"exit_time":'$(date +%s)'000}`;
  return `curl -H "X-API-Key: ${key}" --json '${trade}' ${address}/api/partner/trades`;
}
