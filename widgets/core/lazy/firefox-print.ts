import type { CSSResult, LitElement } from 'lit';

/** The width of an A5 page between its usual margins, in px: the narrowest paper in use. */
const paperWidth = 460;

/**
 * Firefox lays a page out for paper before it knows the size of its containers, so that no container
 * query matches. Their rules are therefore written out beforehand, for the width of the window or of
 * the paper, whichever is less: a card laid out for less room than it gets is complete, for more it is
 * cut. Returns a function that undoes it.
 */
export function inlineContainerQueries(elements: readonly LitElement[]): () => void {
  const narrow = new CSSStyleSheet();
  narrow.replaceSync(`:root{max-width:${paperWidth}px!important}`);
  const adoptedStyleSheets = adoptedBy(globalThis.document);
  adoptedStyleSheets.push(narrow);
  const cards = elements.map((element) => {
    const root = element.shadowRoot!;
    return { root, before: [...root.adoptedStyleSheets], after: withoutQueries(element, root) };
  });
  adoptedStyleSheets.splice(adoptedStyleSheets.indexOf(narrow), 1);
  for (const { root, after } of cards) root.adoptedStyleSheets = [after];
  return () => {
    for (const { root, before } of cards) root.adoptedStyleSheets = before;
  };
}

/** By the prototype, as an element of the host page may have that name (DOM clobbering). */
const adoptedBy = (page: Document): CSSStyleSheet[] =>
  Reflect.get(Document.prototype, 'adoptedStyleSheets', page);

/** A card's styles with none that depend on its size. */
function withoutQueries(element: LitElement, root: ShadowRoot): CSSStyleSheet {
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
  const matching = matchingQueries(root, box, rules.filter(isQuery));
  // From the last on, so that the places of the others stay.
  for (const [place, rule] of [...rules.entries()].reverse()) {
    if (!isQuery(rule)) continue;
    if (matching.has(rule.containerQuery))
      for (const { cssText } of [...rule.cssRules].reverse()) sheet.insertRule(cssText, place + 1);
    sheet.deleteRule(place);
  }
  return sheet;
}

const isQuery = (rule: CSSRule): rule is CSSContainerRule => 'containerQuery' in rule;

/** The queries that match within the box: each sets a property on a probe element. */
function matchingQueries(root: ShadowRoot, box: Element, rules: CSSContainerRule[]): Set<string> {
  const queries = [...new Set(rules.map(({ containerQuery }) => containerQuery))];
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    queries.map((query, index) => `@container ${query}{.probe{--q${index}:1}}`).join(''),
  );
  const probe = box.cloneNode() as Element;
  probe.className = 'probe';
  box.append(probe);
  root.adoptedStyleSheets.push(sheet);
  const style = getComputedStyle(probe);
  const matching = queries.filter((_, index) => style.getPropertyValue(`--q${index}`));
  root.adoptedStyleSheets.pop();
  probe.remove();
  return new Set(matching);
}
