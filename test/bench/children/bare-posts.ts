import { Agent } from 'undici';
import { answerParent } from './answer-parent.ts';

export interface BarePosts {
  /** Where to, each as many. */
  urls: string[];
  count: number;
  body: string;
  headers: Record<string, string>;
}

/** How many posts are on their way to each address at once, as of the server's. */
const atOnce = 10;

answerParent({
  async post({ urls, count, body, headers }: BarePosts) {
    const agent = new Agent();
    await Promise.all(
      urls.map(async (url) => {
        const { origin, pathname } = new URL(url);
        let left = count;
        const goOn = async () => {
          while (left-- > 0) {
            const answer = await agent.request({
              origin,
              path: pathname,
              method: 'POST',
              body,
              headers,
            });
            await answer.body.dump();
          }
        };
        await Promise.all(Array.from({ length: atOnce }, goOn));
      }),
    );
    await agent.close();
  },
});
