import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'

/** A module of the server, bundled as the product is (vite.config.ts), for what is measured call by call. */
export async function asBuilt<T>(module: string): Promise<T> {
  mkdirSync('node_modules/.cache', { recursive: true })
  // In here, so that packages are found.
  const outDir = mkdtempSync(resolve('node_modules/.cache/bench-'))
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      build: { ssr: module, outDir, target: 'node20', minify: false, copyPublicDir: false },
    })
    const [name] = module.split('/').at(-1)!.split('.')
    return (await import(pathToFileURL(join(outDir, `${name}.js`)).href)) as T
  } finally {
    rmSync(outDir, { recursive: true, force: true })
  }
}
