import { defaultLanguage } from '../../shared/language.ts';
import { escapeText } from '../../shared/markup.ts';
import type { Content } from '../answers.ts';
import { drawBox } from './page.ts';

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
    `<p>${where}If you did ask for it, sign in as <b>${escapeText(email)}</b> here. If you didn’t, close this page.</p><button type="button" class="main">Sign in</button><p role="status"></p>`,
    script,
  );
}

/**
 * A page for a link that was used, has expired or never existed, or that can't be looked up at the
 * moment.
 */
export function drawProblem(sentence: string): Content {
  return page('This link can’t be followed', `<p>${escapeText(sentence)}</p>`);
}

function page(heading: string, body: string, script?: string): Content {
  return drawBox({
    language: defaultLanguage,
    title: heading,
    styles: [],
    body: `<h1>${escapeText(heading)}</h1>${body}`,
    ...(script && { script }),
  });
}
