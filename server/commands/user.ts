import { Command } from 'commander';
import { traderLinkMinutes } from '../../shared/access.ts';
import type { UserAnswer } from '../../shared/answers/users.ts';
import { Secrets } from '../access/secrets.ts';
import { emailAddress, externalId } from '../fields.ts';
import { eraseUser } from '../records/erasing.ts';
import { makeTraderLink } from '../records/traders.ts';
import { changeUser, findOrMakeUser, type UserFields } from '../records/users.ts';
import { presentUser, presentUsers } from '../routes/users.ts';
import type { Database, Queries } from '../store/database.ts';
import { traderLink } from '../store/traders.ts';
import { listUsers } from '../store/users.ts';
import { allAccounts, tableOfAccounts } from './account.ts';
import {
  knownPartner,
  line,
  orNone,
  outside,
  type Removable,
  readAs,
  withDatabase,
} from './options.ts';
import { describe, Failure, print, table } from './output.ts';
import { eraseRecords, knownUser, type OfPartner, ofPartner, writeRecords } from './records.ts';
import { agreeOnSecret } from './secret.ts';
import { publicUrlOption } from './serve.ts';

export function userCommand(): Command {
  return new Command('user')
    .description('create, list, change and remove users: the traders whom accounts belong to')
    .addCommand(create())
    .addCommand(list())
    .addCommand(show())
    .addCommand(set())
    .addCommand(link())
    .addCommand(remove());
}

function ofUser(name: string, description: string): Command {
  return ofPartner(name, description).argument(
    '<user>',
    'the user’s id, usr_…, or ext: and its external id',
  );
}

interface FieldOptions extends OfPartner {
  externalId?: Removable<string>;
  name?: Removable<string>;
  email?: Removable<string>;
}

function addFields(command: Command): Command {
  return command
    .option('--external-id <id>', 'the partner’s own id of the user', orNone(readAs(externalId)))
    .option('--name <name>', 'the user’s name', orNone(line(200)))
    .option('--email <address>', 'the user’s e-mail address', orNone(readAs(emailAddress)));
}

function fieldsOf({ externalId, name, email }: FieldOptions): UserFields {
  return { external_id: externalId?.value, name: name?.value, email: email?.value };
}

function create(): Command {
  const command = ofPartner('create', 'create a user, or find the one that has the external id');
  return addFields(command).action(async (options: FieldOptions) => {
    const { shown, isNew } = await writeRecords(options, async (writing) => {
      const { user, isNew } = await findOrMakeUser(writing, fieldsOf(options));
      return { shown: await presentUser(writing.transaction, user), isNew };
    });
    const { id } = shown;
    print(options.json, shown, isNew ? `Made ${id}.` : `${id} is there already.`);
  });
}

function list(): Command {
  return ofPartner('list', 'list users, the oldest first').action(async (options: OfPartner) => {
    const users = await withDatabase(options, async (database) => {
      await knownPartner(database, options.partner);
      return allUsers(database.read, options.partner);
    });
    const rows = users.map(({ id, external_id, name, email, account_count }) => [
      id,
      external_id ?? '',
      name ?? '',
      email ?? '',
      String(account_count),
    ]);
    print(
      options.json,
      { users },
      rows.length > 0
        ? table(['id', 'external id', 'name', 'email', 'accounts'], rows)
        : 'No users yet. Make one: proptally user create --partner …',
    );
  });
}

/** How many users are read at once. */
const pageOfUsers = 500;

async function allUsers(database: Queries, partnerId: string): Promise<UserAnswer[]> {
  const users: UserAnswer[] = [];
  for (;;) {
    const page = await listUsers(database, partnerId, users.at(-1) ?? null, pageOfUsers);
    users.push(...(await presentUsers(database, page)));
    if (page.length < pageOfUsers) return users;
  }
}

function show(): Command {
  return ofUser('show', 'show a user with its accounts').action(
    async (reference: string, options: OfPartner) => {
      const { partner } = options;
      const shown = await withDatabase(options, async (database) => {
        await knownPartner(database, partner);
        const user = await knownUser(database.read, partner, reference);
        return presentUser(database.read, user);
      });
      const { accounts, ...fields } = shown;
      print(options.json, shown, [...describe(fields), '', ...tableOfAccounts(accounts)]);
    },
  );
}

function set(): Command {
  const command = ofUser('set', 'change the given fields of a user; the value none removes one');
  return addFields(command).action(async (reference: string, options: FieldOptions) => {
    const fields = fieldsOf(options);
    if (Object.values(fields).every((value) => value === undefined))
      throw new Failure('Say what to change: --external-id, --name or --email.');
    const user = await writeRecords(options, async (writing) => {
      const { transaction, partnerId } = writing;
      const user = await knownUser(transaction, partnerId, reference);
      return presentUser(transaction, await changeUser(writing, user, fields));
    });
    print(options.json, user, `Changed ${user.id}.`);
  });
}

interface LinkOptions extends OfPartner {
  publicUrl: string;
  send?: true;
}

function link(): Command {
  return ofUser('link', 'make a link to the page that shows a user its accounts, and print it')
    .addOption(publicUrlOption().default('http://localhost:4400'))
    .option('--send', 'mail it to the user, too: the server that runs on the database does so')
    .action(async (reference: string, options: LinkOptions) => {
      const secrets = options.send && new Secrets(await withDatabase(options, secretOf(options)));
      const encrypt = secrets ? (text: string) => secrets.encrypt(text, outside.random) : null;
      const made = await writeRecords(options, async (writing) => {
        const user = await knownUser(writing.transaction, writing.partnerId, reference);
        return makeTraderLink(writing, user, { key_id: null, session_id: null }, encrypt);
      });
      const url = traderLink(options.publicUrl, made.secret);
      const shown = { url, expires_at: made.expiresAt, sent: encrypt !== null };
      print(options.json, shown, [url, '', `It works once, for ${traderLinkMinutes} minutes.`]);
    });
}

function secretOf({ db }: LinkOptions) {
  return (database: Database) => agreeOnSecret(database, db);
}

function remove(): Command {
  return ofUser(
    'remove',
    'erase a user with all accounts and trades, and everything derived from them',
  ).action((reference: string, options: OfPartner) =>
    eraseRecords(options, async (writing) => {
      const { transaction, partnerId } = writing;
      const user = await knownUser(transaction, partnerId, reference);
      const { id } = user;
      const accounts = await allAccounts(transaction, partnerId, { userId: id });
      return { id, accounts, begin: () => eraseUser(writing, user) };
    }),
  );
}
