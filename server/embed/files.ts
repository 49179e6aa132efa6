import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Middleware } from 'koa';
import { chooseEncoding, StaticContent, send } from '../answers.ts';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ico': 'image/x-icon',
  '.html': 'text/html; charset=utf-8',
};

/** The content policy of the one built page, the widget builder. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Logos, and the page's own icon.
  "img-src 'self' https:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // The builder and the elements it shows each create a policy of this name.
  "trusted-types lit-html 'allow-duplicates'",
].join('; ');

/** The files of a widget's shell, as paths. */
export interface FrameFiles {
  script: string;
  /** What the script imports statically, to be preloaded with it. */
  imports: readonly string[];
}

/** Which of the built files a shell loads. */
export interface FrameManifest {
  /** An id of this build. */
  readonly edition: string;
  /** By widget. */
  readonly frames: Readonly<Record<string, FrameFiles>>;
  /** By language, except English: the module with a shell's words, as a path. */
  readonly words: Readonly<Record<string, string>>;
}

/** The built files a browser loads, held in memory. */
export interface Files extends FrameManifest {
  /** By the path of the URL. */
  readonly files: ReadonlyMap<string, StaticContent>;
}

/** Reads the folder that `npm run build` wrote. Throws when it is not there. */
export function readFiles(folder: string): Files {
  if (!existsSync(folder)) {
    throw new Error(`The widgets are not built: ${folder} is missing. Run: npm run build`);
  }
  const files = new Map<string, StaticContent>();
  const edition = createHash('sha256');
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = types[path.extname(entry.name)];
    if (!entry.isFile() || !type) continue;
    const file = path.join(entry.parentPath, entry.name);
    const name = `/${path.relative(folder, file).split(path.sep).join('/')}`;
    const body = readFileSync(file);
    const headers = {
      ...caching(name),
      ...(name.endsWith('.html') && { 'Content-Security-Policy': pagePolicy }),
    };
    const address = name.replace(/\.html$/, '');
    const hash = digest(body);
    files.set(address, new StaticContent({ type, body, headers }, hash));
    edition.update(`${address} ${hash}\n`);
  }
  const manifest = readFileSync(path.join(folder, 'manifest.json'), 'utf8');
  return {
    files,
    edition: edition.digest('base64url').slice(0, 12),
    ...(JSON.parse(manifest) as Omit<FrameManifest, 'edition'>),
  };
}

/**
 * A file with a hash in its name never changes. The others are cached briefly, so that embeds get
 * updates by themselves.
 */
function caching(address: string): Record<string, string> {
  return {
    'Cache-Control': address.startsWith('/assets/')
      ? 'public, max-age=31536000, immutable'
      : 'public, max-age=300, stale-while-revalidate=86400',
    Vary: 'Accept-Encoding',
    'Access-Control-Allow-Origin': '*',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  };
}

function digest(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Middleware that serves the files. */
export function serveFiles({ files }: Files): Middleware {
  return async (context, next) => {
    const file = files.get(context.path);
    if (!file) return next();
    if (context.method === 'GET' || context.method === 'HEAD') {
      return send(context, await file.as(chooseEncoding(context)));
    }
    context.set('Allow', 'HEAD, GET');
    context.status = 405;
  };
}
