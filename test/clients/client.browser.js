import { equal, scene } from '../widgets/page.js';

/** What a page or a worker does with the client; returns what it saw. */
async function useClient(
  { PropTally, PropTallyError, verifyWebhook },
  { origin, key, account_id },
) {
  const pt = new PropTally({ baseUrl: origin, key });
  const { data } = await pt.readWidget({ widget: 'stats-card', account_id });
  const refused = await pt.readBranding().catch((error) => error);
  // Signed by another implementation.
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const event = await verifyWebhook('{"test": 2432232314}', headers, secret, { tolerance: 1e10 });
  return {
    pnl: data.stats.totalPnl,
    refused: [refused instanceof PropTallyError, refused.code],
    event: event.test,
  };
}

const address = new URL('/dist/client/index.js', location.href).href;
const given = {
  origin: location.origin,
  key: scene.publishableKey,
  account_id: scene.accounts.winner,
};
const expected = { pnl: 500.5, refused: [true, 'publishable_key'], event: 2432232314 };

it('is used by a page', async () => {
  const client = await import(address);
  equal(JSON.stringify(await useClient(client, given)), JSON.stringify(expected));
});

it('is used by a worker', async () => {
  const program = `import * as client from ${JSON.stringify(address)};
    const useClient = ${useClient};
    onmessage = async ({ data }) =>
      postMessage(await useClient(client, data).catch((error) => String(error)));`;
  const worker = new Worker(URL.createObjectURL(new Blob([program], { type: 'text/javascript' })), {
    type: 'module',
  });
  const answered = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  worker.postMessage(given);
  equal(JSON.stringify(await answered), JSON.stringify(expected));
  worker.terminate();
});
