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
  withIncluded,
} from '../../shared/access.ts';
import { second } from '../../shared/time.ts';
import { keyLabel } from '../fields.ts';
import { presentKey } from '../routes/keys.ts';
import { operator } from '../store/audit.ts';
import { type Database, type Queries, transact } from '../store/database.ts';
import {
  changeKey,
  createKey,
  hasEnded,
  type Key,
  listKeys,
  refuseOtherOrigins,
  revokeKey,
  rollKey,
} from '../store/keys.ts';
import { findPartner, listPartners } from '../store/partners.ts';
import {
  asLongAsItTakes,
  type CommonOptions,
  databaseOption,
  jsonOption,
  knownPartner,
  lifetime,
  outside,
  readAs,
  readOrigins,
  withDatabase,
} from './options.ts';
import { Failure, print, table, unknownPartner } from './output.ts';

export function keyCommand(): Command {
  return new Command('key')
    .description('create, list and change keys to the API and the widgets')
    .addCommand(create())
    .addCommand(list())
    .addCommand(set())
    .addCommand(roll())
    .addCommand(revoke());
}

const scopesOption = () =>
  new Option('--scopes <a,b>', `what the key may do, separated by commas; of ${scopes.join(', ')}`);
const originsOption = () =>
  new Option(
    '--origins <a,b>',
    'the origins of the pages that may show widgets with the key, separated by commas, such as https://app.example.com; or any',
  );
const labelOption = () =>
  new Option('--label <label>', 'what the key is for').argParser(readAs(keyLabel));
const expiryOption = () =>
  new Option(
    '--expires <time>',
    'when the key expires: in so many days (90d) or hours (12h), or never',
  ).argParser(lifetimeOrNever);

/** In ms. `never` is an object, as Commander takes a bare null for an empty text. */
type Lifetime = number | { never: true };

function lifetimeOrNever(text: string): Lifetime {
  return text === 'never' ? { never: true } : lifetime(text);
}

function endOf(life: Lifetime | null, now: number): number | null {
  return typeof life === 'number' ? now + life : null;
}

interface CreateOptions extends CommonOptions {
  partner: string;
  label: string;
  scopes?: Scope[];
  preset?: Preset;
  origins?: string[];
  expires?: Lifetime;
}

