// Schema -> typed input of a handler. What is wrong with it is answered in full, as `errors`.
import { Failure } from '@codesync/contract';
import type { Context, Env, MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import { JSON_BYTES, readText } from './body.ts';

/** `c.req.valid('json')` is the parsed body. No body counts as {}. */
export function json<Schema extends z.ZodType<object>>(
  schema: Schema,
  maxBytes = JSON_BYTES,
): MiddlewareHandler<Env, string, { in: { json: z.input<Schema> }; out: { json: z.output<Schema> } }> {
  return async (c, next) => {
    const value = parseJson(await readText(c, maxBytes, () => new Failure('bad_json', { detail: 'Not UTF-8.' })));
    c.req.addValidatedData('json', parse(schema, value));
    await next();
  };
}

/** `c.req.valid('query')` is the parsed query string; of a name that comes twice the first counts. */
export function query<Schema extends z.ZodType<object>>(
  schema: Schema,
): MiddlewareHandler<Env, string, { in: { query: z.input<Schema> }; out: { query: z.output<Schema> } }> {
  return async (c: Context, next) => {
    c.req.addValidatedData('query', parse(schema, c.req.query()));
    await next();
  };
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure('bad_json', { cause });
  }
}

function parse<Schema extends z.ZodType<object>>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new Failure('invalid', { errors });
}
