/** Bundles src/cli.ts into dist/, split so that a command loads only what it uses. */
import { cp, rm } from 'node:fs/promises';
import { build } from 'esbuild';

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: ['src/cli.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.13',
  // The SDK's ESM builds are half the size of its CommonJS ones once bundled.
  mainFields: ['module', 'main'],
  define: { 'process.env.NODE_ENV': '"production"' },
  banner: {
    js: "import{createRequire as createRequireHere}from'node:module';const require=createRequireHere(import.meta.url);",
  },
  // Ink asks for it only when it is being debugged.
  external: ['react-devtools-core'],
  logLevel: 'warning',
});
await cp('src/sandbox/server', 'dist/sandbox-server', {
  recursive: true,
  filter: (path) => !path.includes('__pycache__'),
});
await cp('templates/app-repo', 'dist/app-repo', { recursive: true });
