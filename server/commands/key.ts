import { Command, InvalidArgumentError, Option } from 'commander';
import {
  allowances,
  defaultScopes,
  lifetimes,
  type Preset,
  presetNames,
  presets,
  type Scope,
  scopes,
} from '../../shared/access.ts';
import { originsOutside } from '../access/bounds.ts';
import { presentKey } from '../routes/keys.ts';
import { operator } from '../store/audit.ts';
import { type Database, transact } from '../store/database.ts';
import {
  changeKey,
  createKey,
  isActive,
  joinOrigins,
  type Key,
  type KeyChanges,
  KeyRefused,
  listKeys,
  revokeKey,
  rollKey,
} from '../store/keys.ts';
import { listPartners, type Partner } from '../store/partners.ts';
import {
  type CommonOptions,
  databaseOption,
  jsonOption,
  knownPartner,
  lifetime,
  nonEmpty,
  outside,
  readOrigins,
  withDatabase,
} from './options.ts';
import { Failure, print, table } from './output.ts';

export function keyCommand(): Command {
  return new Command('key')
    .description('the keys that open the API and the widgets')
    .addCommand(create())
    .addCommand(list())
    .addCommand(set())
    .addCommand(roll())
    .addCommand(revoke());
}

const scopesOption = () => new Option('--scopes <a,b>', `some of ${scopes.join(', ')}`);
const originsOption = () =>
  new Option('--origins <a,b>', 'pages that may show its widgets, such as https://app.example.com');
const labelOption = () => new Option('--label <label>', 'what it is for').argParser(nonEmpty(50));
const expiryOption = () =>
  new Option('--expires <time>', 'after so many days (90d) or hours (12h)').argParser(lifetime);

interface CreateOptions extends CommonOptions {
  partner: string;
  label: string;
  scopes?: Scope[];
  preset?: Preset;
  origins?: string[];
  expires?: number;
}

function create(): Command {
  return new Command('create')
    .description('make a key; it is shown this once')
    .requiredOption('--partner <partner>', 'whose key it is, ptr_…')
    .addOption(labelOption().default('API Key'))
    .addOption(scopesOption().argParser(scopeList).conflicts('preset'))
    .addOption(new Option('--preset <preset>', 'instead of scopes').choices(presetNames))
    .addOption(originsOption().argParser(readOrigins))
    .addOption(expiryOption())
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (options: CreateOptions) => {
      const now = outside.clock();
      const made = await withDatabase(options, (database) => makeKey(database, options, now));
      printKey(options, made, now, {});
    });
}

async function makeKey(database: Database, options: CreateOptions, now: number) {
  const { label, origins = [], expires } = options;
  const partner = await knownPartner(database, options.partner);
  const ofTier = allowances[partner.tier].scopes;
  const asked = options.preset ? presets[options.preset] : defaultScopes;
  const granted = options.scopes ?? asked.filter((scope) => ofTier.includes(scope));
  if (granted.length === 0)
    throw new Failure(`The ${partner.tier} tier has none of ${asked.join(', ')}.`);
  refuseOtherOrigins(partner, origins);
  const expiresAt = expires === undefined ? null : now + expires;
  return transact(database, (transaction) =>
    createKey(
      transaction,
      partner.id,
      { label, scopes: granted, expiresAt, origins },
      operator,
      now,
      outside.random,
    ),
  ).catch(explainRefusal);
}

function refuseOtherOrigins(partner: Partner, origins: readonly string[]): void {
  const others = originsOutside(partner, origins);
  if (others.length > 0)
    throw new Failure(`The partner’s own origins do not have ${others.join(', ')}.`);
}

function explainRefusal(error: unknown): never {
  if (error instanceof KeyRefused) throw new Failure(error.message);
  throw error;
}

function printKey(
  { json }: CommonOptions,
  { key, record }: { key: string; record: Key },
  now: number,
  more: object,
): void {
  print(
    json,
    { key, partner_id: record.partner_id, ...presentKey(record, now), ...more },
    `${key}\n\nSave this key now: it will not be shown again. Its id is ${record.id}.`,
  );
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

function list(): Command {
  return new Command('list')
    .description('list keys; the keys themselves are kept nowhere')
    .option('--partner <partner>', 'only this partner’s')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (options: CommonOptions & { partner?: string }) => {
      const now = outside.clock();
      const keys = await withDatabase(options, async (database) =>
        options.partner === undefined
          ? allKeys(database, now)
          : listKeys(database.read, (await knownPartner(database, options.partner)).id, now),
      );
      const rows = keys.map((key) => [
        key.id,
        key.partner_id,
        `${key.prefix}…`,
        key.label,
        stateOf(key, now),
        key.scopes,
      ]);
      print(
        options.json,
        { keys: keys.map((key) => ({ partner_id: key.partner_id, ...presentKey(key, now) })) },
        rows.length > 0
          ? table(['id', 'partner', 'key', 'label', 'state', 'scopes'], rows)
          : 'No keys yet. Make one: proptally key create --partner …',
      );
    });
}

