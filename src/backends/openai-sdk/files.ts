import {
  base64Of,
  fencedFile,
  type FilePart,
  fileNote,
  isTextFile,
  mediaTypeOf,
  nameOf,
} from "../prompt-parts.ts";

/** A file in the form that the model receives. */
export type FileContent =
  | { readonly type: "image"; readonly url: string }
  | { readonly type: "document"; readonly name: string; readonly url: string }
  | { readonly type: "text"; readonly text: string };

/** The file types that the server supports. */
export interface Readable {
  readonly images: boolean;
  /** Media types, lower case. */
  readonly documents: readonly string[];
}

const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** Converts images and documents to data URLs, text files to text, and unsupported files to a note. */
export function fileContent(file: FilePart, readable: Readable): FileContent {
  const mediaType = mediaTypeOf(file);
  const url = () => `data:${mediaType};base64,${base64Of(file)}`;
  if (readable.images && IMAGES.includes(mediaType)) return { type: "image", url: url() };
  if (readable.documents.includes(mediaType)) {
    return { type: "document", name: nameOf(file), url: url() };
  }
  const text = isTextFile(file) ? fencedFile(file) : fileNote(file, "this model cannot read it");
  return { type: "text", text };
}
