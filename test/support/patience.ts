/** How long a test waits for what must happen. Generous: the machine may be busy with everything else, and what passes does not wait for it. */
export const PATIENCE = { timeout: 90_000, interval: 20 } as const;
