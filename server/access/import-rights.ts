import type { Authorize } from '../ingest/keeping.ts';
import type { ImportOptions } from '../ingest/report.ts';
import { admitManager, refuseMissingScope } from './admission.ts';
import type { Caller, Manager } from './caller.ts';
import { renewCaller } from './identify.ts';

/** Who may import files. */
export const forImporters = { scope: 'trades:write' } as const;

/** Throws a 403 unless the caller may import a file into an account, or a new one. */
export function admitImporter(caller: Caller, account: ImportOptions['account']): Manager {
  const manager = admitManager(forImporters, caller);
  if (typeof account !== 'string') refuseMissingScope(caller, ['accounts:write']);
  return manager;
}

/** Looks, in the transaction that first keeps something, whether the caller still may. */
export function authorizing(caller: Manager, account: ImportOptions['account']): Authorize {
  return async (transaction, now) => {
    admitImporter(await renewCaller(transaction, caller, now), account);
  };
}
