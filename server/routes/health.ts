import type { Context, Middleware } from 'koa';
import { Refusal } from '../refusal.ts';
import type { Database } from '../store/database.ts';

/** That the process answers: the database is not asked. */
export function health(context: Context): void {
  context.body = { status: 'ok' };
}

/**
 * Whether the server can do its work: a 503 when the database can't be read, or the last write of
 * this process failed. Writes nothing; the next write of its own, which comes within seconds
 * (app.ts), tells whether that is over.
 */
export function readiness({ read, outcomes }: Database): Middleware {
  return async (context) => {
    await read.selectFrom('partners').select('id').limit(1).execute();
    if (outcomes.writeFailed) {
      throw new Refusal(503, 'storage_unavailable', 'The data could not be written last time.', {
        headers: { 'Retry-After': '5' },
      });
    }
    context.body = { status: 'ok' };
  };
}
