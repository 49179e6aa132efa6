import { PropTallyError } from './error.ts';
import { follow, type Messages } from './follow.ts';
import { List, type Pages } from './list.ts';
import {
  type Operation,
  type Parameters,
  type PostOptions,
  type PropTallyOptions,
  prepare,
} from './request.ts';
import { type CallOptions, send } from './send.ts';

/** A server, and the key that it is asked with. */
export class Connection {
  readonly #options: PropTallyOptions;

  constructor(options: PropTallyOptions) {
    this.#options = options;
  }

  /** Asks for an answer in JSON. */
  async ask<Answer>(
    operation: Operation,
    parameters: object,
    options: PostOptions,
  ): Promise<Answer> {
    const sending = prepare(this.#options, operation, parameters as Parameters, options);
    return send(sending, options, readJson<Answer>);
  }

  /** Asks for an answer of another kind. */
  async stream(
    operation: Operation,
    parameters: object,
    options: CallOptions,
  ): Promise<ReadableStream<Uint8Array>> {
    const sending = prepare(this.#options, operation, parameters as Parameters, options);
    return send(sending, options, async ({ body }) => body!);
  }

  /** Asks for messages as they come. */
  follow<Message>(
    operation: Operation,
    parameters: { last_event_id?: string },
    options: CallOptions,
  ): Messages<Message> {
    const request = (last_event_id: string) =>
      prepare(this.#options, operation, { ...parameters, last_event_id }, options);
    return follow(parameters.last_event_id ?? '', request, options);
  }

  list<Page extends object, Item>(
    operation: Operation,
    pages: Pages<Page>,
    parameters: object,
    options: CallOptions,
  ): List<Page, Item> {
    return new List(pages, (place) => {
      // An offset names the first page alone.
      const { offset: _, ...others } = parameters as Parameters;
      return this.ask<Page>(operation, place ? { ...others, ...place } : parameters, options);
    });
  }
}

async function readJson<Answer>(response: Response): Promise<Answer> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = 'The answer is not JSON, so it is none of the API’s.';
    throw new PropTallyError('unexpected_answer', message, { response, cause });
  }
}
