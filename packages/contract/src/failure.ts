// Everything that can be refused, as a closed set of codes. One place turns a Failure into a response (api) or a close code (sync-server).

/** Code -> HTTP status and the sentence that `title` shows. Codes are stable: clients match on them. */
export const FAILURES = {
  bad_json: { status: 400, title: 'The body is not valid JSON.' },
  bad_request: { status: 400, title: 'The request cannot be understood.' },
  not_signed_in: { status: 401, title: 'Sign in first.' },
  wrong_credentials: { status: 401, title: 'That e-mail and password do not match.' },
  no_access: { status: 403, title: 'You have no access to this document.' },
  not_allowed: { status: 403, title: 'Your role does not allow this.' },
  foreign_origin: { status: 403, title: 'Requests from that site are not accepted.' },
  not_found: { status: 404, title: 'There is nothing here.' },
  document_not_found: { status: 404, title: 'There is no such document.' },
  user_not_found: { status: 404, title: 'Nobody has that e-mail address.' },
  email_taken: { status: 409, title: 'An account with that e-mail exists.' },
  last_owner: { status: 409, title: 'A document needs an owner: make somebody else an owner first.' },
  conflict: { status: 409, title: 'This changed in the meantime.' },
  too_large: { status: 413, title: 'That is too large.' },
  invalid: { status: 422, title: 'Some of that cannot be accepted.' },
  too_many_requests: { status: 429, title: 'Too many requests. Try again later.' },
  internal: { status: 500, title: 'Something failed here. Nothing was changed.' },
  unavailable: { status: 503, title: 'A part of the service is down. Try again soon.' },
} as const satisfies Record<string, { status: number; title: string }>;

export type FailureCode = keyof typeof FAILURES;

/** One field that was not accepted: `path` is dotted, '' is the whole body. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** An expected refusal. Anything else that is thrown is a defect and is answered as `internal`. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly errors: readonly FieldError[] | undefined;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined;

  constructor(
    code: FailureCode,
    options: { detail?: string; errors?: readonly FieldError[]; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(options.detail ?? FAILURES[code].title, { cause: options.cause });
    this.name = 'Failure';
    this.code = code;
    this.errors = options.errors;
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return FAILURES[this.code].status;
  }
}

/** The body of every error response (RFC 9457, application/problem+json). */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: FailureCode;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
}
