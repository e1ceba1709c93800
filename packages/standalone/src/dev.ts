// `npm run dev`: as `npm start`, with the web app served by Vite as it is edited.
import { serve } from '@codesync/runtime';
import { fileURLToPath } from 'node:url';
import { createServer as createVite } from 'vite';
import { startStandalone } from './standalone.ts';

const WEB = fileURLToPath(new URL('../../../web', import.meta.url));

await serve('embedded', async (config, logger) => {
  // Vite's other way to load its configuration writes a file and imports it, which node --watch takes for a change.
  const vite = await createVite({ root: WEB, configLoader: 'native', server: { middlewareMode: true } });
  const server = await startStandalone(config, { logger, openWeb: async () => vite.middlewares });
  return {
    url: server.url,
    async close() {
      await vite.close();
      await server.close();
    },
  };
});
