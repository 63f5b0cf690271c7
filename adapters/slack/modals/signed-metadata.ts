import { createHmac, timingSafeEqual } from "node:crypto";
import { placeOf } from "../place.ts";
import type { Workspace } from "../workspaces.ts";
import { readSubject } from "./view.ts";

type Signer = Pick<Workspace, "team" | "token">;

const signatureOf = ({ team, token }: Signer, metadata: string): Buffer =>
  createHmac("sha256", token).update(["parley modal", team, metadata].join("\0")).digest();

/** A modal's metadata, bound to the workspace that it is shown in: who sends it back may name nothing else. */
export const signMetadata = (workspace: Signer, metadata: string): string =>
  `${signatureOf(workspace, metadata).toString("base64url")}.${metadata}`;

/** The metadata that was signed; undefined: it was altered, or is another workspace's. */
export function readSigned(workspace: Signer, signed: string): string | undefined {
  const at = signed.indexOf(".");
  const metadata = signed.slice(at + 1);
  const given = Buffer.from(signed.slice(0, Math.max(0, at)), "base64url");
  const expected = signatureOf(workspace, metadata);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const subject = readSubject(metadata);
  return subject && placeOf(subject.conversation).team === workspace.team ? metadata : undefined;
}
