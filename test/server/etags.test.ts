import assert from 'node:assert/strict';
import test from 'node:test';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';

test('an answer has the same weak ETag in every encoding, which matches even when a proxy changed it', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  for (const path of [
    `/api/partner/stats?api_key=${key}`,
    `/embed/partner/stats-card?key=${key}`,
    '/widgets.js',
    '/builder',
  ]) {
    const etags = new Set<string>();
    for (const encoding of ['br', 'gzip', 'identity']) {
      const { headers } = await server.get(path, { 'Accept-Encoding': encoding });
      etags.add(headers.get('etag')!);
    }
    assert.equal(etags.size, 1, path);
    const [, tag] = /^W\/"([\w-]{27})"$/.exec([...etags][0]!)!;
    const status = async (given: string) =>
      (await server.get(path, { 'If-None-Match': given, 'Accept-Encoding': 'gzip' })).status;
    for (const given of [
      `W/"${tag}"`,
      `"${tag}"`,
      `"${tag}-gzip"`,
      `"${tag}--gzip"`,
      `W/"${tag}-br"`,
      `"${tag};gzip"`,
      `"other", W/"${tag}"`,
      `"${tag}" , "other"`,
      '*',
    ]) {
      assert.equal(await status(given), 304, `${path} ${given}`);
    }
    for (const given of ['"other"', `"${tag}x"`, `"x${tag}"`, `"${tag}-x"`, `"${tag}`, tag!, '']) {
      assert.equal(await status(given), 200, `${path} ${given}`);
    }
  }
});
