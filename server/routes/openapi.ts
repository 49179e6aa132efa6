import { z } from 'zod';
import { jsonType } from '../answers.ts';
import { describeApi } from '../openapi.ts';
import { openRoute, type Route } from '../route.ts';

/** Tells about these routes, and itself. */
export function openApi(others: readonly Route[]): Route {
  const route: Route = openRoute({
    name: 'readOpenApi',
    method: 'GET',
    path: '/api/partner/openapi.json',
    summary: 'This document: OpenAPI 3.1.',
    query: z.object({}),
    answers: { 200: { means: 'The document.', type: jsonType } },
    refusals: {},
    act: async () => ({ status: 200, body: document }),
  });
  // Before anybody asks: it takes longer than an answer may.
  const document: string = JSON.stringify(describeApi([...others, route]));
  return route;
}
