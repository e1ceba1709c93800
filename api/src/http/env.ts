// What middleware leaves for handlers in Hono's context.
import type { RequestIdVariables } from 'hono/request-id';

export interface RequestEnv {
  Variables: RequestIdVariables;
}
