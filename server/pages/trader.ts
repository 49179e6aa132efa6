import { lifetimes, type Tier, tierIncludes, traderLinkMinutes } from '../../shared/access.ts';
import { escapeText } from '../../shared/markup.ts';
import { hour, second } from '../../shared/time.ts';
import { findWidget, type WidgetName } from '../../shared/widgets.ts';
import type { Content } from '../answers.ts';
import type { Partner } from '../store/partners.ts';
import { brandStyles, drawLogo, firmOf } from './brand.ts';
import { drawBox, drawPage } from './page.ts';
import { type TraderWords, traderWords } from './trader-words.ts';

/** In the order in which they are read: on a phone one below the other, else in rows. */
const shownWidgets = [
  'stats-card',
  'equity-curve',
  'drawdown-gauge',
  'recent-trades',
  'performance-summary',
  'win-streak',
  'monthly-calendar',
  'risk-metrics',
  'instrument-breakdown',
  'trade-heatmap',
] as const satisfies WidgetName[];

/** An account in the list from which a trader chooses. */
interface ListedAccount {
  id: string;
  nickname: string;
  isClosed: boolean;
}

export interface TraderPage {
  partner: Partner;
  /** The user's name; null: it has none. */
  name: string | null;
  accounts: readonly ListedAccount[];
  /** The account that is shown; null: there is none. */
  shown: ListedAccount | null;
  /** The visitor's language (BCP 47). */
  language: string;
}

const style = `.bar{display:flex;align-items:center;justify-content:space-between;gap:16px;box-sizing:border-box;min-height:64px;padding:8px max(24px,50vw - 640px);border-top:3px solid var(--accent);border-bottom:1px solid var(--line);background:var(--surface);font-weight:600}.bar bdi{min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.logo{display:block;flex:0 1 auto;min-width:0;height:32px;line-height:32px;max-width:min(240px,55vw);object-fit:contain;object-position:0}.quiet{flex:none;min-height:44px;margin-inline-end:-12px;padding:0 12px;border:0;border-radius:10px;font-weight:500;color:var(--muted);background:none}.quiet:hover{color:var(--ink);background:var(--page)}main{box-sizing:border-box;max-width:1328px;margin:0 auto;padding:20px 24px 40px}.intro{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:8px 24px;min-height:44px;margin-bottom:20px}.intro h1{flex:1 1 240px;min-width:0}.choice{display:flex;flex:0 1 auto;align-items:center;gap:12px;min-width:0;max-width:100%;color:var(--muted)}p.choice{align-items:baseline}.choice bdi{min-width:0;overflow-wrap:anywhere;font-weight:600;color:var(--ink)}select{box-sizing:border-box;flex:1 1 auto;min-width:0;width:280px;height:44px;padding-block:0;padding-inline:14px 36px;border:1px solid var(--edge);border-radius:10px;appearance:none;font:inherit;font-weight:600;text-overflow:ellipsis;color:var(--ink);background:var(--surface)}.pick{position:relative;display:flex;flex:1 1 280px;min-width:0}.pick::after{content:'';position:absolute;inset-inline-end:16px;top:15px;width:7px;height:7px;border:solid var(--muted);border-width:0 2px 2px 0;transform:rotate(45deg);pointer-events:none}@media (forced-colors:active){.pick::after{border-color:ButtonText}}.grid{display:grid;grid-template-columns:minmax(0,1fr);gap:16px}.grid>*{height:auto}.state{box-sizing:border-box;max-width:560px;margin:min(8vh,72px) auto 0;padding:48px 32px;border:1px solid var(--line);border-radius:12px;text-align:center;text-wrap:balance;background:var(--surface)}.state h2,.state h1{margin:0 0 8px;font-size:20px;line-height:28px;font-weight:600}.state p{color:var(--muted)}.state .main{display:inline-block;box-sizing:border-box;margin-top:24px;padding:10px 20px;text-decoration:none}[role=status]{margin:0 0 16px}@media (width<680px){.bar{padding:8px 16px}main{padding:16px 16px 32px}.intro{margin-bottom:16px}.choice{flex:1 1 100%;flex-direction:row}.intro h1{flex-basis:100%}}@media (width>=680px){pt-stats-card{grid-area:stats}pt-equity-curve{grid-area:curve}pt-drawdown-gauge{grid-area:gauge}pt-recent-trades{grid-area:recent}pt-performance-summary{grid-area:perf}pt-win-streak{grid-area:streak}pt-monthly-calendar{grid-area:month}pt-risk-metrics{grid-area:risk}pt-instrument-breakdown{grid-area:inst}pt-trade-heatmap{grid-area:heat}.grid{grid-template-columns:repeat(2,minmax(0,1fr));grid-template-areas:'curve curve' 'stats inst' 'gauge recent' 'streak recent' 'perf month' 'risk heat'}.few{grid-template-areas:'curve curve' 'stats perf'}}@media (width>=1100px){.grid:not(.few){grid-template-columns:repeat(3,minmax(0,1fr));grid-template-rows:320px 180px 248px 392px 232px;grid-template-areas:'stats curve curve' 'gauge recent perf' 'streak recent perf' 'month risk inst' 'heat heat heat'}.few{grid-template-rows:360px 380px}}@media print{.quiet,select{display:none}}`;

