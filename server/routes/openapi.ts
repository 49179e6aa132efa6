import { z } from 'zod';
import { jsonType, StaticContent } from '../answers.ts';
import { describeApi, type OpenApi } from '../openapi.ts';
import { openRoute, type Route } from '../route.ts';

/** The OpenAPI document of these routes and of the route that answers with it, and that route. */
export function openApi(others: readonly Route[]): { document: OpenApi; route: Route } {
  const route: Route = openRoute({
    name: 'readOpenApi',
    method: 'GET',
    path: '/api/partner/openapi.json',
    summary: 'Reads this document (OpenAPI 3.1).',
    query: z.object({}),
    answers: {
      200: {
        means: 'The document.',
        type: jsonType,
        headers: { ETag: 'The version of the document. Send it back as `If-None-Match`.' },
      },
      304: {
        means: 'The document is still the one that `If-None-Match` names.',
        headers: { ETag: 'The version of the document. Send it back as `If-None-Match`.' },
      },
    },
    refusals: {},
    act: async () => ({ status: 200, body: answer }),
  });
  // Made in advance: it takes longer than an answer may.
  const document = describeApi([...others, route]);
  const answer = answerOf(JSON.stringify(document));
  return { document, route };
}

function answerOf(body: string): StaticContent {
  const headers = { 'Cache-Control': 'no-cache', Vary: 'Accept-Encoding' };
  return new StaticContent({ type: jsonType, body, headers }, body);
}