async function allKeys(database: Database, now: number): Promise<Key[]> {
  const partners = await listPartners(database.read);
  const lists = await Promise.all(partners.map(({ id }) => listKeys(database.read, id, now)));
  return lists.flat();
}

/** Throws a Failure when there is none. */
async function knownKey(database: Database, id: string): Promise<Key> {
  const key = await database.read
    .selectFrom('keys')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (!key) throw new Failure(`There is no key ${id}. proptally key list shows them.`);
  return key;
}

function stateOf(key: Key, now: number): string {
  if (key.revoked_at !== null) return 'revoked';
  if (!isActive(key, now)) return 'expired';
  return key.replaced_by ? 'rolled' : 'active';
}

interface SetOptions extends CommonOptions {
  label?: string;
  scopes?: Scope[];
  origins?: string[];
  expires?: number;
}

function set(): Command {
  return new Command('set')
    .description('change a key; scopes can only be taken away')
    .argument('<key>', 'its id, key_…')
    .addOption(labelOption())
    .addOption(scopesOption().argParser(scopeList))
    .addOption(originsOption().argParser(readOrigins))
    .addOption(expiryOption())
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: SetOptions) => {
      const now = outside.clock();
      const changed = await withDatabase(options, async (database) => {
        const key = await knownKey(database, id);
        if (!isActive(key, now)) throw new Failure(`${id} has ended.`);
        const partner = await knownPartner(database, key.partner_id);
        const changes = changesOf(options, key, partner, now);
        return transact(database, (transaction) =>
          changeKey(transaction, partner.id, id, changes, operator, now),
        );
      });
      const { partner_id } = changed!;
      print(options.json, { partner_id, ...presentKey(changed!, now) }, `Changed ${id}.`);
    });
}

function changesOf(options: SetOptions, key: Key, partner: Partner, now: number): KeyChanges {
  const changes: KeyChanges = {};
  if (options.label) changes.label = options.label;
  if (options.scopes) {
    const more = options.scopes.filter((scope) => !key.scopes.split(' ').includes(scope));
    if (more.length > 0)
      throw new Failure(`${key.id} does not have ${more.join(', ')}. Make another key.`);
    changes.scopes = options.scopes.join(' ');
  }
  if (options.origins) {
    refuseOtherOrigins(partner, options.origins);
    changes.allowed_origins = joinOrigins(options.origins);
  }
  if (options.expires) changes.expires_at = now + options.expires;
  if (Object.keys(changes).length === 0)
    throw new Failure('Say what to change: --label, --scopes, --origins or --expires.');
  return changes;
}

function roll(): Command {
  return new Command('roll')
    .description('replace a key by a new one, which is shown this once')
    .argument('<key>', 'its id, key_…')
    .addOption(
      new Option('--overlap <seconds>', 'how long the old one goes on working')
        .default(lifetimes.overlap)
        .argParser(overlap),
    )
    .addOption(expiryOption())
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: CommonOptions & { overlap: number; expires?: number }) => {
      const now = outside.clock();
      const made = await withDatabase(options, async (database) => {
        const key = await knownKey(database, id);
        if (!isActive(key, now)) throw new Failure(`${id} has ended.`);
        if (key.replaced_by) throw new Failure(`${id} was replaced by ${key.replaced_by}.`);
        const expiresAt = options.expires === undefined ? key.expires_at : now + options.expires;
        const oldEndsAt = now + options.overlap * 1_000;
        return transact(database, (transaction) =>
          rollKey(transaction, key, { expiresAt, oldEndsAt }, operator, now, outside.random),
        ).catch(explainRefusal);
      });
      printKey(options, made, now, { replaces: { id, expires_at: made.oldEndsAt } });
    });
}

function overlap(text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds <= lifetimes.longestOverlap) return seconds;
  throw new InvalidArgumentError(`It must be 0 to ${lifetimes.longestOverlap} seconds.`);
}

function revoke(): Command {
  return new Command('revoke')
    .description('end a key; it is refused from the next request on')
    .argument('<key>', 'its id, key_…')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: CommonOptions) => {
      const revoked = await withDatabase(options, async (database) => {
        const { partner_id } = await knownKey(database, id);
        return transact(database, (transaction) =>
          revokeKey(transaction, partner_id, id, operator, outside.clock()),
        );
      });
      print(
        options.json,
        { id, revoked: true },
        revoked ? `Revoked ${id}.` : `${id} was revoked before.`,
      );
    });
}
