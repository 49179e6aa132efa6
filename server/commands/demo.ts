import { Command } from 'commander';
import { openDatabase } from '../store/database.ts';
import { databaseOption, outside } from './options.ts';
import { type ServeOptions, withServeOptions } from './serve.ts';

export function demoCommand(): Command {
  return withServeOptions(
    new Command('demo').description('serve a database of made-up traders and a page that shows it'),
  )
    .addOption(databaseOption().default('proptally-demo.db'))
    .action(async (options: ServeOptions) => {
      const { fillDemo } = await import('../../demo/fill.ts');
      const { serveDemoPage } = await import('../../demo/page.ts');
      const { startServer } = await import('./start-server.ts');
      const database = await openDatabase(options.db);
      console.log('Trading for ten made-up accounts…');
      const demo = await fillDemo(database, `${options.db}-keys`, outside.clock(), outside.random);
      const { address } = await startServer(database, options, serveDemoPage(demo));
      console.log(`
The demo page    ${address}/
A widget         ${address}/embed/partner/stats-card?key=${demo.publishableKey}&account_id=${demo.accountId}
A key            ${demo.key}

  curl -H "X-API-Key: ${demo.key}" "${address}/api/partner/stats?period=30d"

Ctrl-C ends it.`);
    });
}
