import type { Context, Middleware } from 'koa';
import { methodNotAllowed } from './refusal.ts';
import type { PathParameters } from './route.ts';

export type Serve = (context: Context, parameters: PathParameters) => void | Promise<void>;

/** What is served under a path. */
interface Place {
  path: string;
  methods: Map<string, Serve>;
}

const none: PathParameters = {};

/**
 * Finds what serves a request by its method and path. Paths match only as they are written: with
 * the same case, and the same trailing slash or none. Most have no parameters and are looked up.
 */
export class Router {
  readonly #fixed = new Map<string, Place>();
  readonly #patterns = new Map<string, { pattern: RegExp; place: Place }>();

  /** `path`: `:name` stands for a parameter, which ends at the next slash. */
  add(method: string, path: string, serve: Serve): void {
    const isFixed = !path.includes(':');
    const known = isFixed ? this.#fixed.get(path) : this.#patterns.get(path)?.place;
    const place = known ?? { path, methods: new Map() };
    place.methods.set(method, serve);
    if (isFixed) this.#fixed.set(path, place);
    else {
      const pattern = new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
      this.#patterns.set(path, { pattern, place });
    }
  }

  /** Middleware that serves what was added. The path's pattern is left in `state.route`. */
  routes(): Middleware {
    return (context, next) => {
      const { path } = context;
      const fixed = this.#fixed.get(path);
      if (fixed) return serveAt(fixed, context, none);
      for (const { pattern, place } of this.#patterns.values()) {
        const match = pattern.exec(path);
        if (match) return serveAt(place, context, decoded(match.groups!));
      }
      return next();
    };
  }
}

function serveAt({ path, methods }: Place, context: Context, parameters: PathParameters) {
  const { method } = context.req;
  const serve = methods.get(method === 'HEAD' ? 'GET' : method!);
  if (serve) {
    context.state.route = path;
    return serve(context, parameters);
  }
  const allowed = [...methods.keys()].flatMap((name) => (name === 'GET' ? ['HEAD', name] : [name]));
  if (method !== 'OPTIONS') throw methodNotAllowed(allowed);
  context.status = 200;
  context.set('Allow', allowed.join(', '));
  context.body = '';
}

function decoded(groups: Readonly<Record<string, string>>): PathParameters {
  const parameters: Record<string, string> = {};
  for (const name in groups) parameters[name] = decode(groups[name]!);
  return parameters;
}

/** Text that is not percent-encoded UTF-8 stays as it is: it is the name of nothing. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
