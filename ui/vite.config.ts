// How the UI is built: one page with hashed assets, all named relative to it, so that it can be
// served under any base path; nothing inlined, because the server's CSP forbids inline scripts.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const api = process.env['RESTANTE_URL'] ?? 'http://localhost:8025';

export default defineConfig({
  base: './',
  plugins: [svelte()],
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/v1': { target: api, changeOrigin: true } } },
  test: { include: ['src/**/*.test.ts'] },
});
