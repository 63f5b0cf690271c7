/** Work of one place is done in the order in which it was given; that of others does not wait for it. The result settles as the work does. */
export function createInOrder(): <T>(place: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (place, work) => {
    const before = last.get(place) ?? Promise.resolve();
    const done = before.then(work, work);
    last.set(place, done);
    const forget = () => {
      if (last.get(place) === done) last.delete(place);
    };
    done.then(forget, forget);
    return done;
  };
}
