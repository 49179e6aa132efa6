import { Command, InvalidArgumentError } from 'commander';
import { allowances, defaultScopes, type Scope, scopes } from '../../shared/access.ts';
import { type Database, transact } from '../store/database.ts';
import { createKey, isActive, type Key, KeyRefused, listKeys, revokeKey } from '../store/keys.ts';
import { findPartner, listPartners } from '../store/partners.ts';
import {
  type CommonOptions,
  databaseOption,
  jsonOption,
  nonEmpty,
  outside,
  withDatabase,
} from './options.ts';
import { Failure, print, table, unknownPartner } from './output.ts';

export function keyCommand(): Command {
  return new Command('key')
    .description('the keys that open the API and the widgets')
    .addCommand(create())
    .addCommand(list())
    .addCommand(revoke());
}

interface CreateOptions extends CommonOptions {
  partner: string;
  label: string;
  scopes?: Scope[];
  expires?: number;
}

function create(): Command {
  return new Command('create')
    .description('make a key; it is shown this once')
    .requiredOption('--partner <partner>', 'whose key it is, ptr_…')
    .option('--label <label>', 'what it is for', nonEmpty(50), 'API Key')
    .option('--scopes <a,b>', `some of ${scopes.join(', ')}`, scopeList)
    .option('--expires <time>', 'after so many days (90d) or hours (12h)', lifetime)
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (options: CreateOptions) => {
      const { key, record } = await withDatabase(options, (database) => makeKey(database, options));
      print(
        options.json,
        { key, ...presentKey(record) },
        `${key}\n\nSave this key now: it will not be shown again. Its id is ${record.id}.`,
      );
    });
}

async function makeKey(database: Database, options: CreateOptions) {
  const now = outside.clock();
  const { partner, label, expires } = options;
  try {
    return await transact(database, async (transaction) => {
      const owner = await findPartner(transaction, partner);
      if (!owner) throw unknownPartner(partner);
      const granted =
        options.scopes ??
        defaultScopes.filter((scope) => allowances[owner.tier].scopes.includes(scope));
      const expiresAt = expires === undefined ? null : now + expires;
      return createKey(
        transaction,
        partner,
        { label, scopes: granted, expiresAt },
        now,
        outside.random,
      );
    });
  } catch (error) {
    if (error instanceof KeyRefused) throw new Failure(error.message);
    throw error;
  }
}

function scopeList(text: string): Scope[] {
  const wanted = [...new Set(text.split(',').map((scope) => scope.trim()))];
  const unknown = wanted.filter((scope) => !(scopes as readonly string[]).includes(scope));
  if (unknown.length > 0) {
    throw new InvalidArgumentError(
      `There is no scope "${unknown[0]}". There are ${scopes.join(', ')}.`,
    );
  }
  return wanted as Scope[];
}

/** Milliseconds of `90d` or `12h`. */
function lifetime(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,4})([dh])$/.exec(text) ?? [];
  if (!count)
    throw new InvalidArgumentError('It must be a number of days or hours, such as 90d or 12h.');
  return Number(count) * (unit === 'd' ? 86_400_000 : 3_600_000);
}

function list(): Command {
  return new Command('list')
    .description('list keys; the keys themselves are kept nowhere')
    .option('--partner <partner>', 'only this partner’s')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (options: CommonOptions & { partner?: string }) => {
      const keys = await withDatabase(options, (database) => keysOf(database, options.partner));
      const rows = keys.map((key) => [
        key.id,
        key.partner_id,
        `${key.prefix}…`,
        key.label,
        stateOf(key),
        key.scopes,
      ]);
      print(
        options.json,
        { keys: keys.map(presentKey) },
        rows.length > 0
          ? table(['id', 'partner', 'key', 'label', 'state', 'scopes'], rows)
          : 'No keys yet. Make one: proptally key create --partner …',
      );
    });
}

async function keysOf(database: Database, partner: string | undefined): Promise<Key[]> {
  if (partner !== undefined && !(await findPartner(database.read, partner)))
    throw unknownPartner(partner);
  const partners = partner === undefined ? await listPartners(database.read) : [{ id: partner }];
  const lists = await Promise.all(partners.map(({ id }) => listKeys(database.read, id)));
  return lists.flat();
}

function stateOf(key: Key): string {
  if (key.revoked_at !== null) return 'revoked';
  return isActive(key, outside.clock()) ? 'active' : 'expired';
}

function revoke(): Command {
  return new Command('revoke')
    .description('end a key; it is refused from the next request on')
    .argument('<key>', 'its id, key_…')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: CommonOptions) => {
      const revoked = await withDatabase(options, async (database) => {
        const key = (await keysOf(database, undefined)).find((known) => known.id === id);
        return key && revokeKey(database.write, key.partner_id, id, outside.clock());
      });
      if (revoked === undefined)
        throw new Failure(`There is no key ${id}. proptally key list shows them.`);
      print(
        options.json,
        { id, revoked: true },
        revoked ? `Revoked ${id}.` : `${id} was revoked before.`,
      );
    });
}

function presentKey(key: Key) {
  return {
    id: key.id,
    partner_id: key.partner_id,
    prefix: key.prefix,
    label: key.label,
    scopes: key.scopes.split(' '),
    is_active: isActive(key, outside.clock()),
    created_at: key.created_at,
    expires_at: key.expires_at,
  };
}
