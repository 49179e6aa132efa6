import { Command } from 'commander';
import { openDatabase } from '../store/database.ts';
import { databaseOption, jsonOption, outside, type ServeOptions } from './options.ts';
import { print } from './output.ts';
import { withServeOptions } from './serve.ts';

export function demoCommand(): Command {
  return withServeOptions(
    new Command('demo').description('serve a database of made-up traders and a page that shows it'),
  )
    .addOption(databaseOption().default('proptally-demo.db'))
    .addOption(jsonOption())
    .action(async (options: ServeOptions) => {
      const { fillDemo } = await import('../../demo/fill.ts');
      const { serveDemoPage } = await import('../../demo/page.ts');
      const { startServer } = await import('./start-server.ts');
      const database = await openDatabase(options.db);
      const demo = await fillDemo(database, `${options.db}-keys`, outside.clock(), outside.random);
      const { address } = await startServer(database, options, serveDemoPage(demo));
      const { key, publishableKey, accountId } = demo;
      print(
        options.json,
        { address, key, publishable_key: publishableKey, account_id: accountId },
        `
The demo page    ${address}/
A widget         ${address}/embed/partner/stats-card?key=${publishableKey}&account_id=${accountId}
A key            ${key}

  curl -H "X-API-Key: ${key}" "${address}/api/partner/stats?period=30d"

Ctrl-C ends it.`,
      );
    });
}
