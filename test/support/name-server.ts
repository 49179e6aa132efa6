import { createSocket } from 'node:dgram';
import type { TestContext } from 'node:test';
import { decode, encode } from 'dns-packet';

type Answer = readonly string[] | null;

/**
 * Starts a name server. `addressesOf`: the IPv4 addresses of a name at the moment; null: it does not
 * answer. Returns its own address, as resolvers take it.
 */
export async function startNameServer(
  test: TestContext,
  addressesOf: (name: string) => Answer | Promise<Answer>,
): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', async (bytes, { address, port }) => {
    const { id, questions = [] } = decode(bytes);
    const [{ name, type } = { name: '', type: 'A' as const }] = questions;
    const found = await addressesOf(name);
    if (!found) return;
    const answers =
      type === 'A' ? found.map((data) => ({ type: 'A' as const, name, ttl: 0, data })) : [];
    socket.send(encode({ type: 'response', id: id!, questions, answers }), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  test.after(() => socket.close());
  return `127.0.0.1:${socket.address().port}`;
}
