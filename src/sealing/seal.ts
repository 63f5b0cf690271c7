import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Encrypts what is stored, so that whoever reads the database cannot use it. */
export interface Seal {
  /** `about` is bound to the text: sealed for one key, it cannot be opened under another. */
  close(text: string, about: string): string;
  /** Throws an `UnsealError` when it was sealed with an unknown secret or for another key, or was altered. */
  open(sealed: string, about: string): string;
  /** The same text under the current secret; undefined: it already is. Throws an `UnsealError`. */
  renew(sealed: string, about: string): string | undefined;
}

/** A sealed text that cannot be opened. */
export class UnsealError extends Error {
  override readonly name = "UnsealError";
}

export interface SealOptions {
  /** What new texts are sealed with. */
  readonly secret: string;
  /** What stored texts may still be sealed with, after the secret was changed. */
  readonly oldSecrets?: readonly string[];
  /** What is sealed ("slack installs"): texts of one purpose cannot be opened as another. */
  readonly purpose: string;
}

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM with a key derived from the secret by HKDF-SHA-256. A sealed text is "1." and nonce, tag and text in base64url. */
export function createSeal({ secret, oldSecrets = [], purpose }: SealOptions): Seal {
  const current = keyOf(secret, purpose);
  const keys = [current, ...oldSecrets.map((old) => keyOf(old, purpose))];
  const close: Seal["close"] = (text, about) => encrypt(current, text, about);
  const openWithAny = (sealed: string, about: string) => {
    for (const key of keys) {
      const text = decrypt(key, sealed, about);
      if (text !== undefined) return { text, isCurrent: key === current };
    }
    throw new UnsealError(`What is stored under ${about} cannot be opened with a known secret.`);
  };
  return {
    close,
    open: (sealed, about) => openWithAny(sealed, about).text,
    renew(sealed, about) {
      const { text, isCurrent } = openWithAny(sealed, about);
      return isCurrent ? undefined : close(text, about);
    },
  };
}

/** The secrets in a setting: its whole text, and the parts between commas or lines where it has several. */
export function secretsOf(setting: string | undefined): readonly string[] {
  const whole = (setting ?? "").trim();
  const parts = [whole, ...whole.split(/[,\n]/).map((part) => part.trim())];
  return [...new Set(parts)].filter((part) => part !== "");
}

const keyOf = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, "parley", purpose, KEY_BYTES));

function encrypt(key: Buffer, text: string, about: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce);
  cipher.setAAD(Buffer.from(about));
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return `1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url")}`;
}

/** undefined: this is not the key, or the text was altered. */
function decrypt(key: Buffer, sealed: string, about: string): string | undefined {
  const bytes = Buffer.from(sealed.replace(/^1\./, ""), "base64url");
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(about));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}
