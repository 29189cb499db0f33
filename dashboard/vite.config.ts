import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

export default defineConfig({
  root: new URL('.', import.meta.url).pathname,
  plugins: [preact()],
  build: { outDir: '../dist/dashboard', emptyOutDir: true, target: 'es2022' },
  // In development the page is served by Vite and talks to a server started beside it.
  server: { proxy: { '/api': 'http://127.0.0.1:8750', '/socket.io': { target: 'http://127.0.0.1:8750', ws: true } } },
});