function create(): Command {
  return new Command('create')
    .description('create a key, which is shown only once')
    .requiredOption('--partner <partner>', 'the id of the key’s partner, ptr_…')
    .addOption(labelOption().default('API Key'))
    .addOption(scopesOption().argParser(scopeList).conflicts('preset'))
    .addOption(
      new Option('--preset <preset>', 'a set of scopes, instead of --scopes').choices(presetNames),
    )
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

function makeKey(database: Database, options: CreateOptions, now: number) {
  const { label, origins = [], expires } = options;
  return transact(database, async (transaction) => {
    const partner = await findPartner(transaction, options.partner);
    if (!partner) throw unknownPartner(options.partner);
    const ofTier = allowances[partner.tier].scopes;
    const asked = options.preset ? presets[options.preset] : defaultScopes;
    const granted = options.scopes ?? withIncluded(asked.filter((scope) => ofTier.includes(scope)));
    if (granted.length === 0)
      throw new Failure(`The ${partner.tier} tier has none of ${asked.join(', ')}.`);
    refuseOtherOrigins(partner, origins);
    const expiresAt = endOf(expires ?? null, now);
    const wanted = { label, scopes: granted, expiresAt, origins };
    return createKey(transaction, partner.id, wanted, operator, now, outside.random);
  });
}

function printKey(
  { json }: CommonOptions,
  { key, record }: { key: string; record: Key },
  now: number,
  more: object,
): void {
  print(json, { key, partner_id: record.partner_id, ...presentKey(record, now), ...more }, [
    key,
    '',
    `Save this key now: it will not be shown again. Its id is ${record.id}.`,
  ]);
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
    .description('list keys; the keys themselves are not stored')
    .option('--partner <partner>', 'list only the keys of this partner, ptr_…')
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

/** The key with an id, of any partner. Throws a Failure when there is none. */
async function knownKey(database: Queries, id: string): Promise<Key> {
  const key = await database.selectFrom('keys').selectAll().where('id', '=', id).executeTakeFirst();
  if (!key) throw new Failure(`There is no key ${id}. proptally key list shows them.`);
  return key;
}

function stateOf(key: Key, now: number): string {
  if (key.revoked_at !== null) return 'revoked';
  if (hasEnded(key, now)) return 'expired';
  if (key.paused_at !== null) return 'paused';
  return key.replaced_by ? 'rolled' : 'active';
}

interface SetOptions extends CommonOptions {
  label?: string;
  scopes?: Scope[];
  origins?: string[];
  expires?: Lifetime;
  active?: 'true' | 'false';
}

function set(): Command {
  return new Command('set')
    .description('change, pause or resume a key')
    .argument('<key>', 'the key’s id, key_…')
    .addOption(labelOption())
    .addOption(scopesOption().argParser(scopeList))
    .addOption(originsOption().argParser(readOrigins))
    .addOption(expiryOption())
    .addOption(
      new Option(
        '--active <boolean>',
        'false pauses the key, so that it is refused; true resumes it',
      ).choices(['true', 'false']),
    )
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: SetOptions) => {
      const { label, scopes, origins, expires, active } = options;
      if (!label && !scopes && !origins && !active && expires === undefined)
        throw new Failure(
          'Say what to change: --label, --scopes, --origins, --expires or --active.',
        );
      const now = outside.clock();
      const expiresAt = expires === undefined ? undefined : endOf(expires, now);
      const isActive = active && active === 'true';
      const changes = { label, scopes, origins, expiresAt, isActive };
      const changed = await withDatabase(options, (database) =>
        transact(
          database,
          async (transaction) =>
            changeKey(transaction, await knownKey(transaction, id), changes, operator, now),
          active === 'false' ? asLongAsItTakes : undefined,
        ),
      );
      const { partner_id } = changed;
      print(options.json, { partner_id, ...presentKey(changed, now) }, `Changed ${id}.`);
    });
}

function roll(): Command {
  return new Command('roll')
    .description('replace a key with a new one, which is shown only once')
    .argument('<key>', 'the key’s id, key_…')
    .addOption(
      new Option('--overlap <seconds>', 'how many seconds the old key stays valid')
        .default(lifetimes.overlap)
        .argParser(overlap),
    )
    .addOption(expiryOption())
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(
      async (id: string, options: CommonOptions & { overlap: number; expires?: Lifetime }) => {
        const now = outside.clock();
        const overlap = options.overlap * second;
        const made = await withDatabase(options, (database) =>
          transact(database, async (transaction) => {
            const old = await knownKey(transaction, id);
            const { expires } = options;
            const expiresAt = expires === undefined ? old.expires_at : endOf(expires, now);
            const life = { expiresAt, overlap };
            return rollKey(transaction, old, life, operator, now, outside.random);
          }),
        );
        printKey(options, made, now, { replaces: { id, expires_at: made.oldEndsAt } });
      },
    );
}

function overlap(text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds <= lifetimes.longestOverlap) return seconds;
  throw new InvalidArgumentError(`It must be 0 to ${lifetimes.longestOverlap} seconds.`);
}

function revoke(): Command {
  return new Command('revoke')
    .description('revoke a key; it is refused from the next request on')
    .argument('<key>', 'the key’s id, key_…')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: CommonOptions) => {
      const revoked = await withDatabase(options, (database) =>
        transact(
          database,
          async (transaction) =>
            revokeKey(transaction, await knownKey(transaction, id), operator, outside.clock()),
          asLongAsItTakes,
        ),
      );
      print(
        options.json,
        { id, revoked: true },
        revoked ? `Revoked ${id}.` : `${id} was revoked before.`,
      );
    });
}
