import { render } from '@lit-labs/ssr';
import { collectResultSync } from '@lit-labs/ssr/lib/render-result.js';
import type { WidgetAnswer } from '../shared/answers/widgets.ts';
import type { WidgetName } from '../shared/widgets.ts';
import type { WidgetElement } from './core/element.ts';
import { formatsOf } from './core/formats.ts';
import { chooseLanguage } from './core/language.ts';
import { minifyMarkup, minifyStyles } from './core/minify.ts';
import { isByApi, type Refusal } from './core/refusal.ts';
import { noticeOf } from './core/refused.ts';
import { EquityCurve } from './equity-curve/equity-curve.ts';
import { StatsCard } from './stats-card/stats-card.ts';

export interface StillRequest {
  widget: WidgetName;
  /** As they came: what is invalid counts as absent. */
  parameters: {
    theme?: string | undefined;
    accent?: string | undefined;
    palette?: string | undefined;
    /** Of figures and dates. The document's own `lang` has to be the same. */
    lang?: string | undefined;
  };
  /** One of the two is null. */
  answer: WidgetAnswer | null;
  refusal: Refusal | null;
}

export interface Still {
  /** The element with its declarative shadow root, ready to stand first in `<body>`. */
  html: string;
  /** The exact text of each `<style>` in it, for the hashes of a content policy. */
  styles: string[];
}

const elements: Partial<Record<WidgetName, new () => WidgetElement>> = {
  'equity-curve': EquityCurve as unknown as new () => WidgetElement,
  'stats-card': StatsCard as unknown as new () => WidgetElement,
};

/** Which widgets have a picture. */
export const drawable: ReadonlySet<string> = new Set(Object.keys(elements));

const sheets = new Map<WidgetName, string>();

/** A widget's answer as finished HTML, drawn by the widget's own element. `widget` is {@link drawable}. */
export function drawStill({ widget, parameters, answer, refusal }: StillRequest): Still {
  const element = new elements[widget]!();
  const lang = chooseLanguage(parameters.lang);
  element.lang = lang;
  element.accent = parameters.accent;
  element.answer = answer ?? undefined;
  if (refusal) {
    element.refusal = refusal;
    if (isByApi(refusal)) element.notice = noticeOf(refusal, formatsOf(lang, 'USD'));
  }
  const styles = [styleOf(widget)];
  const accent = element.accentProperties();
  if (accent) {
    const properties = Object.entries(accent).map(([name, value]) => `${name}:${value}`);
    styles.push(`:host{${properties.join(';')}}`);
  }
  const tag = `pt-${widget}`;
  const sheet = styles.map((text) => `<style>${text}</style>`).join('');
  const root = `<template shadowrootmode="open">${sheet}${drawRoot(element)}</template>`;
  return { html: `<${tag}${attributesOf(parameters)}>${root}</${tag}>`, styles };
}

/** The style of the document a still stands in alone. */
export function documentStyle(theme: string | undefined): string {
  const scheme = theme === 'auto' ? 'light dark' : theme === 'light' ? 'light' : 'dark';
  return `:root{color-scheme:${scheme}}body{margin:0}body>:first-child{height:100vh;height:100dvh}`;
}

function drawRoot(element: WidgetElement): string {
  const markup = collectResultSync(render(element.render()));
  // Nothing is hydrated: the element draws anew, and the marks for finding its parts are only weight.
  return minifyMarkup(markup.replace(/<!--.*?-->|<\?>/gs, '').replace(/ +(?=\/?>)/g, ''));
}

function styleOf(widget: WidgetName): string {
  let sheet = sheets.get(widget);
  if (sheet === undefined) {
    const { styles } = elements[widget] as unknown as { styles: { cssText: string }[] };
    sheet = minifyStyles(styles.map(({ cssText }) => cssText).join(''));
    sheets.set(widget, sheet);
  }
  return sheet;
}

/** Those that style depends on, and `accent` and `lang`, which the live element reads again. */
function attributesOf({ theme, palette, accent, lang }: StillRequest['parameters']): string {
  let attributes = '';
  if (theme === 'light' || theme === 'auto') attributes += ` theme="${theme}"`;
  if (palette === 'cvd') attributes += ' palette="cvd"';
  if (accent && /^[0-9a-f]{6}$/i.test(accent)) attributes += ` accent="${accent}"`;
  if (lang && /^[0-9a-z-]+$/i.test(lang)) attributes += ` lang="${lang}"`;
  return attributes;
}
