/**
 * The page's document by the browser's own properties and methods, whatever elements of a host page
 * are called: `<img name="createElement">` takes the place of the document's.
 */
export const pageDocument: Document = new Proxy({} as Document, {
  get(_, name) {
    const { document: page } = globalThis;
    const value = Reflect.get(Document.prototype, name, page);
    return typeof value === 'function' ? value.bind(page) : value;
  },
});
