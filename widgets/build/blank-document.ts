const implementation = Reflect.get(Document.prototype, 'implementation', globalThis.document);

/**
 * Takes the place of `document` in libraries (host-page.ts): an empty document, where no element can hide
 * a method (DOM clobbering). What they create in it is adopted by the page.
 */
export const blankDocument: Document = implementation.createHTMLDocument('');
