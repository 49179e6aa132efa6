/**
 * The page's document, safe from DOM clobbering: with `<img name="createElement">` in a host page,
 * `document.createElement` is that image. Here every property is the browser's own.
 */
export const pageDocument: Document = new Proxy({} as Document, {
  get(_, name) {
    const { document: page } = globalThis;
    const value = Reflect.get(Document.prototype, name, page);
    return typeof value === 'function' ? value.bind(page) : value;
  },
});
