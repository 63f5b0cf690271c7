/** All our channels share one of PostgreSQL's, so that nothing has to be subscribed to and from: its payload is `{channel} {payload}`. */
export const NOTICE_CHANNEL = "parley";
