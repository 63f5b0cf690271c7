import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Encrypts stored secrets, so that read access to the database does not reveal them. */
export interface Seal {
  /** Binds the text to `about`: text sealed for one key cannot be opened under another. */
  close(text: string, about: string): string;
  /** Throws an `UnsealError` if the secret is unknown, the key differs, or the text was altered. */
  open(sealed: string, about: string): string;
  /** The text re-sealed with the current secret; undefined if it already is. Throws an `UnsealError`. */
  renew(sealed: string, about: string): string | undefined;
}

/** A sealed text that cannot be opened. */
export class UnsealError extends Error {
  override readonly name = "UnsealError";
}

export interface SealOptions {
  /** Seals new texts. */
  readonly secret: string;
  /** Earlier secrets that may still open stored texts after a secret rotation. */
  readonly oldSecrets?: readonly string[];
  /** What the texts are for ("slack installs"). Text sealed for one purpose cannot be opened for another. */
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
    throw new UnsealError(`No known secret opens the value stored under ${about}.`);
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

/** The secrets in a setting: the whole text, and each part if commas or newlines separate several. */
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

/** Undefined if the key is wrong or the text was altered. */
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
