const implementation = Reflect.get(Document.prototype, 'implementation', globalThis.document);

/**
 * What libraries that ask for `document` get (host-page.ts): one of nobody's, in which no element
 * takes the place of a method. What they make in it is adopted by the page.
 */
export const blankDocument: Document = implementation.createHTMLDocument('');
