import { Agent, get } from 'node:http';

const agent = new Agent({ keepAlive: true });

/** Asks a question with a key; returns how long the answer takes, ms. */
export async function ask(address: string, key: string): Promise<number> {
  const headers = { 'X-API-Key': key };
  const start = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  get(address, { agent, headers }, (response) => {
    if (response.statusCode !== 200) reject(new Error(`${address}: ${response.statusCode}`));
    response.resume().on('end', () => resolve(performance.now() - start));
  }).on('error', reject);
  return promise;
}
