import { createHash } from 'node:crypto';
import { defaultLanguage, isRightToLeft } from '../../shared/language.ts';
import { documentStyle, drawStill, type StillRequest } from '../../widgets/still.ts';
import { type Content, htmlType } from '../answers.ts';
import type { Files } from './files.ts';

/** After how many seconds a shell that a failure of ours kept empty tries again. */
const retryAfterFailure = 30;

interface Surroundings {
  /** Which pages may frame it, as a content policy writes it. */
  frameAncestors: string;
  /** Where the world finds this server: an origin. */
  publicUrl: string;
  files: Files;
}

/**
 * The document of an iframe: the widget's finished picture, the answer it was drawn from, and last, as
 * the picture needs none of it, the script that makes it live. Its content policy allows nothing else.
 */
export function drawShell(request: StillRequest, around: Surroundings): Content {
  const { widget, parameters, answer, refusal, now } = request;
  const { lang = defaultLanguage } = parameters;
  const still = drawStill(request);
  const page = documentStyle(parameters.theme, still.height);
  const { frames, words } = around.files;
  const { script, imports } = frames[widget]!;
  // English ones are in the script, and a shell without an answer never draws again.
  const spoken = answer && words[still.spoken];
  const later = 'fetchpriority="low"';
  const preloads = [...imports, ...(spoken ? [spoken] : [])].map(
    (file) => `<link rel="modulepreload" ${later} href="/${file}">`,
  );
  // Says too that the still is all there, which its style waits for.
  const inlined = answer
    ? `<script type="application/json" id="answer" data-now="${now}"${spoken ? ` data-language="${still.spoken}" data-words="/${spoken}"` : ''}>${inline(answer)}</script>`
    : '<template></template>';
  return {
    type: htmlType,
    body: `<!doctype html><html lang="${lang}"${isRightToLeft(lang) ? ' dir="rtl"' : ''}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${still.title}</title><style>${page}</style></head><body>${still.html}${inlined}${preloads.join('')}<script type="module" ${later} src="/${script}"></script></body></html>`,
    headers: {
      'Content-Security-Policy': contentPolicy([page, ...still.styles], around),
      // A page that isolates itself shows only frames that do so too. Not every browser knows the word
      // that leaves room for a logo.
      'Cross-Origin-Embedder-Policy': still.hasLogo ? 'credentialless' : 'require-corp',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      // The address holds the key; the shell's own requests must not carry it into a log.
      'Referrer-Policy': 'no-referrer',
      ...(refusal && tryingAgain(refusal)),
    },
  };
}

/** A failure of ours passes, and so does a burst: the frame is loaded again by itself. */
function tryingAgain({
  status,
  code,
  retryAfter,
}: NonNullable<StillRequest['refusal']>): Record<string, string> {
  if (status >= 500) return { Refresh: String(retryAfterFailure) };
  return code === 'too_many_requests' && retryAfter ? { Refresh: String(retryAfter) } : {};
}

/** In a frame with a `sandbox` some browsers take `'self'` for nothing: the origin is named too. */
function contentPolicy(
  styles: readonly string[],
  { frameAncestors, publicUrl }: Surroundings,
): string {
  const hashes = styles.map(
    (style) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src 'self' ${publicUrl}`,
    `style-src ${hashes.join(' ')}`,
    "img-src 'self' https:",
    `connect-src 'self' ${publicUrl}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frameAncestors}`,
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; ');
}

/** JSON that no text in it can end the script of. */
function inline(value: object): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
