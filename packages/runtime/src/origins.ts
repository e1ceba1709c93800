// Which web pages may use this server.

export interface Origins {
  /** Where people reach us, without a trailing slash. */
  readonly publicUrl: string;
  readonly allowed: readonly string[];
}

/** Of a CodeSync on a person's own machine: by each name that a browser there has for it, and those configured. */
export function localOrigins(
  config: { readonly publicUrl: string | undefined; readonly allowedOrigins: readonly string[] },
  port: number,
): Origins {
  const localhost = new URL(`http://localhost:${port}`).origin;
  const publicUrl = config.publicUrl ?? localhost;
  const loopback = new URL(`http://127.0.0.1:${port}`).origin;
  return { publicUrl, allowed: [...new Set([publicUrl, localhost, loopback, ...config.allowedOrigins])] };
}
