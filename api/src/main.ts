// `node api/src/main.ts`: the API as one task of many, configured by the environment alone.
import { Failure } from '@codesync/contract';
import { createHttpServer, listen, openPlatform, serve, urlOf } from '@codesync/runtime';
import { createApi } from './app.ts';
import { listenerOf } from './http/listener.ts';

/** Milliseconds beyond the window in which it goes on answering: for requests under way, and to close what it opened. */
const CLOSING = 15_000;

await serve('api', async (config, logger, told) => {
  await using opening = new AsyncDisposableStack();
  const platform = opening.adopt(await openPlatform(config, logger, told), (opened) => opened.close());
  const { server } = opening.adopt(createHttpServer(platform.clock), (opened) => opened.close());

  // R20: who sends requests here must see first that it is leaving.
  let draining = false;
  opening.defer(async () => {
    draining = true;
    await new Promise<void>((resolve) => platform.clock.after(config.drainWindow, resolve));
  });
  const check = async () => {
    if (draining) throw new Failure('unavailable', { detail: 'This task is shutting down.' });
    await platform.check();
  };

  const origins = new Set([config.publicUrl, ...config.allowedOrigins]);
  const api = createApi(
    { ...platform, check },
    { publicUrl: config.publicUrl, isAllowedOrigin: (origin) => origins.has(origin) },
  );
  server.on('request', listenerOf(api));
  const port = await listen(server, config.port, config.host);

  const opened = opening.move();
  return {
    url: urlOf(config.host, port),
    stopWithin: config.drainWindow + CLOSING,
    close: () => opened.disposeAsync(),
  };
});
