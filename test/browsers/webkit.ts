import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { freePort } from '../support/free-port.ts';
import { type RemoteBrowser, systemEnvironment, viewport } from './remote-browser.ts';

/** WebKitGTK, by the WebDriver protocol. It needs a display, and gets one of its own. */
export async function openWebKit(driver: string, browser: string): Promise<RemoteBrowser> {
  const display = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1400x1200x24'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const port = await freePort();
  const service = spawn(driver, [`--port=${port}`], {
    env: { ...(await systemEnvironment()), DISPLAY: `:${await firstLine(display.stdout)}` },
    stdio: 'ignore',
  });
  const send = clientOf(`http://127.0.0.1:${port}`);
  await waitFor(send);
  const { sessionId, capabilities } = await send('POST', '/session', {
    capabilities: {
      alwaysMatch: {
        timeouts: { script: 60_000 },
        'webkitgtk:browserOptions': {
          binary: browser,
          args: ['--automation', '--javascript-can-open-windows-automatically=true'],
        },
      },
    },
  });
  const session = (method: string, path: string, body?: object) =>
    send(method, `/session/${sessionId}${path}`, body);
  const run: RemoteBrowser['run'] = async (work, ...given) => {
    const { value, error } = await session('POST', '/execute/async', {
      script: `const [given, done] = arguments;
        Promise.resolve().then(() => (${work})(...given)).then(
          (value) => done({ value }), (error) => done({ error: String(error) + error.stack }));`,
      args: [given],
    });
    if (error) throw new Error(error);
    return value;
  };
  // A window is larger than its viewport.
  await session('POST', '/window/rect', viewport);
  const inside = await run(() => ({ width: innerWidth, height: innerHeight }));
  await session('POST', '/window/rect', {
    width: 2 * viewport.width - inside.width,
    height: 2 * viewport.height - inside.height,
  });
  return {
    name: `WebKitGTK ${capabilities.browserVersion}`,
    open: (url) => session('POST', '/url', { url }),
    url: () => session('GET', '/url'),
    run,
    picture: async () => Buffer.from(await session('GET', '/screenshot'), 'base64'),
    async close() {
      await send('DELETE', `/session/${sessionId}`);
      await Promise.all([end(service), end(display)]);
    },
  };
}

function clientOf(address: string) {
  // biome-ignore lint/suspicious/noExplicitAny: what a command answers is in the standard.
  return async (method: string, path: string, body?: object): Promise<any> => {
    const answer = await fetch(address + path, {
      method,
      ...(method === 'POST' && { body: JSON.stringify(body) }),
    });
    const { value } = (await answer.json()) as { value: { error?: string; message?: string } };
    if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
}

/** Waits until the driver accepts commands. */
async function waitFor(send: ReturnType<typeof clientOf>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await send('GET', '/status');
      return;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function firstLine(stream: Readable): Promise<string> {
  const [line] = await once(createInterface(stream), 'line');
  return line;
}

async function end(child: ChildProcess): Promise<void> {
  const over = once(child, 'exit');
  child.kill();
  await over;
}
