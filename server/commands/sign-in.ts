import { Command } from 'commander';
import { lifetimes, linkLifetime } from '../../shared/access.ts';
import { second } from '../../shared/time.ts';
import { emailAddress } from '../fields.ts';
import { operator, recordAct } from '../store/audit.ts';
import { type Database, type Queries, transact } from '../store/database.ts';
import { endSessions } from '../store/sessions.ts';
import {
  addSignInAddress,
  createSignInLink,
  listSignInAddresses,
  removeSignInAddress,
  signInLink,
} from '../store/sign-in.ts';
import {
  asLongAsItTakes,
  type CommonOptions,
  databaseOption,
  jsonOption,
  knownPartner,
  outside,
  readAs,
  withDatabase,
} from './options.ts';
import { Failure, print } from './output.ts';
import { publicUrlOption } from './serve.ts';

export function signInCommand(): Command {
  return new Command('sign-in')
    .description('manage the addresses that may sign in for a partner')
    .addCommand(list())
    .addCommand(add())
    .addCommand(remove())
    .addCommand(link())
    .addCommand(end());
}

function ofPartner(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<partner>', 'the partner’s id, ptr_…')
    .addOption(databaseOption())
    .addOption(jsonOption());
}

const address = readAs(emailAddress);

async function addressesOf(database: Database, id: string) {
  const addresses = await listSignInAddresses(database.read, id);
  return addresses.map(({ email, created_at }) => ({ email, created_at }));
}

function printAddresses({ json }: CommonOptions, addresses: { email: string }[]): void {
  print(
    json,
    { addresses },
    addresses.map(({ email }) => email),
  );
}

function list(): Command {
  return ofPartner('list', 'list the addresses').action(
    async (id: string, options: CommonOptions) => {
      const addresses = await withDatabase(options, async (database) => {
        await knownPartner(database, id);
        return addressesOf(database, id);
      });
      printAddresses(options, addresses);
    },
  );
}

function add(): Command {
  return ofPartner('add', 'allow an address to sign in')
    .argument('<email>', 'the e-mail address', address)
    .action(async (id: string, email: string, options: CommonOptions) => {
      const addresses = await withDatabase(options, async (database) => {
        await knownPartner(database, id);
        await transact(database, (transaction) =>
          addSignInAddress(transaction, id, email, operator, outside.clock()),
        );
        return addressesOf(database, id);
      });
      printAddresses(options, addresses);
    });
}

function remove(): Command {
  return ofPartner('remove', 'remove an address, and end its sessions and sign-in links')
    .argument('<email>', 'the e-mail address', address)
    .action(async (id: string, email: string, options: CommonOptions) => {
      const addresses = await withDatabase(options, async (database) => {
        await knownPartner(database, id);
        const remove = (transaction: Queries) =>
          removeSignInAddress(transaction, id, email, operator, outside.clock());
        const wasThere = await transact(database, remove, asLongAsItTakes);
        if (!wasThere) throw new Failure(`${email} does not sign in for ${id}.`);
        return addressesOf(database, id);
      });
      printAddresses(options, addresses);
    });
}

function link(): Command {
  return ofPartner(
    'link',
    'create a sign-in link and print it, to pass on by other means than mail',
  )
    .argument('<email>', 'the e-mail address that signs in with it', address)
    .addOption(publicUrlOption().default('http://localhost:4400'))
    .action(async (id: string, email: string, options: CommonOptions & { publicUrl: string }) => {
      const expires_at = outside.clock() + lifetimes.link * second;
      const secret = await withDatabase(options, async (database) => {
        await knownPartner(database, id);
        const known = await addressesOf(database, id);
        if (!known.some((one) => one.email === email))
          throw new Failure(`${email} does not sign in for ${id}. proptally sign-in add adds it.`);
        return transact(database, async (transaction) => {
          const act = { action: 'link.created', subject: email } as const;
          await recordAct(transaction, id, operator, act, outside.clock());
          const whose = { partner_id: id, email };
          return createSignInLink(transaction, whose, null, expires_at, outside.random);
        });
      });
      const url = signInLink(options.publicUrl, secret);
      print(options.json, { link: url, expires_at }, [
        url,
        '',
        `It works once, for ${linkLifetime}.`,
      ]);
    });
}

function end(): Command {
  return ofPartner('end', 'end all sessions, or those of one address')
    .option('--email <email>', 'end only the sessions of this e-mail address', address)
    .action(async (id: string, options: CommonOptions & { email?: string }) => {
      const { email } = options;
      const ended = await withDatabase(options, async (database) => {
        await knownPartner(database, id);
        const which = email === undefined ? 'all' : { email };
        const end = (transaction: Queries) =>
          endSessions(transaction, id, which, operator, outside.clock());
        return transact(database, end, asLongAsItTakes);
      });
      print(options.json, { ended }, `Ended ${ended} ${ended === 1 ? 'session' : 'sessions'}.`);
    });
}
