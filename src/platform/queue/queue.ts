// The queue port: jobs carry an id only; the row in PostgreSQL is the truth, and a job may run twice.

export interface JobDefinition {
  /** Name of the job, verb-noun: "purge-expired". */
  readonly name: string;
  /** Runs it. `id` is what was enqueued ('' for a recurring one). Must be idempotent; a throw means "try again". */
  run(id: string): Promise<void>;
}

export interface Queue {
  /** Registers what this process runs; only workers do. */
  work(job: JobDefinition): void;
  /** Asks for one run; the same name and id while one waits or runs is one job, not two. */
  enqueue(name: string, id: string): Promise<void>;
  /** Makes `name` recur by cron expression in the IANA zone, replacing its earlier schedule; null ends it. */
  schedule(name: string, cron: string | null, timeZone: string): Promise<void>;
  /** The next runs of recurring jobs. */
  upcoming(): Promise<{ name: string; cron: string; timeZone: string; next: Date }[]>;
  /** Whether Redis answers. */
  healthy(): Promise<boolean>;
  /** Waits for running jobs, then lets go of Redis. */
  close(): Promise<void>;
}
