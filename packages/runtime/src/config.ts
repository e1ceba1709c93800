// What the environment says, judged once at the start. The only reader of process.env.
import { resolve } from 'node:path';
import { z } from 'zod';
import { StartFailure } from './start-failure.ts';

/** Everything in one process on one machine (`npm start`). */
export interface EmbeddedConfig {
  readonly mode: 'embedded';
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  /** Absolute path of the folder that holds all there is. */
  readonly data: string;
  /** An origin; undefined: http://localhost and the port. */
  readonly publicUrl: string | undefined;
  /** Origins besides our own that may use the API and open sockets. */
  readonly allowedOrigins: readonly string[];
  /** The first signs, all verify. Empty: one is made at the first start and kept in the data folder. */
  readonly jwtSecrets: readonly string[];
  /** Milliseconds from an edit to its snapshot, at the latest. */
  readonly snapshotInterval: number;
  readonly logLevel: LogLevel;
}

/** A union on `mode`: each deployment has the settings that it needs, and no others. */
export type Config = EmbeddedConfig;

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const wholeNumber = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, error)
    .transform(Number)
    .refine((value) => value >= least && value <= most, error);
};

const listOf = (text: string): string[] => text.split(',').map((part) => part.trim());

const ORIGIN = 'must be an address such as https://codesync.example.com, without a path';
const Origin = z
  .url({ protocol: /^https?$/, error: ORIGIN })
  .refine((text) => /^https?:\/\/[^/?#@]+\/?$/i.test(text), ORIGIN)
  .transform((text) => new URL(text).origin);

const EmbeddedEnvironment = z.object({
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z.string().trim().default('127.0.0.1'),
  CODESYNC_DATA: z.string().default('./.codesync'),
  PUBLIC_URL: Origin.optional(),
  ALLOWED_ORIGINS: z
    .string()
    .transform(listOf)
    .pipe(z.array(Origin, `each of its comma-separated parts ${ORIGIN}`))
    .default([]),
  JWT_SECRET: z
    .string()
    .transform(listOf)
    .refine((secrets) => secrets.every((secret) => secret !== ''), 'has an empty part between its commas')
    .default([]),
  SNAPSHOT_INTERVAL_MS: wholeNumber(100, 3_600_000).default(5000),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('warn'),
});

/** Throws StartFailure, one line that names the variable and what is wrong with it. Values stay out of it: one is a secret. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  // Set but empty is how shells and compose files say "not set".
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = EmbeddedEnvironment.safeParse(set);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new StartFailure(`${String(issue?.path[0])} ${issue?.message ?? 'is wrong'}.`);
  }
  const values = parsed.data;
  return {
    mode: 'embedded',
    port: values.PORT,
    host: values.HOST,
    data: resolve(values.CODESYNC_DATA),
    publicUrl: values.PUBLIC_URL,
    allowedOrigins: values.ALLOWED_ORIGINS,
    jwtSecrets: values.JWT_SECRET,
    snapshotInterval: values.SNAPSHOT_INTERVAL_MS,
    logLevel: values.LOG_LEVEL,
  };
}
