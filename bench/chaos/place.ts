/** One of Parley's messages, as it stands in a thread at the end. */
export interface Post {
  readonly kind: "status" | "final" | "note";
  readonly turn: string;
  readonly text: string;
  /** It offers to stop the turn: people believe that somebody is at work. */
  readonly isWorking: boolean;
}

/** A thread that questions are put in, on any platform. */
export interface ChaosThread {
  /** "slack 17". */
  readonly name: string;
  /** False while there is no thread yet to write in, or the platform has not handed over what was said there last. */
  canAsk(): boolean;
  ask(text: string): void;
  /** Oldest first; of split answers the first part. */
  posts(): readonly Post[];
}

/** A platform under test, with what it does to the bots. */
export interface ChaosPlatform {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  thread(number: number): ChaosThread;
  /** Cuts connections that events come through, or says again what it has said before. */
  shake(random: () => number): void;
  /** Nothing fails any more. */
  heal(): void;
  /** What the bots did that no bot should do. */
  complaints(): readonly string[];
  calls(): number;
  stop(): Promise<void>;
}
