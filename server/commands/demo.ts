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
      const { startServer } = await import('./start-server.ts');
      const database = await openDatabase(options.db);
      const demo = await fillDemo(database, `${options.db}-keys`, outside.clock(), outside.random);
      const { address } = await startServer(database, options, serveDemoPages(demo));
      const { key, publishableKey, accountId, email, traderSecret } = demo;
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
          `Strict policy    ${address}/strict`,
          `Widget builder   ${address}/builder#key=${publishableKey}&account_id=${accountId}`,
          `A widget         ${address}/embed/partner/stats-card?key=${publishableKey}&account_id=${accountId}`,
          `A trader’s page  ${link}`,
          `A key            ${key}`,
          '',
          `  curl -H "X-API-Key: ${key}" "${address}/api/partner/stats?period=30d"`,
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
