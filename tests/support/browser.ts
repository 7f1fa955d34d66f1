import { execFileSync } from 'node:child_process'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { chromium, type Browser } from 'playwright-core'

const require = createRequire(import.meta.url)

/** What fontconfig calls the Noto Sans SC of that package. */
const FAMILY = 'Noto Sans S Chinese'

interface Found {
  executablePath: string
  args: string[]
  env: Record<string, string>
}

/**
 * A Chromium out of what is there (stack.md 3): CHROME_PATH, an installed one, or the one from npm unpacked once. Chinese
 * renders in all of them, on a bare machine, too. Throws one sentence when there is none: a test is never skipped silently.
 */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, args, env } = await findBrowser()
  return chromium.launch({ executablePath, args, env: { ...process.env, ...env } })
}

async function findBrowser(): Promise<Found> {
  const given = process.env['CHROME_PATH']
  if (given && !existsSync(given)) throw new Error(`CHROME_PATH names ${given}, which does not exist.`)
  const env = fonts()
  const installed = given ?? (process.env['SHIPPED_BROWSER'] ? undefined : places().find((path) => existsSync(path)))
  if (installed) return { executablePath: installed, args: boxless(), env }
  const folder = await unpack()
  if (!folder) throw new Error('No browser for the tests: install Chrome, Edge or Chromium, or set CHROME_PATH to one.')
  const executablePath = join(folder, 'chromium')
  const libraries: Record<string, string> = lacksLibraries(executablePath)
    ? { LD_LIBRARY_PATH: join(folder, 'lib') }
    : {}
  return { executablePath, args: ['--headless=shell', '--no-zygote', '--no-sandbox'], env: { ...env, ...libraries } }
}

/** Chromium's own box needs a user who is not root, and kernel rights that build machines seldom give. The shipped one has none. */
const boxless = (): string[] => (process.getuid?.() === 0 || process.env['CI'] ? ['--no-sandbox'] : [])

function places(): string[] {
  const env = process.env
  if (process.platform === 'darwin')
    return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
      ['Google Chrome', 'Microsoft Edge', 'Chromium'].map((app) => join(folder, `${app}.app/Contents/MacOS/${app}`)),
    )
  if (process.platform === 'win32')
    return [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].flatMap((folder) =>
      folder
        ? [join(folder, 'Google/Chrome/Application/chrome.exe'), join(folder, 'Microsoft/Edge/Application/msedge.exe')]
        : [],
    )
  const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge']
  return (env['PATH'] ?? '').split(':').flatMap((folder) => names.map((name) => join(folder, name)))
}

/** The package's own unpacking uses a guessable temp folder and its own arguments switch web security off (stack.md 3). */
async function unpack(): Promise<string | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const packed = resolve(dirname(require.resolve('@sparticuz/chromium')), '../../bin')
  const folder = join(cache(), `chromium-${statSync(join(packed, 'chromium.br')).size}`)
  if (existsSync(folder)) return folder
  const half = mkdtempSync(`${folder}-`)
  const inflate = (name: string) =>
    pipeline(
      createReadStream(join(packed, `${name}.br`)),
      createBrotliDecompress(),
      createWriteStream(join(half, name), { mode: 0o755 }),
    )
  await Promise.all(['chromium', 'al2023.tar', 'swiftshader.tar'].map(inflate))
  for (const archive of ['al2023.tar', 'swiftshader.tar']) {
    execFileSync('tar', ['-xf', archive], { cwd: half })
    rmSync(join(half, archive))
  }
  place(half, folder)
  return folder
}

function lacksLibraries(program: string): boolean {
  try {
    return execFileSync('ldd', [program], { encoding: 'utf8' }).includes('not found')
  } catch {
    return true
  }
}

/**
 * A bare machine has no fonts and shows nothing, an ordinary one no Chinese: whichever browser runs, it finds Noto Sans SC
 * from npm, and finds it first, so that pictures are alike everywhere.
 */
function fonts(): Record<string, string> {
  if (process.platform !== 'linux') return {}
  const shipped = resolve(dirname(require.resolve('@embedpdf/fonts-sc')), '../fonts')
  const file = join(cache(), 'fonts.conf')
  const half = `${file}.${process.pid}`
  const first = (family: string) =>
    `<match target="pattern"><test name="family"><string>${family}</string></test><edit name="family" mode="prepend" binding="strong"><string>${FAMILY}</string></edit></match>`
  writeFileSync(
    half,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${shipped}</dir><dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir>
<cachedir>${join(cache(), 'fonts')}</cachedir>
${['sans-serif', 'sans', 'serif', 'system-ui'].map(first).join('\n')}
<match target="pattern"><edit name="family" mode="append_last"><string>${FAMILY}</string></edit></match>
</fontconfig>`,
  )
  renameSync(half, file)
  return { FONTCONFIG_FILE: file }
}

function cache(): string {
  const folder = resolve(dirname(require.resolve('playwright-core/package.json')), '../.cache')
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Several workers may unpack at once; the first rename wins and the others throw their copy away. */
function place(half: string, folder: string): void {
  try {
    renameSync(half, folder)
  } catch (error) {
    rmSync(half, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
}
