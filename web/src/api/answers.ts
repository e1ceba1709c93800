// From a response of the API to its body, or to the Failure that it tells; a request that nobody answered is Unreachable.
import { Failure, FAILURES, type FailureCode, type FieldError } from '@codesync/contract';

/** No answer came: offline, the server is down, or something between cut the line. Whether it was done is unknown. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('The server cannot be reached. Check your connection and try again.', { cause });
    this.name = 'Unreachable';
  }
}

/** What hono's client gives, as far as it matters here. */
interface Answer<Body> {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  json(): Promise<Body>;
}

/** The body of a 2xx answer. Throws Failure or Unreachable. */
export async function bodyOf<Body>(request: Promise<Answer<Body>>): Promise<Body> {
  const answer = await succeeded(request);
  return answer.json();
}

/** Waits for a 2xx answer that has no body. Throws Failure or Unreachable. */
export async function done(request: Promise<Answer<unknown>>): Promise<void> {
  await succeeded(request);
}

async function succeeded<Body>(request: Promise<Answer<Body>>): Promise<Answer<Body>> {
  const answer = await request.catch((cause: unknown) => {
    throw new Unreachable(cause);
  });
  if (answer.ok) return answer;
  const body: unknown = await answer.json().catch(() => undefined);
  throw failureOf(answer.status, body, answer.headers.get('retry-after'));
}

/** `body` is what came, a Problem or not: a proxy between us answers in its own words. */
export function failureOf(status: number, body: unknown, retryAfter: string | null): Failure {
  const seconds = Number.parseInt(retryAfter ?? '', 10);
  const problem = isRecord(body) ? body : {};
  const errors = fieldErrorsOf(problem['errors']);
  return new Failure(codeOf(problem['code'], status), {
    ...(typeof problem['detail'] === 'string' ? { detail: problem['detail'] } : {}),
    ...(errors.length === 0 ? {} : { errors }),
    ...(Number.isNaN(seconds) ? {} : { retryAfter: seconds }),
  });
}

function codeOf(code: unknown, status: number): FailureCode {
  if (typeof code === 'string' && Object.hasOwn(FAILURES, code)) return code as FailureCode;
  if (status === 429) return 'too_many_requests';
  if (status === 413) return 'too_large';
  if (status === 404) return 'not_found';
  return status === 502 || status === 503 || status === 504 ? 'unavailable' : 'internal';
}

function fieldErrorsOf(errors: unknown): FieldError[] {
  if (!Array.isArray(errors)) return [];
  return errors.filter(
    (error: unknown): error is FieldError =>
      isRecord(error) && typeof error['path'] === 'string' && typeof error['message'] === 'string',
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** A sentence for people: what happened and what to do next. */
export function messageOf(error: unknown): string {
  if (error instanceof Failure) {
    return error.code === 'too_many_requests' && error.retryAfter !== undefined
      ? `Too many requests. Try again in ${waitInWords(error.retryAfter)}.`
      : error.message;
  }
  if (error instanceof Unreachable) return error.message;
  return 'Something failed on this page. Reload it and try again.';
}

function waitInWords(seconds: number): string {
  return seconds < 100 ? `${Math.max(1, seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

/** The message for one field of a form, from a 422. */
export function fieldError(error: unknown, path: string): string | undefined {
  if (!(error instanceof Failure)) return undefined;
  return error.errors?.find((field) => field.path === path)?.message;
}