/** The page of a trader, whose script (widgets/trader/) makes the widgets live. */
export function drawTraderPage(page: TraderPage): Content {
  const { partner, name, language } = page;
  const words = traderWords(language);
  const firm = firmOf(partner);
  return drawPage({
    language: words.language,
    title: words.tradingAt(firm),
    styles: [style, ...brandStyles(partner)],
    isBuilt: true,
    head: `<link rel="stylesheet" href="/widgets.css"><link rel="modulepreload" href="/loader.js"><script type="module" src="/trader.js"></script>`,
    body: `<header class="bar">${drawLogo(partner) ?? `<bdi>${escapeText(firm)}</bdi>`}<button type="button" class="quiet" id="sign-out" data-failed="${escapeText(words.unreachable)}">${words.signOut}</button></header><main><p role="status"></p><div class="intro"><h1>${name === null ? words.yourTrading : `<bdi>${escapeText(name)}</bdi>`}</h1>${drawChoice(page, words)}</div>${drawWidgets(page, words)}</main>${drawStates(firm, words)}`,
  });
}

function drawChoice({ accounts, shown }: TraderPage, words: TraderWords): string {
  if (!shown) return '';
  if (accounts.length === 1)
    return `<p class="choice">${words.account} <bdi>${escapeText(shown.nickname)}</bdi></p>`;
  const options = (isClosed: boolean) =>
    accounts
      .filter((account) => account.isClosed === isClosed)
      .map(
        ({ id, nickname }) =>
          `<option value="${escapeText(id)}"${id === shown.id ? ' selected' : ''}>${escapeText(nickname)}</option>`,
      )
      .join('');
  const closed = options(true);
  const group = closed && `<optgroup label="${words.closed}">${closed}</optgroup>`;
  return `<div class="choice"><label for="account">${words.account}</label><span class="pick"><select id="account" autocomplete="off">${options(false)}${group}</select></span></div>`;
}

function drawWidgets({ partner, shown, language }: TraderPage, words: TraderWords): string {
  if (!shown)
    return `<section class="state"><h2>${words.noAccounts}</h2><p>${escapeText(words.noAccountsHint(isolated(firmOf(partner))))}</p></section>`;
  const names = widgetsOf(partner.tier);
  const elements = names.map(
    (name) => `<pt-${name} account-id="${escapeText(shown.id)}" theme="auto"></pt-${name}>`,
  );
  // Numbers follow the visitor's language, also where the page has no words in it.
  return `<noscript><p>${words.needsScripts}</p></noscript><div class="grid${names.length < shownWidgets.length ? ' few' : ''}" lang="${language}">${elements.join('')}</div>`;
}

function widgetsOf(tier: Tier): WidgetName[] {
  return shownWidgets.filter((name) => tierIncludes(tier, findWidget(name)!.tier));
}

/** What the script shows in place of the widgets: the session has ended, or the account is gone. */
function drawStates(firm: string, words: TraderWords): string {
  const state = (id: string, heading: string, hint: string, more = '') =>
    `<template id="${id}"><section class="state"><h1 tabindex="-1">${heading}</h1><p>${escapeText(hint)}</p>${more}</section></template>`;
  return [
    state('ended', words.signedOut, words.askFirm(isolated(firm))),
    state(
      'gone',
      words.accountGone,
      words.accountGoneHint,
      `<a class="main" href="/trader">${words.showAccounts}</a>`,
    ),
  ].join('');
}

/** A name within a sentence that may have another direction. */
function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}

const openScript = `const button=document.querySelector('button');const status=document.querySelector('[role=status]');button.addEventListener('click',async()=>{button.disabled=true;status.textContent='';try{const response=await fetch('/trader/open',{method:'POST',headers:{'Content-Type':'application/json'},body:JSON.stringify({token:new URLSearchParams(location.search).get('token')})});if(response.ok){location.replace('/trader');return}if(response.status===400){location.reload();return}}catch{}status.textContent=button.dataset.failed;button.disabled=false})`;

/** The page that a link opens. Only its button uses the link up, as programs follow links in mails. */
export function drawOpening(partner: Partner, language: string): Content {
  const words = traderWords(language);
  const firm = firmOf(partner);
  const hours = (lifetimes.traderSession * second) / hour;
  return drawBox({
    language: words.language,
    title: words.tradingAt(firm),
    styles: brandStyles(partner),
    isBuilt: false,
    body: `${drawLogo(partner) ?? ''}<h1>${escapeText(words.tradingAt(isolated(firm)))}</h1><p>${words.openHint(hours)}</p><button type="button" class="main" data-failed="${escapeText(words.unreachable)}">${words.open}</button><p role="status"></p>`,
    script: openScript,
  });
}

/** The page for a link that was used, has ended or never existed. */
export function drawEndedLink(language: string): Content {
  const words = traderWords(language);
  return drawMessage(words, words.linkEnded, words.linkEndedHint(traderLinkMinutes));
}

/** The page for somebody without a session. */
export function drawSignedOut(language: string): Content {
  const words = traderWords(language);
  return drawMessage(words, words.signedOut, words.signedOutHint);
}

/** The page when something fails, or a limit is reached. */
export function drawFailure(language: string): Content {
  const words = traderWords(language);
  return drawMessage(words, words.yourTrading, words.unreachable);
}

function drawMessage({ language }: { language: string }, heading: string, hint: string): Content {
  return drawBox({
    language,
    title: heading,
    styles: [],
    body: `<h1>${escapeText(heading)}</h1><p>${escapeText(hint)}</p>`,
  });
}
