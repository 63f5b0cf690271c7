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

const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** Converts images and documents to data URLs, text files to text, and other files to a note. `documents`: media types, lower case. */
export function fileContent(file: FilePart, documents: readonly string[]): FileContent {
  const mediaType = mediaTypeOf(file);
  const url = () => `data:${mediaType};base64,${base64Of(file)}`;
  if (IMAGES.includes(mediaType)) return { type: "image", url: url() };
  if (documents.includes(mediaType)) return { type: "document", name: nameOf(file), url: url() };
  const text = isTextFile(file) ? fencedFile(file) : fileNote(file, "this model cannot read it");
  return { type: "text", text };
}
