/** Something the person can mend: wrong input, no credentials, no python3. Nothing was touched: exit code 2. */
export class UserError extends Error {
  override name = 'UserError';
  readonly fix?: string;

  constructor(message: string, fix?: string) {
    super(message);
    this.fix = fix;
  }
}

/** The person asked to stop: exit code 130. */
export class Interrupted extends Error {
  override name = 'Interrupted';

  constructor() {
    super('stopped before it was done');
  }
}

/** A step that did not come out as wanted, for a reason AWS did not report as an error: exit code 1. */
export class StepFailed extends Error {
  override name = 'StepFailed';
  readonly fix?: string;

  constructor(message: string, fix?: string, cause?: unknown) {
    super(message, { cause });
    this.fix = fix;
  }
}
