import {fileURLToPath} from 'node:url';
import react from '@vitejs/plugin-react';
import {defineConfig} from 'vite';

const source = (room: string) => fileURLToPath(new URL(`../src/${room}/index.ts`, import.meta.url));
const server = process.env.MILLRACE_URL ?? 'http://127.0.0.1:4790';

export default defineConfig({
  plugins: [react()],
  resolve: {alias: {'millrace/client': source('client'), 'millrace/protocol': source('protocol')}},
  server: {proxy: {'/api': server, '/v1': server, '/health': server}},
  build: {target: 'es2022', chunkSizeWarningLimit: 700},
});
