import { render } from '@lit-labs/ssr';
import { collectResultSync } from '@lit-labs/ssr/lib/render-result.js';
import type { WidgetAnswer } from '../shared/answers/widgets.ts';
import type { WidgetName } from '../shared/widgets.ts';
import { loadVocabulary } from './core/all-languages.ts';
import type { WidgetElement } from './core/element.ts';
import { accentOf } from './core/lazy/accent.ts';
import { drawNothingYet, drawRefusal } from './core/lazy/states.ts';
import { provide } from './core/on-demand.ts';
import type { Refusal } from './core/refusal.ts';
import { elements } from './elements.ts';
import { languages } from './languages/index.ts';
import { minifyStyles } from './minify-styles.ts';

export interface StillRequest {
  widget: WidgetName;
  /** As in the address: invalid ones count as absent. */
  parameters: {
    theme?: string | undefined;
    accent?: string | undefined;
    palette?: string | undefined;
    /** The document's `lang` must be the same. */
    lang?: string | undefined;
    timezone?: string | undefined;
  };
  /** The moment from which ages are counted, in epoch ms. */
  now: number;
  /** One of the two is null. */
  answer: WidgetAnswer | null;
  refusal: Refusal | null;
}

export interface Still {
  /** The element with its declarative shadow root, to be the first in `<body>`. */
  html: string;
  /** The language that its words are in. */
  spoken: string;
  /** The document's title. */
  title: string;
  /** The height its document's root is to have, in px. */
  height: number;
  /** Whether it shows a logo, which is of another origin. */
  hasLogo: boolean;
  /** The exact text of each `<style>` in it, for the hashes of a content policy. */
  styles: string[];
}

provide({ states: { drawNothingYet, drawRefusal } });
await Promise.all(Object.keys(languages).map(loadVocabulary));

const sheets = new Map<WidgetName, string>();

/** Draws a widget's answer as finished HTML, by the widget's own element. */
export function drawStill(request: StillRequest): Still {
  const { widget, parameters, answer, refusal, now } = request;
  const element: WidgetElement = new elements[widget]() as unknown as WidgetElement;
  element.lang = parameters.lang ?? '';
  element.theme = parameters.theme;
  element.timezone = parameters.timezone;
  element.clockSkew = now - Date.now();
  element.level = 1;
  element.answer = answer ?? undefined;
  element.refusal = refusal ?? undefined;
  const styles = [styleOf(widget)];
  const accent = accentOf(parameters.accent) ?? accentOf(answer?.branding.primary_color);
  if (accent) {
    const properties = Object.entries(accent).map(([name, value]) => `${name}:${value}`);
    styles.push(`.box{${properties.join(';')}}`);
  }
  const tag = `pt-${widget}`;
  const sheet = styles.map((text) => `<style>${text}</style>`).join('');
  const root = `<template shadowrootmode="open">${sheet}${drawRoot(element)}</template>`;
  const html = `<${tag} role="main"${attributesOf(parameters)}>${root}</${tag}>`;
  return {
    html,
    spoken: element.spoken()!,
    title: element.heading(),
    height: element.naturalHeight(),
    hasLogo: html.includes('<img '),
    styles,
  };
}

/**
 * The style of a document with nothing but a still. The picture fills the frame, whatever its height;
 * the root's box has the height that the frame should have. The picture is hidden until something
 * follows the still, that is until all of it has arrived: half a picture would move.
 */
export function documentStyle(theme: string | undefined, height: number): string {
  const scheme = theme === 'auto' ? 'light dark' : theme === 'light' ? 'light' : 'dark';
  return `:root{color-scheme:${scheme};height:${height}px;max-height:100vh;overflow:hidden}body{margin:0}body>:first-child{height:100vh;height:100dvh}body:not(:has(*+*)){--arriving:hidden}@media print{:root{color-scheme:light}}`;
}

function drawRoot(element: WidgetElement): string {
  const markup = collectResultSync(render(element.render()));
  // Without Lit's markers for hydration: the live element draws everything again.
  return markup.replace(/<!--.*?-->|<\?>/gs, '').replace(/ +(?=\/?>)/g, '');
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

/** Those that styles depend on, and `accent` and `lang`, which the live element reads. */
function attributesOf({ theme, palette, accent, lang }: StillRequest['parameters']): string {
  let attributes = '';
  if (theme === 'light' || theme === 'auto') attributes += ` theme="${theme}"`;
  if (palette === 'cvd') attributes += ' palette="cvd"';
  if (accent && /^[0-9a-f]{6}$/i.test(accent)) attributes += ` accent="${accent}"`;
  if (lang && /^[0-9a-z-]+$/i.test(lang)) attributes += ` lang="${lang}"`;
  return attributes;
}
