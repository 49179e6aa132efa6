import { Command } from 'commander';
import type { AuditActor } from '../../shared/answers/audit.ts';
import { readAudit } from '../store/audit.ts';
import {
  type CommonOptions,
  databaseOption,
  jsonOption,
  knownPartner,
  wholeNumber,
  withDatabase,
} from './options.ts';
import { print, table } from './output.ts';

export function auditCommand(): Command {
  return new Command('audit')
    .description(
      'list who did what to a partner’s keys, brand, origins, tokens, addresses, sessions, users, accounts and trades',
    )
    .argument('<partner>', 'the partner’s id, ptr_…')
    .option(
      '--limit <count>',
      'how many entries to list, the newest first',
      wholeNumber(1, 1_000),
      50,
    )
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: CommonOptions & { limit: number }) => {
      const entries = await withDatabase(options, async (database) => {
        await knownPartner(database, id);
        const { limit } = options;
        return readAudit(database.read, id, { before: Number.MAX_SAFE_INTEGER, limit });
      });
      const rows = entries.map(({ at, actor, action, subject, details }) => [
        new Date(at).toISOString(),
        whoOf(actor),
        action,
        subject ?? '',
        JSON.stringify(details),
      ]);
      print(
        options.json,
        { entries },
        rows.length > 0 ? table(['when', 'who', 'what', 'to', 'details'], rows) : 'Nothing yet.',
      );
    });
}

/**
 * The actor's type and id come first, then its name. A key's label is in quotes, as it is free text
 * and could imitate the rest.
 */
function whoOf({ type, id, name, key_id }: AuditActor): string {
  const isKey = type === 'key' || key_id !== null;
  const called = isKey && name !== null ? JSON.stringify(name) : name;
  const words = [type, id, key_id && `of ${key_id}`, called];
  return words.filter((word) => word !== null).join(' ');
}
