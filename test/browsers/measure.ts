/** A part of a widget's picture: its box within the widget, in px, and its own text. */
export interface Part {
  /** Its path in the tree, by tags and classes. */
  name: string;
  text: string;
  /** Whether it, its table or its chart has letters for which browsers have different fonts. */
  isForeign: boolean;
  /** Left, top, right, bottom. */
  box: [number, number, number, number];
}

/** Measures the visible parts of each widget of a page, once all of them are drawn. Runs in the page. */
export async function measure(): Promise<Record<string, Part[]>> {
  const widgets = [...document.querySelectorAll<HTMLElement>('[account-id]')] as (HTMLElement & {
    answer?: unknown;
  })[];
  const until = async (test: () => unknown, what: string) => {
    for (let tries = 0; !test(); tries++) {
      if (tries > 500) throw new Error(`Never came true: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  for (const widget of widgets) {
    widget.scrollIntoView();
    await until(() => widget.answer, widget.localName);
  }
  const chart = document.querySelector('pt-equity-curve')?.shadowRoot?.querySelector('.chart');
  if (chart) {
    for (const type of ['pointermove', 'pointerleave'])
      chart.dispatchEvent(new PointerEvent(type, { bubbles: type === 'pointermove' }));
    await until(() => chart.matches('.drawn'), 'the curve');
  }
  scrollTo(0, 0);
  const measured: Record<string, Part[]> = {};
  for (const widget of widgets) {
    const parts: Part[] = [];
    const frame = widget.getBoundingClientRect();
    const walk = (element: Element, path: string) => {
      const name = `${path} ${element.localName}${[...element.classList].map((one) => `.${one}`).join('')}`;
      // These are for screen readers alone, or have no box.
      if (element.matches('style, .visually-hidden, .tip, defs, linearGradient, pattern, mask'))
        return;
      if (!element.checkVisibility({ visibilityProperty: true })) return;
      // This is the shorter one of two texts, where the longer one is shown.
      if (element.matches('.fit > i') && !(element as HTMLElement).offsetWidth) return;
      // Without marks of direction, in which browsers differ.
      const text = [...element.childNodes]
        .map((node) => (node.nodeType === Node.TEXT_NODE ? node.textContent!.trim() : ''))
        .join('')
        .replace(/\p{Cf}/gu, '');
      const { left, top, right, bottom } = element.getBoundingClientRect();
      parts.push({
        name,
        text,
        isForeign: /\p{Script=Arabic}/u.test(
          (element.closest('table, .chart') ?? element).outerHTML,
        ),
        box: [left - frame.left, top - frame.top, right - frame.left, bottom - frame.top],
      });
      // Browsers differ in the boxes of strokes and of nested pictures.
      if (element.localName !== 'svg') for (const child of element.children) walk(child, name);
    };
    for (const child of widget.shadowRoot!.children) walk(child, '');
    measured[widget.localName] = parts;
  }
  return measured;
}
