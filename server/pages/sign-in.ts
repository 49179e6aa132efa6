import { createHash } from 'node:crypto';
import { escapeText } from '../../shared/markup.ts';
import { type Content, htmlType } from '../answers.ts';

const style = `:root{color-scheme:light dark;font:15px/22px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:light-dark(#13161b,#f3f4f6);background:light-dark(#f3f5f8,#08090b)}body{display:grid;place-items:center;min-height:100vh;margin:0}main{box-sizing:border-box;width:min(400px,100vw - 32px);margin:16px;padding:32px;border:1px solid light-dark(#e3e6ea,#262a31);border-radius:16px;background:light-dark(#fff,#111317)}h1{margin:0 0 8px;font-size:20px;line-height:28px;letter-spacing:-.01em;overflow-wrap:anywhere}p{margin:0 0 24px;color:light-dark(#5b6370,#98a0ac);overflow-wrap:anywhere}p:last-child{margin:0}b{color:light-dark(#13161b,#f3f4f6);font-weight:600}button{width:100%;min-height:44px;border:0;border-radius:10px;font:inherit;font-weight:600;color:#fff;background:#3d5fdc;cursor:pointer}button:disabled{opacity:.6;cursor:default}:focus-visible{outline:2px solid light-dark(#3d5fdc,#8ea6ff);outline-offset:2px}[role=status]:empty{display:none}[role=status]{margin:16px 0 0;color:light-dark(#b3261e,#ff9a90)}`;

const script = `const button=document.querySelector('button');const status=document.querySelector('[role=status]');button.addEventListener('click',async()=>{button.disabled=true;status.textContent='';try{const response=await fetch('/api/partner/auth/verify',{method:'POST',headers:{'Content-Type':'application/json'},body:JSON.stringify({token:new URLSearchParams(location.search).get('token')})});if(response.ok){location.replace('/api/partner/dashboard');return}status.textContent=(await response.json()).error}catch{status.textContent='The server could not be reached. Try again.'}button.disabled=false})`;

/**
 * A page that asks whether to sign in. It is shown when a link is opened in another browser than
 * the one that asked for it, or is loaded without being followed. `isAsker`: whether it is the
 * browser that asked.
 */
export function drawSignIn(partnerName: string, email: string, isAsker: boolean): Content {
  const where = isAsker ? '' : 'This link wasn’t asked for in this browser. ';
  return page(
    `Sign in to ${partnerName}`,
    `<p>${where}If you did ask for it, sign in as <b>${escapeText(email)}</b> here. If you didn’t, close this page.</p><button type="button">Sign in</button><p role="status"></p><script>${script}</script>`,
  );
}

/**
 * A page for a link that was used, has expired or never existed, or that can't be looked up at the
 * moment.
 */
export function drawProblem(sentence: string): Content {
  return page('This link can’t be followed', `<p>${escapeText(sentence)}</p>`);
}

function page(title: string, body: string): Content {
  const heading = escapeText(title);
  return {
    type: htmlType,
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${heading}</title><style>${style}</style></head><body><main><h1>${heading}</h1>${body}</main></body></html>`,
    headers: {
      'Content-Security-Policy': [
        "default-src 'none'",
        `script-src ${hashOf(script)}`,
        `style-src ${hashOf(style)}`,
        // For the icon that browsers request.
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
      // The URL contains the link's secret.
      'Referrer-Policy': 'no-referrer',
    },
  };
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
