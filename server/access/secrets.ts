import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import type { Random } from '../store/ids.ts';
import { TokenSigner } from './embed-token.ts';

const algorithm = 'aes-256-gcm';
const lengths = { nonce: 12, tag: 16 };

/**
 * What the server's secret signs (embed tokens) and encrypts (stored answers, links that wait to be
 * mailed, secrets of webhooks): each with a key of its own that is derived from it.
 */
export class Secrets {
  readonly tokens: TokenSigner;
  readonly #key: KeyObject;

  constructor(secret: string) {
    this.tokens = new TokenSigner(secret);
    const key = hkdfSync('sha256', secret, '', 'proptally stored answers', 32);
    this.#key = createSecretKey(Buffer.from(key));
  }

  /** A nonce, the encrypted text and the tag by which a change of it is noticed (AES-256-GCM). */
  encrypt(text: string, random: Random): Buffer {
    const nonce = random(lengths.nonce);
    const cipher = createCipheriv(algorithm, this.#key, nonce);
    return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }

  /** The inverse of {@link encrypt}; null: another secret encrypted it, or it was changed. */
  decrypt(bytes: Buffer): string | null {
    const end = bytes.length - lengths.tag;
    const decipher = createDecipheriv(algorithm, this.#key, bytes.subarray(0, lengths.nonce));
    decipher.setAuthTag(bytes.subarray(end));
    try {
      const text = decipher.update(bytes.subarray(lengths.nonce, end));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch {
      return null;
    }
  }
}
