// Which web pages may use this server: ours, by each name that a browser on this machine has for it, and those configured.
import type { EmbeddedConfig } from '@codesync/runtime';

export interface Origins {
  /** Where people reach us, without a trailing slash. */
  readonly publicUrl: string;
  readonly isAllowedOrigin: (origin: string) => boolean;
}

export function createOrigins(config: EmbeddedConfig, port: number): Origins {
  const localhost = new URL(`http://localhost:${port}`).origin;
  const publicUrl = config.publicUrl ?? localhost;
  const loopback = new URL(`http://127.0.0.1:${port}`).origin;
  const allowed = new Set([publicUrl, localhost, loopback, ...config.allowedOrigins]);
  return { publicUrl, isAllowedOrigin: (origin) => allowed.has(origin) };
}
