/// <reference types="vitest/config" />
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type EnvironmentOptions, type Plugin, type ViteBuilder } from 'vite'

/** The oldest web views WeCom still brings along: 4.1 on Windows (Chromium 87) and iOS 14. */
const OLDEST = ['es2020', 'chrome87', 'safari14']

/** A busy machine is not a fault of the code. */
const QUIET = { bundlerTimings: false }

/**
 * What every page begins with is one file. By itself the bundler makes a file of every set of modules that some later pages share,
 * seventeen of them, and each costs a round trip of the slow line it comes over.
 */
const beginning = new Set<string>()
const together: Plugin = {
  name: 'together',
  apply: 'build',
  applyToEnvironment: (environment) => environment.name === 'client',
  buildEnd() {
    const add = (id: string) => {
      if (beginning.has(id)) return
      beginning.add(id)
      this.getModuleInfo(id)?.importedIds.forEach(add)
    }
    for (const id of this.getModuleIds())
      if (this.getModuleInfo(id)?.isEntry || id.endsWith('rolldown/runtime.js')) add(id)
  },
}

export const client: EnvironmentOptions = {
  define: {
    __VUE_OPTIONS_API__: 'false',
  },
  build: {
    outDir: 'dist/client',
    target: OLDEST,
    // The page may load nothing but its own files (lib/headers.ts), so nothing becomes a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      checks: QUIET,
      output: { codeSplitting: { groups: [{ name: (id) => (beginning.has(id) ? 'first' : null) }] } },
    },
  },
}

/**
 * What runs on Node: one file per program, with all it needs of node_modules but what reads and sends mail, which most processes
 * never load: a server that is started again, or after a kill, is there in a third of the time (1.8 to 0.6 s until its settings
 * are read).
 */
const node = (outDir: string, input: Record<string, string>): EnvironmentOptions => ({
  consumer: 'server',
  resolve: { noExternal: true, external: ['imapflow', 'mailparser', 'nodemailer'] },
  build: {
    ssr: true,
    outDir,
    target: 'node20',
    minify: false,
    emptyOutDir: true,
    copyPublicDir: false,
    rolldownOptions: {
      input,
      checks: QUIET,
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
        comments: false,
        // Apart, so that a stack and a search through what is shipped (Q51) tell our code from theirs.
        codeSplitting: { groups: [{ name: 'packages', test: /node_modules/ }] },
      },
    },
  },
})

/** Written once here rather than per request; the server only picks the file the browser takes. */
const precompress: Plugin = {
  name: 'precompress',
  applyToEnvironment: (environment) => environment.name === 'client',
  writeBundle({ dir = 'dist/client' }) {
    for (const path of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(js|css|svg|json|txt)$/.test(path)) continue
      const file = join(dir, path)
      const plain = readFileSync(file)
      if (plain.length < 1024) continue
      const size = { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length }
      writeFileSync(`${file}.br`, brotliCompressSync(plain, { params: size }))
      writeFileSync(`${file}.gz`, gzipSync(plain, { level: 9 }))
    }
  },
}

/** What no page of ours runs: axios's fetch adapter, before which the XHR one stands. */
export const lean: Plugin = {
  name: 'lean',
  apply: 'build',
  enforce: 'pre',
  applyToEnvironment: (environment) => environment.name === 'client',
  transform: {
    filter: { id: /\/axios\/lib\/adapters\/fetch\.js$/ },
    handler: () => ({ code: 'export const getFetch = () => undefined', map: null }),
  },
}

/**
 * What eruda does that our policy refuses everybody, taken out of it: styles written into its markup and set as an attribute, an
 * eval for Node; and a source map that is not shipped. What they said, client/debug/sheets.ts says. Another eruda without them fails the build.
 */
const withinPolicy: Plugin = {
  name: 'within-policy',
  apply: 'build',
  applyToEnvironment: (environment) => environment.name === 'client',
  transform: {
    filter: { id: /\/eruda\/eruda\.js$/ },
    handler(code) {
      const changes: [RegExp, string][] = [
        [/ style="height: /g, ' data-style="'],
        [/\.setAttribute\("style",/g, '.setAttribute("data-style",'],
        [/\.attr\("style",/g, '.attr("data-style",'],
        [/sourceMappingURL/g, 'sourceMap'],
        [/eval\("require"\)\("crypto"\)/g, 'undefined'],
      ]
      const changed = changes.reduce((text, [what, to]) => {
        if (!what.test(text)) throw new Error(`eruda no longer has ${what.source}`)
        return text.replace(what, to)
      }, code)
      return { code: changed, map: null }
    },
  },
}

/** `vite build --app` makes the product; the simulated WeCom beside it is made by mock/build.mjs. */
async function buildApp(builder: ViteBuilder): Promise<void> {
  for (const name of ['client', 'ssr']) {
    const environment = builder.environments[name]
    if (environment) await builder.build(environment)
  }
}

const tests = ['shared', 'server', 'wecom', 'window']

export default defineConfig(({ command }) => ({
  plugins: [vue(), lean, together, withinPolicy, precompress],
  ...(command === 'build' && {
    environments: {
      client,
      ssr: node('dist/server', {
        main: 'src/server/main.ts',
        start: 'src/server/start.ts',
        audit: 'src/server/audit/main.ts',
      }),
      mock: node('dist/mock', { main: 'mock/main.ts' }),
    },
    builder: { buildApp },
  }),
  test: {
    maxWorkers: 2,
    restoreMocks: true,
    // The letter brings its look along (server/letter/style.ts); no test looks at any other.
    css: { include: [/letter\.css/] },
    reporters: ['default', './tests/support/tally.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          // Files share a worker's modules: importing them anew for each cost a third of the time. No test changes a module.
          isolate: false,
          include: tests.map((room) => `tests/${room}/**/*.test.ts`),
          environment: 'node',
          setupFiles: ['tests/support/setup.ts', 'tests/support/unordered.ts'],
          globalSetup: ['tests/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'client',
          include: ['tests/client/**/*.test.ts'],
          environment: 'happy-dom',
          setupFiles: ['tests/support/setup.ts'],
          globalSetup: ['tests/support/global-setup.ts'],
          server: { deps: { inline: ['vant'] } },
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          environment: 'node',
          setupFiles: ['tests/support/setup.ts'],
          globalSetup: ['tests/support/built.ts', 'tests/support/global-setup.ts'],
          isolate: false,
          // Each file drives a browser, a server and a database of its own: two files at a time take two thirds of the time
          // of one at a time, also with half a machine.
          sequence: { groupOrder: 2 },
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'kill',
          include: ['tests/kill/**/*.test.ts'],
          environment: 'node',
          isolate: false,
          globalSetup: ['tests/support/built.ts'],
          // Processes are started and killed by the hundred: two files at a time, after everything else.
          sequence: { groupOrder: 3 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'house',
          include: ['tests/house/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['tests/support/built.ts'],
          testTimeout: 120_000,
        },
      },
    ],
  },
}))
