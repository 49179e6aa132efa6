import type { BlockList } from 'node:net';
import { Command, InvalidArgumentError, Option } from 'commander';
import { addressList } from '../access/address-list.ts';
import { openDatabase } from '../store/database.ts';
import { isHost } from './host.ts';
import { databaseOption, jsonOption, type ServeOptions, wholeNumber } from './options.ts';
import { print } from './output.ts';

/** Adds the options of every command that serves. */
export function withServeOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--port <port>', 'the port to listen on')
        .env('PROPTALLY_PORT')
        .default(4400)
        .argParser(wholeNumber(0, 65_535)),
    )
    .addOption(
      new Option('--host <address>', 'the address to listen on')
        .env('PROPTALLY_HOST')
        .default('127.0.0.1')
        .argParser(listeningAddress),
    )
    .addOption(publicUrlOption())
    .addOption(
      new Option(
        '--trusted-proxy <addresses>',
        'proxies whose X-Forwarded-For header is believed, such as 10.0.0.5,192.168.0.0/16',
      )
        .env('PROPTALLY_TRUSTED_PROXY')
        .default(addressList(''), 'none')
        .argParser(addresses),
    )
    .addOption(
      new Option('--webhooks <on|off>', 'off: send nothing to webhooks, and keep what is owed')
        .env('PROPTALLY_WEBHOOKS')
        .choices(['on', 'off'])
        .default('on'),
    )
    .addOption(
      new Option(
        '--webhook-allow <addresses>',
        'addresses that webhooks may have though they are not public, by http as well, such as 127.0.0.1/32',
      )
        .env('PROPTALLY_WEBHOOK_ALLOW')
        .default(addressList(''), 'none')
        .argParser(addresses),
    )
    .addOption(
      new Option(
        '--answer-memory <MiB>',
        'how much memory to use for answers that may be sent again',
      )
        .env('PROPTALLY_ANSWER_MEMORY')
        .default(128)
        .argParser(wholeNumber(1, 65_536)),
    );
}

export const publicUrlOption = () =>
  new Option('--public-url <url>', 'the server’s public URL, from which all links are made')
    .env('PROPTALLY_PUBLIC_URL')
    .argParser(webAddress);

export function serveCommand(): Command {
  return withServeOptions(
    new Command('serve').description('serve the API and the widgets until stopped'),
  )
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (options: ServeOptions) => {
      // Loaded only here, so that the other commands start without the web server and the widgets.
      const { startServer } = await import('./start-server.ts');
      const { address } = await startServer(await openDatabase(options.db), options);
      print(options.json, { address }, `PropTally answers at ${address}`);
    });
}

function listeningAddress(text: string): string {
  if (isHost(text)) return text;
  throw new InvalidArgumentError(
    'It must be an address of this machine or its name, such as 127.0.0.1; 0.0.0.0 or :: for all of them.',
  );
}

function webAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOrigin = url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
  // The URL is put into content policies, where a `*` or `;` would have a meaning.
  if (isOrigin && isHost(url.hostname.replace(/^\[(.*)\]$/, '$1')) && url.port !== '0')
    return url.origin;
  throw new InvalidArgumentError(
    'It must be an http or https address without a path, such as https://stats.example.com.',
  );
}

function addresses(text: string): BlockList {
  if (/^[\s,]*$/.test(text))
    throw new InvalidArgumentError('It must name addresses, or be left out.');
  try {
    return addressList(text);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}
