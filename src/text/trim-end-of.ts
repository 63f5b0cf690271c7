/**
 * Cuts the characters that `mark`, a pattern of one character, matches from the end of a text. Linear. A pattern such as /[.!]+$/ would look
 * for the end again from each mark of a row that ends elsewhere.
 */
export function trimEndOf(text: string, mark: RegExp): string {
  let end = text.length;
  while (end > 0 && mark.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
