// The parser for components' scripts, with types out of one program for all of them. By itself typescript-eslint makes the program anew
// for each component: a minute and a half for all instead of twenty seconds.
import { readFileSync } from 'node:fs'
import typescript from 'typescript'
import ts from 'typescript-eslint'

const SCRIPT = /<script[^>]*>([\s\S]*?)<\/script>/

function programOfAll() {
  const rootNames = typescript.sys.readDirectory(process.cwd(), ['.vue'], [], ['src', 'mock', 'tests'])
  const { config } = typescript.readConfigFile('tsconfig.json', typescript.sys.readFile)
  const { options } = typescript.convertCompilerOptionsFromJson(config.compilerOptions, process.cwd())
  const host = typescript.createCompilerHost(options, true)
  const other = host.getSourceFile
  host.getSourceFile = (name, language, ...rest) =>
    name.endsWith('.vue')
      ? typescript.createSourceFile(
          name,
          SCRIPT.exec(readFileSync(name, 'utf8'))?.[1] ?? '',
          language,
          true,
          typescript.ScriptKind.TS,
        )
      : other(name, language, ...rest)
  // What is no .ts file is otherwise refused.
  return typescript.createProgram({ rootNames, options: { ...options, allowNonTsExtensions: true }, host })
}

let program

export default {
  ...ts.parser,
  parseForESLint(code, options) {
    if (!options.projectService) return ts.parser.parseForESLint(code, options)
    program ??= programOfAll()
    // Another text than the script's (a component with type parameters gets one) has its types as before.
    const known = program.getSourceFile(options.filePath)?.text === code
    return ts.parser.parseForESLint(
      code,
      known ? { ...options, projectService: undefined, programs: [program] } : options,
    )
  },
}
