import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** The key of a self-signed certificate for `localhost`, which a browser has to be told to accept. */
/** A key and a certificate that nobody else trusts. */
export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgSUa1xJl6IGGcPKvD
l+tPum9oaO+4eS9NFuN7MYryo/mhRANCAATv9HmXnxeFAi6A71tSDmyW186LIKnW
gCaY5icAl1TXTWFTL//FyubQFoh+G50+oXe7PsKcoLckAMtPsYfDo6gp
-----END PRIVATE KEY-----`;
export const cert = `-----BEGIN CERTIFICATE-----
MIIBgDCCASWgAwIBAgIUYwRwiEFSa54cqSP59ks1KM4thv8wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNjEzNTIwOVoYDzIxMjYxMTAy
MTM1MjA5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATv9HmXnxeFAi6A71tSDmyW186LIKnWgCaY5icAl1TXTWFTL//FyubQ
Foh+G50+oXe7PsKcoLckAMtPsYfDo6gpo1MwUTAdBgNVHQ4EFgQUN89utC3ipg8A
kWP3/i9pawQDAsAwHwYDVR0jBBgwFoAUN89utC3ipg8AkWP3/i9pawQDAsAwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAmAs61ie8gEcc1s1xZLoT
1E8ej7h2Qh7ABbEnZy6E7DQCIQCoZZrOwgKJcKazJSbRzjik9eVbmxuRx0gSdcLB
HFP5tg==
-----END CERTIFICATE-----`;

const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="16"><rect width="40" height="16" fill="red"/></svg>';

/** Starts a server at another origin, which sends a logo without CORS or CORP headers; returns the logo's address. */
export async function startLogoHost(test: TestContext): Promise<string> {
  const server = createServer({ key, cert }, (_request, response) => {
    response.setHeader('Content-Type', 'image/svg+xml');
    response.end(logo);
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://localhost:${(server.address() as AddressInfo).port}/logo.svg`;
}
