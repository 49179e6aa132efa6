import Router from '@koa/router';
import type Koa from 'koa';
import type { Context, Middleware } from 'koa';
import { widgetNames } from '../shared/widgets.ts';
import type { PathParameters } from './route.ts';

export type Serve = (context: Context, parameters: PathParameters) => void | Promise<void>;

/**
 * Paths match only as they are written: with the same case, and the same trailing slash or none.
 */
const oneSpelling = { sensitive: true, strict: true };

/**
 * Finds what serves a request. A router tries its routes one by one, which takes as long as an
 * answer from memory does, so what is asked most is looked up by its path before.
 */
export class Routes {
  readonly #router = new Router(oneSpelling);
  readonly #frequent = new Map<string, (context: Context) => void | Promise<void>>();

  /** The pattern of the path is left in `state.route`, for the log. */
  add(method: string, path: string, serve: Serve, isFrequent = false): void {
    const at = (context: Context, parameters: PathParameters) => {
      context.state.route = path;
      return serve(context, parameters);
    };
    this.#router.register(path, [method], (context) => at(context, context.params));
    if (!isFrequent) return;
    for (const widget of path.includes(':widget') ? widgetNames : [null]) {
      const parameters = widget === null ? {} : { widget };
      this.#frequent.set(path.replace(':widget', widget ?? ''), (context) =>
        at(context, parameters),
      );
    }
  }

  /** To be called once, after all were added. */
  serveBy(koa: Koa): void {
    const frequent: Middleware = (context, next) => {
      const { method } = context.req;
      const serve = this.#frequent.get(context.path);
      return serve && (method === 'GET' || method === 'HEAD') ? serve(context) : next();
    };
    koa.use(frequent);
    koa.use(this.#router.routes());
    koa.use(this.#router.allowedMethods());
  }
}
