import autocannon from 'autocannon';
import { answerParent } from './answer-parent.ts';

export interface Load {
  url: string;
  /** The headers of a request each, used in turn; each connection starts with others. */
  headers: Record<string, string>[];
  seconds: number;
}

export interface LoadResult {
  requests: number;
  seconds: number;
}

const connections = 20;

answerParent({
  async run({ url, headers, seconds }: Load): Promise<LoadResult> {
    const requests = headers.map((each) => ({ headers: each }));
    let connected = 0;
    // Otherwise all would ask with the same headers at the same time, and with the last ones in none
    // but the longest rounds.
    const setupClient = (client: autocannon.Client) => {
      const start = Math.floor((requests.length * connected++) / connections);
      client.setRequests([...requests.slice(start), ...requests.slice(0, start)]);
    };
    const rest = stayAwake();
    const result = await autocannon({ url, setupClient, connections, duration: seconds });
    rest();
    if (result.errors + result.non2xx > 0) {
      throw new Error(`${url}: ${result.errors} errors, ${result.non2xx} refused`);
    }
    return { requests: result['2xx'], seconds: result.duration };
  },
});

/**
 * Keeps this process from sleeping between answers. Waking it can cost the server more than answering
 * a request, and a slower server, which leaves it time to sleep, would pay that more often.
 */
function stayAwake(): () => void {
  let isAwake = true;
  const turn = () => {
    if (isAwake) setImmediate(turn);
  };
  turn();
  return () => {
    isAwake = false;
  };
}
