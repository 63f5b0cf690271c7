/** `callback_id` of the message shortcut. */
export const ASK_SHORTCUT = "parley_ask";
