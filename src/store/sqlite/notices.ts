/** Notify and listen within one process. As on a server, a notice arrives after the statement that sent it, never during it. */
export function createNotices() {
  const channels = new Map<string, Set<(payload: string) => void>>();
  return {
    emit(channel: string, payload: string): void {
      queueMicrotask(() => {
        for (const hear of channels.get(channel) ?? []) hear(payload);
      });
    },
    listen(channel: string, hear: (payload: string) => void): () => Promise<void> {
      const listeners = channels.get(channel) ?? new Set();
      channels.set(channel, listeners.add(hear));
      return async () => void listeners.delete(hear);
    },
  };
}
