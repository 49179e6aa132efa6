import type { App } from '../../server/app.ts';
import type { Demo } from '../fill.ts';
import type { Receiver } from '../receiver.ts';
import { renderDashboard } from './dashboard.ts';
import { dashboardScript } from './dashboard-script.ts';
import { receiverScript, renderReceiver } from './receiver.ts';
import { renderStrict } from './strict.ts';
import { pageStyles } from './styles.ts';

/** The strictest policy under which a page can embed widgets as elements and as frames. */
export const strictPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src https:',
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ');

/**
 * Adds the demo's pages to an app: a firm's dashboard at `/`, `/strict`, and `/receiver` with what the
 * firm's webhook at `/hook` was told.
 */
export function serveDemoPages(demo: Demo, receiver: Receiver): (app: App) => void {
  const files: Record<string, [type: string, body: string]> = {
    '/': ['html', renderDashboard(demo)],
    '/strict': ['html', renderStrict(demo)],
    '/receiver': ['html', renderReceiver()],
    '/demo.css': ['css', pageStyles],
    '/demo.js': ['js', dashboardScript],
    '/receiver.js': ['js', receiverScript],
  };
  return ({ koa }) => {
    koa.use(async (context, next) => {
      if (context.path === '/hook' && context.method === 'POST') {
        const isTaken = await receiver.take(context.req);
        [context.status, context.body] = isTaken ? [200, 'ok'] : [400, 'not verified'];
        return;
      }
      if (context.path === '/received') {
        context.body = receiver.after(Number(context.query.after) || 0);
        return;
      }
      const file = files[context.path];
      if (!file) return next();
      context.set('Content-Security-Policy', strictPolicy);
      context.set('Cache-Control', 'no-store');
      [context.type, context.body] = file;
    });
  };
}
