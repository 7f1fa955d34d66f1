import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { build, defineConfig, type Plugin } from 'vite'

// Builds the window's page and the bridge script into dist/window: `vite build --config mock/window/vite.config.ts`.
// Never part of the app's own build (DESIGN 4, point 10).

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const outDir = here('../../dist/window')

/** A classic script in one piece: it must have run before any module of the page is looked at (wecom-facts 6.6). */
const bridge: Plugin = {
  name: 'window-bridge',
  async closeBundle() {
    await build({
      configFile: false,
      logLevel: 'warn',
      publicDir: false,
      build: {
        outDir,
        emptyOutDir: false,
        target: 'es2019',
        lib: { entry: here('bridge/page.ts'), formats: ['iife'], name: '__windowBridge', fileName: () => 'bridge.js' },
      },
    })
  },
}

/** Whoever builds everything passes the repository as root; the page stands here, wherever it is built from. */
const place: Plugin = { name: 'window-place', config: () => ({ root: here('ui') }) }

export default defineConfig({
  base: '/__window/',
  publicDir: false,
  plugins: [place, vue(), bridge],
  build: { outDir, emptyOutDir: true, target: 'es2022' },
})
