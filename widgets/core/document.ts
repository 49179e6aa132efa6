/**
 * What stands for `document` in all that is bundled (vite.config.ts): the browser's own properties
 * and methods, whatever elements of a host page are named, for `<img name="createElement">` replaces
 * the document's.
 */
export const safeDocument: Document = new Proxy({} as Document, {
  get(_, name) {
    const { document: page } = globalThis;
    const value = Reflect.get(Document.prototype, name, page);
    if (typeof value !== 'function') return value;
    return (...given: unknown[]) =>
      Reflect.apply(
        value,
        page,
        given.map((one) => (one === safeDocument ? page : one)),
      );
  },
});
