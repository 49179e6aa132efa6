import type { Middleware } from 'koa';
import type { Database } from '../store/database.ts';

/** Whether the server answers and can read its database: 200, or 503 by the error handler. */
export function health(database: Database): Middleware {
  return async (context) => {
    await database.read.selectFrom('partners').select('id').limit(1).execute();
    context.set('Cache-Control', 'no-store');
    context.body = { status: 'ok' };
  };
}
