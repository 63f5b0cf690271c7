/** Words and codes for a prompt that does not fit, from all providers and servers: most send no code. */
const TOO_LONG =
  /context[ _](length|window|size)|maximum (prompt|input|model|context)? ?length|(prompt|input) is too long|too large for model|request too large|token count.*exceeds|exceeds the maximum number of tokens|exceeds? (the )?(model's )?(maximum )?context|long context requests/i;
const CODES =
  /context_length_exceeded|exceed_context_size|request_too_large|string_above_max_length|^1261$/m;

/** Whether the prompt is too long for the model. */
export const isTooLong = (words: string, codes: string): boolean =>
  CODES.test(codes) || TOO_LONG.test(words);
