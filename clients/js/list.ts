/** How a list is read to its end. */
export interface Pages<Page> {
  /** The parameter that says where a page begins. */
  parameter: string;
  /** The field of an answer with the items. */
  items: keyof Page;
}

/** Reads a page; `place`: the parameter that says where it begins, or null for the first. */
type Read<Page> = (place: Readonly<Record<string, unknown>> | null) => Promise<Page>;

/**
 * A list that is read page by page:
 * - `for await (const item of list)` gives every item, and asks for a page when it gets there,
 * - `await list` gives the first page, with the `next` that leads on from it,
 * - `for await (const page of list.pages())` gives every page.
 */
export class List<Page extends object, Item> implements PromiseLike<Page>, AsyncIterable<Item> {
  readonly #pages: Pages<Page>;
  readonly #read: Read<Page>;
  #first: Promise<Page> | undefined;

  constructor(pages: Pages<Page>, read: Read<Page>) {
    this.#pages = pages;
    this.#read = read;
  }

  // biome-ignore lint/suspicious/noThenProperty: so that a list can be awaited
  then<Result = Page, Failed = never>(
    done?: ((page: Page) => Result | PromiseLike<Result>) | null,
    failed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Result | Failed> {
    this.#first ??= this.#read(null);
    return this.#first.then(done, failed);
  }

  async *pages(): AsyncGenerator<Page, void, undefined> {
    let page: Page = await this;
    for (;;) {
      yield page;
      const next = placeAfter(page);
      if (next === null) return;
      page = await this.#read({ [this.#pages.parameter]: next });
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) yield* page[this.#pages.items] as Item[];
  }
}

/** Where the page after this one begins; null: this is the last. */
function placeAfter(page: {
  next?: string | number | null;
  has_more?: boolean;
  pagination?: { page: number; has_more: boolean };
}): string | number | null {
  const { next = null, has_more = true, pagination } = page;
  if (pagination) return pagination.has_more ? pagination.page + 1 : null;
  // A list that goes on for ever tells its `next` at its end, too.
  return has_more ? next : null;
}
