// Headers of every answer: no cache keeps one, and no browser takes a person's text for a page of ours.
import { createMiddleware } from 'hono/factory';

export const privateAnswers = createMiddleware(async (c, next) => {
  c.header('cache-control', 'no-store');
  c.header('x-content-type-options', 'nosniff');
  await next();
});
