import { z } from 'zod';
import { jsonType } from '../answers.ts';
import { describeApi } from '../openapi.ts';
import { openRoute, type Route } from '../route.ts';

/** Tells about these routes, itself among them. */
export function openApi(routes: () => readonly Route[]) {
  let document: string | undefined;
  return openRoute({
    name: 'readOpenApi',
    method: 'GET',
    path: '/api/partner/openapi.json',
    summary: 'This document: OpenAPI 3.1.',
    query: z.object({}),
    answers: { 200: { means: 'The document.', type: jsonType } },
    refusals: {},
    act: async () => {
      document ??= JSON.stringify(describeApi(routes()));
      return { status: 200, body: document };
    },
  });
}
