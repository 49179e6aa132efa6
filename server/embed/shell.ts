import { createHash } from 'node:crypto';
import { defaultLanguage, isRightToLeft } from '../../shared/language.ts';
import { documentStyle, drawStill, type StillRequest } from '../../widgets/still.ts';
import { type Content, htmlType } from '../answers.ts';
import type { FrameManifest } from './files.ts';

/** After how many seconds a shell that shows a server error is loaded again. */
const retryAfterFailure = 30;

interface Surroundings {
  /** The pages that may frame it, as the CSP directive `frame-ancestors` has it. */
  frameAncestors: string;
  /** This server's public origin. */
  publicUrl: string;
  files: FrameManifest;
}

/**
 * The document of a widget's iframe: the still, the answer it was drawn from, and last, as the
 * still does not need it, the script that makes it live. The content policy allows nothing else.
 */
export function drawShell(request: StillRequest, around: Surroundings): Content {
  const { widget, parameters, answer, refusal, now } = request;
  const { lang = defaultLanguage } = parameters;
  const still = drawStill(request);
  const page = documentStyle(parameters.theme, still.height);
  const { frames, words } = around.files;
  const { script, imports } = frames[widget]!;
  // English words are in the script, and a shell without an answer is never drawn again.
  const spoken = answer && words[still.spoken];
  const later = 'fetchpriority="low"';
  const preloads = [...imports, ...(spoken ? [spoken] : [])].map(
    (file) => `<link rel="modulepreload" ${later} href="/${file}">`,
  );
  // Any element after the still shows that all of it has arrived. Until then its style hides it.
  const inlined = answer
    ? `<script type="application/json" id="answer" data-now="${now}"${spoken ? ` data-language="${still.spoken}" data-words="/${spoken}"` : ''}>${inline(answer)}</script>`
    : '<template></template>';
  return {
    type: htmlType,
    body: `<!doctype html><html lang="${lang}"${isRightToLeft(lang) ? ' dir="rtl"' : ''}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${still.title}</title><style>${page}</style></head><body>${still.html}${inlined}${preloads.join('')}<script type="module" ${later} src="/${script}"></script></body></html>`,
    headers: {
      'Content-Security-Policy': contentPolicy([page, ...still.styles], around),
      // A cross-origin isolated page shows only frames that have this header, too. With
      // `require-corp` a logo of another origin would be blocked; not every browser supports
      // `credentialless`.
      'Cross-Origin-Embedder-Policy': still.hasLogo ? 'credentialless' : 'require-corp',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      // The URL contains the key. The shell's own requests must not put it into a log by their
      // Referer.
      'Referrer-Policy': 'no-referrer',
      ...(refusal && tryingAgain(refusal)),
    },
  };
}

/** Loads the frame again after a server error or a rate limit, as both pass. */
function tryingAgain({
  status,
  code,
  retryAfter,
}: NonNullable<StillRequest['refusal']>): Record<string, string> {
  if (status >= 500) return { Refresh: String(retryAfterFailure) };
  return code === 'too_many_requests' && retryAfter ? { Refresh: String(retryAfter) } : {};
}

/** Some browsers ignore `'self'` in a frame with a `sandbox`, so the origin is named, too. */
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

/** JSON in which no text can end the script element around it. */
function inline(value: object): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
