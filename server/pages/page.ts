import { createHash } from 'node:crypto';
import { isRightToLeft } from '../../shared/language.ts';
import { escapeText } from '../../shared/markup.ts';
import { type Content, htmlType } from '../answers.ts';

export interface Page {
  language: string;
  title: string;
  /** Style sheets, each of which has an element of its own. */
  styles: readonly string[];
  /** HTML: what else is in the head, and the body. */
  head?: string;
  body: string;
  /** A script in the page itself. */
  script?: string;
  /** Whether it loads the built files, and shows logos. */
  isBuilt?: boolean;
}

/** The colours and type of all pages, those of the widgets. */
const tokens = `:root{color-scheme:light dark;--page:light-dark(#f3f5f8,#08090b);--surface:light-dark(#fff,#111317);--line:light-dark(#e3e6ea,#262a31);--edge:light-dark(#858c97,#6b7280);--ink:light-dark(#13161b,#f3f4f6);--muted:light-dark(#5b6370,#98a0ac);--warning:light-dark(#b3261e,#ff9a90);--focus:light-dark(#3d5fdc,#8ea6ff);--accent:#3d5fdc;--on-accent:#fff;font:15px/22px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:var(--ink);background:var(--page)}body{margin:0}h1{margin:0;font-size:20px;line-height:28px;font-weight:600;letter-spacing:-.01em;overflow-wrap:anywhere}p{margin:0}button{box-sizing:border-box;font:inherit;cursor:pointer}button:disabled{opacity:.6;cursor:default}.main{min-height:44px;padding:0 20px;border:1px solid light-dark(#0000001f,#ffffff29);border-radius:10px;font-weight:600;color:var(--on-accent);background:var(--accent)}:focus-visible{outline:2px solid var(--focus);outline-offset:2px}[hidden],[role=status]:empty{display:none!important}[role=status]{color:var(--warning)}`;

const box = `body{display:grid;place-items:center;min-height:100vh}main{box-sizing:border-box;width:min(400px,100vw - 32px);margin:16px;padding:32px;border:1px solid var(--line);border-radius:16px;background:var(--surface)}h1{margin:0 0 8px;text-wrap:balance}p{margin:0 0 24px;text-wrap:pretty;color:var(--muted);overflow-wrap:anywhere}p:last-child{margin:0}b{color:var(--ink);font-weight:600}.main{width:100%}.logo{display:block;max-width:100%;height:32px;line-height:32px;margin:0 0 24px;object-fit:contain;object-position:0}:dir(rtl)>.logo{object-position:100%}[role=status]{margin:16px 0 0;color:var(--warning)}`;

/** A page with one box in its middle. */
export function drawBox({ styles, body, ...page }: Page): Content {
  return drawPage({ ...page, styles: [box, ...styles], body: `<main>${body}</main>` });
}

/** A page that nothing may frame, whose content policy allows only what is in it by its hash. */
export function drawPage(page: Page): Content {
  const { language, title, head = '', body, script, isBuilt = false } = page;
  const styles = [tokens, ...page.styles];
  const sheets = styles.map((style) => `<style>${style}</style>`).join('');
  const direction = isRightToLeft(language) ? ' dir="rtl"' : '';
  const scripts = [...(script ? [hashOf(script)] : []), ...(isBuilt ? ["'self'"] : [])];
  return {
    type: htmlType,
    body: `<!doctype html><html lang="${language}"${direction}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeText(title)}</title>${head}${sheets}</head><body>${body}${script ? `<script>${script}</script>` : ''}</body></html>`,
    headers: {
      'Content-Security-Policy': [
        "default-src 'none'",
        `script-src ${scripts.join(' ') || "'none'"}`,
        `style-src ${styles.map(hashOf).join(' ')}${isBuilt ? " 'self'" : ''}`,
        // For logos, and the icon that browsers request.
        "img-src 'self' https:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        `trusted-types ${isBuilt ? 'lit-html' : "'none'"}`,
      ].join('; '),
      // The URL may contain a link's secret.
      'Referrer-Policy': 'no-referrer',
    },
  };
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
