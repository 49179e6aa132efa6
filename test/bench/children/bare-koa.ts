import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { answerParent } from './answer-parent.ts';
import { processorTime } from './processor-time.ts';

let type = '';
let body = Buffer.alloc(0);
const koa = new Koa();
koa.use((context) => {
  context.type = type;
  context.body = body;
});
const server = koa.listen(0, '127.0.0.1');

answerParent({
  address: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  processorTime,
  send: (content: { type: string; body: Uint8Array }) => {
    type = content.type;
    body = Buffer.from(content.body);
  },
});
