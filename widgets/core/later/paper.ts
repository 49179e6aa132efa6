import type { CSSResult, LitElement } from 'lit';

/** Between the usual margins of an A5 page, in px: the narrowest paper that is used. */
const paperWidth = 460;

/**
 * Firefox lays a page out for paper before it knows how large a card is, and never again: queries of
 * its size have no answer there. So they are answered beforehand, and their rules written out, for the
 * window's width or the paper's, whichever is less: what was laid out for less room than it gets is
 * whole, for more it isn't. Returns what takes that back.
 */
export function answerQueries(elements: readonly LitElement[]): () => void {
  const narrow = new CSSStyleSheet();
  narrow.replaceSync(`:root{max-width:${paperWidth}px!important}`);
  const adoptedStyleSheets = adoptedBy(globalThis.document);
  adoptedStyleSheets.push(narrow);
  const cards = elements.map((element) => {
    const root = element.shadowRoot!;
    return { root, before: [...root.adoptedStyleSheets], after: answered(element, root) };
  });
  adoptedStyleSheets.splice(adoptedStyleSheets.indexOf(narrow), 1);
  for (const { root, after } of cards) root.adoptedStyleSheets = [after];
  return () => {
    for (const { root, before } of cards) root.adoptedStyleSheets = before;
  };
}

/** Not by the document's own name for it, which a host page's elements can take. */
const adoptedBy = (page: Document): CSSStyleSheet[] =>
  Reflect.get(Document.prototype, 'adoptedStyleSheets', page);

/** A card's styles with none that depend on its size. */
function answered(element: LitElement, root: ShadowRoot): CSSStyleSheet {
  const box = root.querySelector('.box')!;
  const sizes = { w: box.clientWidth, h: box.clientHeight };
  const { elementStyles } = element.constructor as typeof LitElement;
  const text = elementStyles
    .map((style) => (style as CSSResult).cssText)
    .join('')
    .replace(
      /([\d.]+)cq([wh])/g,
      (_, share, side: 'w' | 'h') => `${(share * sizes[side]) / 100}px`,
    );
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  const rules = [...sheet.cssRules];
  const holds = answersOf(root, box, rules.filter(isQuery));
  // From the last on, so that places stay.
  for (const [place, rule] of [...rules.entries()].reverse()) {
    if (!isQuery(rule)) continue;
    if (holds.has(rule.containerQuery))
      for (const { cssText } of [...rule.cssRules].reverse()) sheet.insertRule(cssText, place + 1);
    sheet.deleteRule(place);
  }
  return sheet;
}

const isQuery = (rule: CSSRule): rule is CSSContainerRule => 'containerQuery' in rule;

/** The queries that hold within the box: the browser marks an item in it with each. */
function answersOf(root: ShadowRoot, box: Element, rules: CSSContainerRule[]): Set<string> {
  const queries = [...new Set(rules.map(({ containerQuery }) => containerQuery))];
  const marks = new CSSStyleSheet();
  marks.replaceSync(
    queries.map((query, index) => `@container ${query}{.asked{--q${index}:1}}`).join(''),
  );
  const asked = box.cloneNode() as Element;
  asked.className = 'asked';
  box.append(asked);
  root.adoptedStyleSheets.push(marks);
  const style = getComputedStyle(asked);
  const holds = queries.filter((_, index) => style.getPropertyValue(`--q${index}`));
  root.adoptedStyleSheets.pop();
  asked.remove();
  return new Set(holds);
}
