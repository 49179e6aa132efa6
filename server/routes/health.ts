import type { Context } from 'koa';
import { json } from '../answers.ts';
import { Refusal } from '../refusal.ts';
import type { Database } from '../store/database.ts';

const ok = json({ status: 'ok' });

function answerOk(context: Context): void {
  context.res.setHeader('content-type', ok.type);
  context.body = ok.body;
}

/** Whether the process is alive. Does not use the database. */
export const health = answerOk;

/**
 * Whether the server can do its work: a 503 when the database can't be read, or when this process's
 * last write failed. It writes nothing itself. After a failure, app.ts tries a write every few
 * seconds, and that ends the 503.
 */
export function readiness({ read, outcomes }: Database) {
  return async (context: Context): Promise<void> => {
    await read.selectFrom('partners').select('id').limit(1).execute();
    if (outcomes.writeFailed) {
      throw new Refusal(503, 'storage_unavailable', 'The data could not be written last time.', {
        headers: { 'Retry-After': '5' },
      });
    }
    answerOk(context);
  };
}
