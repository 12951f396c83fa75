declare module 'cli-progress' {
  /** The part of the package that is used here; it ships no types. */
  export class SingleBar {
    constructor(options: {
      format: string;
      hideCursor?: boolean;
      clearOnComplete?: boolean;
      stream?: NodeJS.WriteStream;
    });
    start(total: number, value: number): void;
    setTotal(total: number): void;
    update(value: number): void;
    stop(): void;
  }
  const cliProgress: { SingleBar: typeof SingleBar };
  export default cliProgress;
}
