// sync-server/src/main.ts with ports that obey the fault suite. Like that one it is configured by the environment alone.
import { createHttpServer, listen, openPlatform, serve, urlOf } from '@codesync/runtime';
import { answerSocketRequest, answerSocketUpgrade, createSyncServer } from '@codesync/sync-server';
import { createFaultyLog, createFaultyNotices, createFaultyPresence, createFaultySnapshots } from './faulty-ports.ts';
import { obey } from './obedience.ts';

/** Milliseconds beyond the window in which sockets are closed. */
const SAVING = 60_000;

const { pass, deliver } = obey();

await serve('sync', async (config, logger, told) => {
  await using opening = new AsyncDisposableStack();
  const platform = opening.adopt(await openPlatform(config, logger, told), (opened) => opened.close());
  const { server } = opening.adopt(createHttpServer(platform.clock), (opened) => opened.close());

  const sync = createSyncServer(
    {
      ...platform,
      log: createFaultyLog(platform.log, pass, deliver),
      notices: createFaultyNotices(platform.notices, deliver),
      presence: createFaultyPresence(platform.presence, deliver),
      snapshots: createFaultySnapshots(platform, pass),
    },
    { isAllowedOrigin: () => true, snapshotInterval: config.snapshotInterval },
  );
  opening.defer(async () => {
    const window = new Promise<void>((resolve) => platform.clock.after(config.drainWindow, resolve));
    await Promise.all([sync.drain({ window: config.drainWindow }), window]);
  });
  server.on('request', (request, response) => void answerSocketRequest(sync, request, response));
  server.on('upgrade', (request, socket, head) => answerSocketUpgrade(sync, request, socket, head));
  const port = await listen(server, config.port, config.host);

  const opened = opening.move();
  return { url: urlOf(config.host, port), stopWithin: config.drainWindow + SAVING, close: () => opened.disposeAsync() };
});
